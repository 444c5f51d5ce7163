"""The secret key: made once, for one user, never beside a database with rows; older keys are still accepted."""

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from facesite.secret_key import stored_secret_keys
from landmarks.storage.temporary_files import UPLOADS
from tests.conftest import BASE_DIR
from tests.patience import PATIENCE
from tests.ports import free_port

SQLITE = "django.db.backends.sqlite3"
NO_DATABASE = {"ENGINE": SQLITE, "NAME": "/nowhere/facesite.sqlite3"}


def manage(data_dir: Path, *args: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(data_dir), **more}
    return subprocess.run(
        [sys.executable, "manage.py", *args],
        cwd=BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def test_the_secret_key_is_made_once_and_for_this_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "secret_key"
    (key,) = stored_secret_keys(path, NO_DATABASE)
    assert len(key) >= 50
    assert stored_secret_keys(path, NO_DATABASE) == [key]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_an_empty_secret_key_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()
    with pytest.raises(ImproperlyConfigured, match="Delete it"):
        stored_secret_keys(tmp_path / "secret_key", NO_DATABASE)


def test_without_a_folder_the_secret_key_passes(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "secret_key"
    assert stored_secret_keys(path, NO_DATABASE) != stored_secret_keys(path, NO_DATABASE)


@pytest.mark.parametrize("command", [("serve", "--port", "0"), ("migrate",), ("check",), ("create_token", "ann")])
def test_no_key_is_made_beside_a_database_with_rows(tmp_path: Path, command: tuple[str, ...]) -> None:
    assert manage(tmp_path, "create_token", "ann").returncode == 0
    (tmp_path / "secret_key").unlink()
    done = manage(tmp_path, *command)
    assert done.returncode == 1
    assert "secret_key is missing, but the database has results" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "secret_key").exists()


def test_no_key_is_made_beside_a_postgresql_database_with_rows(tmp_path: Path, database_url: str) -> None:
    assert manage(tmp_path / "a", "create_token", "ann", DATABASE_URL=database_url).returncode == 0
    done = manage(tmp_path / "b", "create_token", "bob", DATABASE_URL=database_url)
    assert (done.returncode, (tmp_path / "b").exists()) == (1, False)
    assert "secret_key is missing, but the database has results" in done.stderr
    given = manage(tmp_path / "b", "create_token", "bob", DATABASE_URL=database_url, SECRET_KEY="k" * 60)
    assert given.returncode == 0, given.stderr


def test_a_database_without_rows_gets_a_key(tmp_path: Path) -> None:
    assert manage(tmp_path, "migrate").returncode == 0
    (tmp_path / "secret_key").unlink()
    assert manage(tmp_path, "check").returncode == 0
    assert (tmp_path / "secret_key").is_file()


def test_no_key_is_stored_while_the_database_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "facesite.sqlite3").write_bytes(b"no database, and not empty either" * 100)
    database = {"ENGINE": SQLITE, "NAME": tmp_path / "facesite.sqlite3"}
    stored_secret_keys(tmp_path / "secret_key", database)
    silent = {"ENGINE": "django.db.backends.postgresql", "HOST": "127.0.0.1", "PORT": free_port(), "NAME": "a"}
    stored_secret_keys(tmp_path / "secret_key", silent)
    assert not (tmp_path / "secret_key").exists()
    assert "The database cannot be used" in manage(tmp_path, "create_token", "ann").stderr


def test_older_keys_come_from_the_file_and_from_the_environment(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("new\nold\n")
    (tmp_path / "older").write_text("older\noldest\n")
    code = "import facesite.settings as s; print(s.SECRET_KEY, *s.SECRET_KEY_FALLBACKS)"
    environment = {"DATA_DIR": str(tmp_path), "SECRET_KEY_FALLBACKS_FILE": str(tmp_path / "older")}
    done = subprocess.run([sys.executable, "-c", code], cwd=BASE_DIR, env=environment, capture_output=True, text=True)
    assert done.stdout == "new old older oldest\n"


@pytest.mark.django_db
def test_after_a_rotation_cookies_and_links_go_on_working(client: Client, settings: LazySettings) -> None:
    client.get("/")
    owner, link = client.session["owner"], UPLOADS.signer().sign("a-file")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "n" * 60
    client.get("/")
    assert client.session["owner"] == owner
    assert UPLOADS.signer().unsign(link, max_age=UPLOADS.expires) == "a-file"
    # The visit renewed the cookie under the new key, so that the old one is no longer needed.
    settings.SECRET_KEY_FALLBACKS = []
    client.get("/")
    assert client.session["owner"] == owner


def rows(database: Path) -> int:
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute("SELECT count(*) FROM landmarks_owner").fetchone()[0])


def test_the_databases_are_left_as_they_were(tmp_path: Path, database_url: str) -> None:
    """A key is looked for, nothing else."""
    assert manage(tmp_path, "create_token", "ann").returncode == 0
    (tmp_path / "secret_key").unlink()
    before = {path.name for path in tmp_path.iterdir()}
    manage(tmp_path, "check")
    assert {path.name for path in tmp_path.iterdir()} == before
    assert rows(tmp_path / "facesite.sqlite3") == 1
    manage(tmp_path / "new", "check", DATABASE_URL=database_url)
    with psycopg.connect(database_url) as connection:
        assert not connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public'").fetchone()
