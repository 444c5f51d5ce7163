"""What is answered survives a power cut: files and their folders are on the disk before the rows that name them."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.db import connection
from PIL import Image

from landmarks.models import Result
from landmarks.photos.photo import Photo as Picture
from landmarks.storage import durable_storage, files, results
from tests.conftest import BASE_DIR, missing
from tests.patience import PATIENCE
from tests.rows import make_owner
from tests.server.test_serve import environment

CALL = re.compile(r"(?P<name>openat|write|pwrite64|fsync|fdatasync)\((?:AT_FDCWD|\d+)<(?P<path>[^>]*)>(?P<rest>.*)")
STORE = """
import django
django.setup()
from tests.storage.test_durability import store
from landmarks.models import Owner
store(Owner(kind="browser", key="ann"))
"""


def store(owner: Any) -> Result:
    image = Image.new("RGB", (64, 48))
    photo = results.store_photo(owner, "a digest", Picture(image, "PNG", 1))
    result = Result(owner_id=photo.owner_id, photo=photo, name="photo.jpg", engine="local", face_model_version="3.0")
    results.store_result(result, image, ())
    return result


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the journal of SQLite is watched")
def test_the_disk_has_files_and_folders_before_the_database_commits(tmp_path: Path, models_dir: Path) -> None:
    data = tmp_path / "data"
    given = environment(data, models_dir, DJANGO_SETTINGS_MODULE="facesite.settings", MIN_FREE_MB="0")
    run = {"cwd": BASE_DIR, "env": given, "timeout": PATIENCE, "check": True}
    migrate = [sys.executable, "manage.py", "migrate", "-v0"]
    subprocess.run(migrate, **run)  # type: ignore[call-overload]  # noqa: S603
    calls = traced([sys.executable, "-c", STORE], tmp_path / "calls", run)
    journal = str(data / "facesite.sqlite3-wal")
    begin = 0
    # Folders that both are in are synchronised with the first file.
    for kind, above in (("photos", data), ("thumbnails", data / "media")):
        (file,) = map(str, (data / "media" / kind).rglob("*.jpg"))
        folders = [str(folder) for folder in Path(file).parents if folder.is_relative_to(above)]
        written = max(at(calls, "write", file))
        assert begin < written
        committing = first(calls, "pwrite64", journal, after=written)
        for path in (file, *folders):
            assert written < first(calls, "fsync", path, after=written) < committing
        begin = first(calls, "fdatasync", journal, after=committing)


def traced(command: list[str], output: Path, run: dict[str, Any]) -> list[tuple[str, str]]:
    """The system calls of a command that write and synchronise files, each with its path."""
    if not shutil.which("strace"):
        missing("strace is not installed")
    tracer = ["strace", "-f", "-y", "-s", "0", "-e", "trace=write,pwrite64,fsync,fdatasync", "-o", str(output)]
    if subprocess.run([*tracer, "true"], capture_output=True).returncode:  # noqa: S603
        missing("processes cannot be traced here")
    subprocess.run([*tracer, *command], **run)  # noqa: S603
    found = (CALL.search(line) for line in output.read_text().splitlines())
    return [(call["name"], call["path"]) for call in found if call]


def at(calls: list[tuple[str, str]], name: str, path: str) -> list[int]:
    return [index for index, call in enumerate(calls) if call == (name, path)]


def first(calls: list[tuple[str, str]], name: str, path: str, after: int) -> int:
    return min(index for index in at(calls, name, path) if index > after)


@pytest.mark.django_db(transaction=True)
def test_files_are_synchronised_before_their_rows_are_inserted(
    settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same on every database and system, by what is called."""
    settings.MEDIA_ROOT = tmp_path / "media"
    events: list[str] = []
    monkeypatch.setattr(durable_storage, "sync", lambda path: events.append(str(path)))

    def note(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        if insert := re.match(r'INSERT INTO "landmarks_(photo|result)"', sql):
            events.append(insert[1])
        return execute(sql, *args)

    with connection.execute_wrapper(note):
        result = store(make_owner())
    photo, thumbnail = (settings.MEDIA_ROOT / file.name for file in (result.photo.file, result.thumbnail))
    made = [photo, photo.parent, photo.parent.parent, settings.MEDIA_ROOT, tmp_path]
    also = [thumbnail, thumbnail.parent, thumbnail.parent.parent, settings.MEDIA_ROOT]
    assert events == [*map(str, made), "photo", *map(str, also), "result"]


def test_a_file_that_cannot_be_synchronised_is_not_kept(
    settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"

    def fail(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(durable_storage.os, "fsync", fail)
    with pytest.raises(files.StorageError):
        files.save("folder/name.jpg", ContentFile(b"content"))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="these are settings of SQLite")
@pytest.mark.parametrize(("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("secure_delete", 1)])
def test_commits_reach_the_disk_and_deleted_rows_are_overwritten(pragma: str, value: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")
        assert cursor.fetchone()[0] == value
