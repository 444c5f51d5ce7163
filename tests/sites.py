"""A site in a data folder of its own, worked on by commands in processes of their own."""

import json
import os
import subprocess
import sys
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
import io, sys
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from tests.rows import make_result
for number in range({count}):
    result = make_result(owner="{owner}", name=f"photo {{number}}.jpg")
    for file in (result.photo.file, result.thumbnail):
        default_storage.save(str(file), ContentFile(os.urandom(3000 + number)))
"""
READ = """
import json
from django.conf import settings
from landmarks.models import Result
rows = Result.objects.kept().select_related("owner", "photo").order_by("pk")
print(json.dumps({str(row.pk): [row.name, row.owner.key, str(row.photo.file), str(row.thumbnail)] for row in rows}))
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
        assert (done := self.manage("migrate", "--verbosity", "0")).returncode == 0, done.stderr
        self.run(FILL.format(count=count, owner=owner))
        return self

    def results(self) -> dict[str, Any]:
        """By id: name, owner, and the content of photo and thumbnail; None for a file that is not there."""
        rows = json.loads(self.run(READ))
        return {
            id: [
                name,
                owner,
                *((self.media / file).read_bytes() if (self.media / file).is_file() else None for file in files),
            ]
            for id, (name, owner, *files) in rows.items()
        }

    @property
    def media(self) -> Path:
        return self.data_dir / "media"

    @property
    def keys(self) -> list[str]:
        return (self.data_dir / "secret_key").read_text().split()

    def files(self) -> set[str]:
        """Names of all photos and thumbnails."""
        return {str(path.relative_to(self.media)) for path in self.media.rglob("*") if path.is_file()}


def new_database(cluster: str) -> str:
    """The address of another empty database of PostgreSQL."""
    name = f"facesite_{uuid4().hex}"
    with psycopg.connect(f"{cluster}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{cluster}/{name}"


@pytest.fixture(params=["sqlite", "postgresql"])
def two_sites(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Site, Site]:
    """Two empty sites that use the same kind of database."""
    if request.param == "sqlite":
        return Site(tmp_path / "one"), Site(tmp_path / "two")
    cluster = request.getfixturevalue("cluster")
    one, two = ({"DATABASE_URL": new_database(cluster)} for _ in range(2))
    return Site(tmp_path / "one", one), Site(tmp_path / "two", two)
