"""A site in a data folder of its own, worked on by commands in processes of their own."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.patience import PATIENCE

BASE_DIR = Path(__file__).resolve().parent.parent

SET_UP = "import os; os.umask(0o077); import django; django.setup()\n"
FILL = """
import os
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from tests.rows import make_result
call_command("migrate", verbosity=0)
for number in range({count}):
    result = make_result(owner="{owner}", name=f"photo {{number}}.jpg")
    for file in (result.photo.file, result.thumbnail):
        default_storage.save(str(file), ContentFile(os.urandom(3000 + number)))
"""
READ = """
    SELECT result.id, result.name, owner.key, photo.file, result.thumbnail FROM landmarks_result result
    JOIN landmarks_owner owner ON owner.id = result.owner_id JOIN landmarks_photo photo ON photo.id = result.photo_id
    WHERE result.deleted IS NULL
"""


@dataclass(frozen=True)
class Site:
    """Its data folder, and the settings that its commands get beside that."""

    data_dir: Path
    settings: dict[str, str] = field(default_factory=dict)

    def environment(self, **more: str) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "MODELS_DIR") if name in os.environ}
        return {**kept, "DATA_DIR": str(self.data_dir), **self.settings, **more}

    def manage(self, *args: object, **more: str) -> "subprocess.CompletedProcess[str]":
        return self.python(["manage.py", *map(str, args)], **more)

    def python(self, args: list[str], **more: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, *args],
            cwd=BASE_DIR,
            env=self.environment(**more),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    def run(self, code: str) -> str:
        """What this code prints, with Django set up."""
        done = self.python(["-c", SET_UP + code], DJANGO_SETTINGS_MODULE="facesite.settings")
        assert done.returncode == 0, done.stderr
        return done.stdout

    def fill(self, count: int = 3, owner: str = "ann") -> "Site":
        """With results whose photos are random bytes."""
        # With a key of the environment nothing has made it yet.
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.run(FILL.format(count=count, owner=owner))
        return self

    def results(self) -> dict[str, list[object]]:
        """By id: name, owner, and the content of photo and thumbnail; None for a file that is not there."""
        with self.open_database() as database:
            rows = database.execute(READ).fetchall()
        return {str(id): [name, owner, *map(self.content, files)] for id, name, owner, *files in rows}

    def content(self, name: str) -> bytes | None:
        return (self.media / name).read_bytes() if (self.media / name).is_file() else None

    @contextmanager
    def open_database(self) -> Iterator[Any]:
        if url := self.settings.get("DATABASE_URL"):
            with psycopg.connect(url) as postgresql:
                yield postgresql
        else:
            with closing(sqlite3.connect(self.data_dir / "facesite.sqlite3")) as sqlite:
                yield sqlite

    @property
    def media(self) -> Path:
        return self.data_dir / "media"

    @property
    def keys(self) -> list[str]:
        return (self.data_dir / "secret_key").read_text().split()

    def files(self) -> set[str]:
        """Names of all photos and thumbnails."""
        return {str(path.relative_to(self.media)) for path in self.media.rglob("*") if path.is_file()}


def new_database(database_url: str) -> str:
    """The address of another empty database on the same server."""
    server, name = database_url.rpartition("/")[0], f"facesite_{uuid4().hex}"
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"


@pytest.fixture(params=["sqlite", "postgresql"])
def two_sites(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Site, Site]:
    """Two empty sites that use the same kind of database."""
    if request.param == "sqlite":
        return Site(tmp_path / "one"), Site(tmp_path / "two")
    one: str = request.getfixturevalue("database_url")
    two = new_database(one)
    return Site(tmp_path / "one", {"DATABASE_URL": one}), Site(tmp_path / "two", {"DATABASE_URL": two})
