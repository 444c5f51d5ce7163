"""`manage.py restore`, run for real: what is refused, with nothing touched, and what a crash leaves."""

import fcntl
import hashlib
import io
import json
import shutil
import signal
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.cli.backups import fail, listed, locked, succeed
from tests.server.test_serve import serving
from tests.sites import Site, new_database

CRASH = """
import os, sys
from django.core.management import call_command
left, replace = {count}, os.replace
def crash(*args):
    global left
    left -= 1
    if not left:
        os._exit(9)
    replace(*args)
os.replace = crash
call_command("restore", "{archive}", replace=True)
"""


def test_a_running_site_is_not_replaced(site: Site, archive: Path, models_dir: Path) -> None:
    succeed(site.manage("backup", archive))
    with serving(site.data_dir, models_dir, "--workers", "2") as running:
        assert "Stop manage.py serve" in fail(site.manage("restore", archive, "--replace"))
        before = site.results()
        # Killed, it would leave its workers for a while.
        assert running.stop(signal.SIGINT)[0] == 0
    succeed(site.manage("restore", archive, "--replace"))
    assert site.results() == before


@pytest.mark.parametrize(
    "command", [("serve", "--port", "0"), ("create_token", "ann"), ("sweep",), ("backup", "b.tar")]
)
def test_nothing_starts_while_a_backup_is_restored(site: Site, command: tuple[str, ...]) -> None:
    with locked(site.data_dir / "running.lock", fcntl.LOCK_EX):
        assert "A backup is being restored" in fail(site.manage(*command))


def test_a_database_that_others_use_is_not_replaced(site: Site, archive: Path, database_url: str) -> None:
    remote = Site(site.data_dir.parent / "remote", {"DATABASE_URL": database_url}).fill()
    succeed(remote.manage("backup", archive))
    with psycopg.connect(database_url):
        assert "other connections: 1" in fail(remote.manage("restore", archive, "--replace"))
    succeed(remote.manage("restore", archive, "--replace"))


def test_a_damaged_database_is_left_for_experts(site: Site, other: Site, archive: Path) -> None:
    succeed(site.manage("backup", archive))
    other.data_dir.mkdir()
    (other.data_dir / "facesite.sqlite3").write_bytes(b"rows, once upon a time" * 1000)
    assert "the present database can't be read" in fail(other.manage("restore", archive))
    assert "Move it away" in fail(other.manage("restore", archive, "--replace"))
    assert not other.files()
    (other.data_dir / "facesite.sqlite3").unlink()
    succeed(other.manage("restore", archive))
    assert other.results() == site.results()


def test_a_backup_of_another_kind_of_database_is_refused(site: Site, archive: Path, database_url: str) -> None:
    succeed(site.manage("backup", archive))
    postgresql = Site(site.data_dir.parent / "two", {"DATABASE_URL": database_url})
    error = fail(postgresql.manage("restore", archive))
    assert "This backup was made from SQLite, but the site uses PostgreSQL." in error


def test_a_backup_of_a_newer_program_is_refused(site: Site, other: Site, archive: Path) -> None:
    with closing(sqlite3.connect(site.data_dir / "facesite.sqlite3", isolation_level=None)) as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('landmarks', '0099_jobs', '2030-01-01')"
        )
    succeed(site.manage("backup", archive))
    error = fail(other.manage("restore", archive))
    assert "the unknown migration landmarks.0099_jobs" in error
    assert not other.files()


def altered(archive: Path, name: str, change: bytes) -> Path:
    """A copy in which a file has other content, with a manifest that fits."""
    copy = archive.with_name("altered.tar")
    with tarfile.open(archive) as old, tarfile.open(copy, "w") as new:
        manifest = listed(archive)
        for member in old:
            content = old.extractfile(member)
            assert content is not None
            data = content.read()
            if member.name == name:
                data = change
                manifest["files"][name] = [len(data), hashlib.sha256(data).hexdigest()]  # type: ignore[index]
            if member.name == "manifest.json":
                data = json.dumps(manifest).encode()
            member.size = len(data)
            new.addfile(member, io.BytesIO(data))
    return copy


def test_a_database_that_is_not_the_one_of_the_manifest_is_refused(site: Site, other: Site, archive: Path) -> None:
    succeed(site.manage("backup", archive))
    empty = Site(site.data_dir.parent / "empty").fill(0)
    with closing(sqlite3.connect(empty.data_dir / "facesite.sqlite3")) as database:
        database.execute("PRAGMA journal_mode=DELETE")
    replacement = (empty.data_dir / "facesite.sqlite3").read_bytes()
    present = other.fill(1, owner="bob").results()
    for content in (replacement, b"no database" * 1000):
        error = fail(other.manage("restore", altered(archive, "database.sqlite3", content), "--replace"))
        assert "damaged" in error
    assert other.results() == present
    assert not (other.media / "restore").exists()


def test_a_script_that_is_no_dump_changes_nothing(archive: Path, tmp_path: Path, database_url: str) -> None:
    one = Site(tmp_path / "one", {"DATABASE_URL": database_url}).fill(1)
    two = Site(tmp_path / "two", {"DATABASE_URL": new_database(database_url)}).fill(2)
    before, keys, there = two.results(), two.keys, two.files()
    succeed(one.manage("backup", archive))
    for script in (b"\\! touch /tmp/facesite-was-here\n", b"SELECT 1;\n", b"CREATE TABLE landmarks_photo (id int);\n"):
        error = fail(two.manage("restore", altered(archive, "database.sql", script), "--replace"))
        assert "Everything is as it was before" in error or "damaged" in error
    assert (two.results(), two.keys, two.files()) == (before, keys, there)
    assert not Path("/tmp/facesite-was-here").exists()  # noqa: S108


# --- crashes ----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_crash_leaves_the_old_site_or_the_new_one(site: Site, other: Site, archive: Path, tmp_path: Path) -> None:
    new, new_keys = site.results(), site.keys
    old = other.fill(2, owner="bob").results()
    old_keys = other.keys
    succeed(site.manage("backup", archive))
    outcomes = []
    for count in range(1, 20):
        copy = Site(tmp_path / "copy")
        shutil.rmtree(copy.data_dir, ignore_errors=True)
        shutil.copytree(other.data_dir, copy.data_dir)
        done = copy.python(
            ["-c", "import django; django.setup()\n" + CRASH.format(count=count, archive=archive)],
            DJANGO_SETTINGS_MODULE="facesite.settings",
        )
        found = copy.results()
        assert found in (old, new)
        outcomes.append(found == new)
        # The cookies of that site are accepted.
        assert (new_keys if found == new else old_keys)[0] in copy.keys
        if done.returncode == 0:
            break
        assert done.returncode == 9, done.stderr
        # It can be restored again.
        succeed(copy.manage("restore", archive, "--replace"))
        assert (copy.results(), copy.keys, copy.files()) == (new, new_keys, site.files())
    assert outcomes == sorted(outcomes)
    assert (outcomes[0], outcomes[-1]) == (False, True)


def test_a_crash_while_postgresql_is_loaded_leaves_the_old_site(
    archive: Path, tmp_path: Path, database_url: str
) -> None:
    one = Site(tmp_path / "three", {"DATABASE_URL": new_database(database_url)}).fill(2)
    two = Site(tmp_path / "four", {"DATABASE_URL": database_url}).fill(1, owner="bob")
    old, keys = two.results(), two.keys
    succeed(one.manage("backup", archive))
    # The last thing before the commit.
    code = (
        "import os; from django.core.management import call_command; from landmarks.storage import database_swap\n"
        "database_swap.check_content = lambda *args: os._exit(9)\n"
        f"call_command('restore', '{archive}', replace=True)"
    )
    done = two.python(["-c", f"import django; django.setup()\n{code}"], DJANGO_SETTINGS_MODULE="facesite.settings")
    assert done.returncode == 9, done.stderr
    assert two.results() == old
    assert keys[0] in two.keys
    while (done := two.manage("restore", archive, "--replace")).returncode:
        # The server has not noticed yet that its client died.
        assert "other connections" in done.stderr
    assert (two.results(), two.keys, two.files()) == (one.results(), one.keys, one.files())


def test_an_interrupted_first_restore_can_be_repeated(site: Site, other: Site, archive: Path) -> None:
    succeed(site.manage("backup", archive))
    other.python(
        ["-c", "import django; django.setup()\n" + CRASH.format(count=4, archive=archive)],
        DJANGO_SETTINGS_MODULE="facesite.settings",
    )
    assert other.files()
    succeed(other.manage("restore", archive))
    assert (other.results(), other.files(), other.keys) == (site.results(), site.files(), site.keys)
