"""A database that cannot be the one of this program and of the stored photos stops the start."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.api.servers import run_command
from tests.server.test_serve import fail

LOST = ("the database has none", "Restore it from a backup", "move")


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A data folder with a database, and with files as a result has them."""
    folder = tmp_path / "data"
    assert run_command(folder, "create_token", "ann").returncode == 0
    for kind in ("photos", "thumbnails"):
        (folder / "media" / kind / "1f").mkdir(parents=True)
        (folder / "media" / kind / "1f" / "one.jpg").touch()
    return folder


def error(folder: Path) -> str:
    """Of a command that migrates."""
    done = run_command(folder, "create_token", "bob")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr


def test_a_newer_database_is_left_alone(tmp_path: Path, models_dir: Path) -> None:
    folder = tmp_path / "data"
    assert run_command(folder, "create_token", "ann").returncode == 0
    with closing(sqlite3.connect(folder / "facesite.sqlite3")) as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('landmarks', '9999_later', '2030-01-01')"
        )
        database.commit()
    for sentence in (error(folder), fail(folder, models_dir, "--port", "0")):
        assert "newer version" in sentence
        assert "9999_later" in sentence


def test_a_missing_database_beside_photos_is_not_made_anew(data_dir: Path, models_dir: Path) -> None:
    shutil.rmtree(data_dir / "media" / "thumbnails")
    for file in data_dir.glob("facesite.sqlite3*"):
        file.unlink()
    for sentence in (error(data_dir), fail(data_dir, models_dir, "--port", "0")):
        assert all(part in sentence for part in LOST)
    assert not list(data_dir.glob("facesite.sqlite3*"))


def test_an_emptied_database_beside_photos_stops_the_start(data_dir: Path) -> None:
    assert all(part in error(data_dir) for part in LOST)
    (data_dir / "facesite.sqlite3").write_bytes(b"")
    assert all(part in error(data_dir) for part in LOST)


def test_another_empty_database_beside_photos_stops_the_start(data_dir: Path, database_url: str) -> None:
    done = run_command(data_dir, "create_token", "bob", DATABASE_URL=database_url)
    assert done.returncode == 1
    assert all(part in done.stderr for part in LOST)
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE tablename LIKE 'landmarks%'").fetchone() == (0,)


def test_what_a_killed_first_upload_left_does_not_stop_the_start(data_dir: Path) -> None:
    shutil.rmtree(data_dir / "media" / "thumbnails")
    assert run_command(data_dir, "create_token", "bob").returncode == 0


def test_a_fresh_installation_starts(data_dir: Path) -> None:
    shutil.rmtree(data_dir / "media")
    (data_dir / "facesite.sqlite3").unlink()
    assert run_command(data_dir, "create_token", "bob").returncode == 0
