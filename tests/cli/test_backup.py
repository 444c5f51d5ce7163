"""`manage.py backup` and `restore`, run for real: what comes back, what is refused, and what a crash leaves."""

import fcntl
import hashlib
import io
import json
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.conftest import BASE_DIR
from tests.patience import PATIENCE
from tests.postgresql import find_programs
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
DELETE_MEANWHILE = """
from django.core.management import call_command
from landmarks.models import Result
from landmarks.services import backups
from landmarks.storage import deletion
take = backups.take_snapshot
def take_and_delete(path):
    snapshot = take(path)
    deletion.delete(Result.objects.get(name="photo 1.jpg"))
    return snapshot
backups.take_snapshot = take_and_delete
call_command("backup", "{archive}")
"""
UNFINISHED = "from landmarks.models import Result; print(Result.objects.count(), Result.objects.kept().count())"
FINISH = """
from django.utils import timezone
from landmarks.storage import deletion
deletion.finish_deletions(timezone.now())
"""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "backup.tar"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return Site(tmp_path_factory.mktemp("template") / "site").fill()


@pytest.fixture
def site(template: Site, tmp_path: Path) -> Site:
    """With three results."""
    shutil.copytree(template.data_dir, tmp_path / "one")
    return Site(tmp_path / "one")


@pytest.fixture
def other(tmp_path: Path) -> Site:
    return Site(tmp_path / "two")


def succeed(done: "subprocess.CompletedProcess[str]") -> str:
    """What the command printed."""
    assert done.returncode == 0, done.stderr
    return done.stdout


def fail(done: "subprocess.CompletedProcess[str]") -> str:
    """The one line that says why."""
    assert done.returncode == 1, done.stdout
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr


def listed(archive: Path) -> dict[str, object]:
    """The manifest."""
    with tarfile.open(archive) as tar:
        content = tar.extractfile("manifest.json")
        assert content is not None
        manifest: dict[str, object] = json.load(content)
        return manifest


@contextmanager
def locked(path: Path, kind: int) -> Iterator[None]:
    """As another process would hold it."""
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as file:
        fcntl.flock(file, kind)
        yield


# --- what comes back -------------------------------------------------------------------------------------------------


def test_a_site_comes_back_elsewhere(two_sites: tuple[Site, Site], archive: Path) -> None:
    one, two = two_sites
    before = one.fill(4).results()
    made = succeed(one.manage("backup", archive))
    assert made.startswith("Backed up 4 results, 4 photos, 0 tokens; 10 files, ")
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    said = succeed(two.manage("restore", archive))
    assert said.startswith("Restored the backup of 20")
    assert "4 results, 4 photos, 0 tokens; 10 files, " in said
    assert two.results() == before
    assert two.files() == one.files()
    assert two.keys == one.keys
    assert not [path for path in two.data_dir.rglob("*") if path.stat().st_mode & 0o077]
    # It works on: the sequences of ids and the search index came along.
    two.run("from tests.rows import make_result; make_result(owner='bob', name='new.jpg')")
    assert len(two.results()) == 5


def test_what_is_there_is_replaced_only_when_told(two_sites: tuple[Site, Site], archive: Path) -> None:
    one, two = two_sites
    wanted = one.fill(2).results()
    present = two.fill(3, owner="bob").results()
    keys = two.keys
    succeed(one.manage("backup", archive))
    assert "Use --replace" in fail(two.manage("restore", archive))
    assert (two.results(), two.keys) == (present, keys)
    succeed(two.manage("restore", archive, "--replace"))
    assert (two.results(), two.files(), two.keys) == (wanted, one.files(), one.keys)


def test_what_was_deleted_meanwhile_stays_deleted(two_sites: tuple[Site, Site], archive: Path) -> None:
    one, two = two_sites
    one.fill(3)
    one.run(DELETE_MEANWHILE.format(archive=archive))
    assert len(listed(archive)["deleted"]) == 2  # type: ignore[arg-type]
    assert "2 files were deleted while the backup was made." in succeed(two.manage("restore", archive))
    assert two.results() == one.results()
    assert two.run(UNFINISHED) == "3 2\n"
    two.run(FINISH)
    assert two.run(UNFINISHED) == "2 2\n"


def test_a_result_whose_photo_was_lost_is_kept(site: Site, other: Site, archive: Path) -> None:
    lost = next((site.media / "photos").iterdir())
    lost.unlink()
    assert "1 file of results had been lost" in succeed(site.manage("backup", archive))
    succeed(other.manage("restore", archive))
    assert other.results() == site.results()
    assert len(other.results()) == 3


def test_an_older_schema_is_brought_up_to_date(site: Site, other: Site, archive: Path) -> None:
    before = site.results()
    succeed(site.manage("migrate", "landmarks", "0004", "--verbosity", "0"))
    succeed(site.manage("backup", archive))
    assert "Preparing the database" in succeed(other.manage("restore", archive))
    assert other.results() == before
    assert "[X] 0005" in succeed(other.manage("showmigrations", "landmarks"))


def test_an_installation_that_has_run_without_a_photo_counts_as_empty(
    site: Site, other: Site, archive: Path, models_dir: Path
) -> None:
    succeed(site.manage("backup", archive))
    with serving(other.data_dir, models_dir) as running:
        assert running.get("/").status_code == 200
        assert running.stop(signal.SIGINT) == (0, "")
    succeed(other.manage("restore", archive))
    assert other.results() == site.results()


def test_a_backup_can_go_to_standard_output(site: Site, other: Site, archive: Path) -> None:
    with archive.open("wb") as file:
        done = subprocess.run(
            [sys.executable, "manage.py", "backup", "-"],
            cwd=BASE_DIR,
            env=site.environment(),
            stdout=file,
            stderr=subprocess.PIPE,
            timeout=PATIENCE,
        )
    assert done.stderr.startswith(b"Backed up 3 results")
    succeed(other.manage("restore", archive))
    assert other.results() == site.results()
    assert {path.name for path in site.data_dir.iterdir()} == {
        "facesite.sqlite3",
        "media",
        "running.lock",
        "secret_key",
    }


# --- the file --------------------------------------------------------------------------------------------------------


def test_an_existing_file_is_replaced_only_when_told(site: Site, archive: Path) -> None:
    archive.write_text("something else")
    assert "--overwrite" in fail(site.manage("backup", archive))
    assert archive.read_text() == "something else"
    succeed(site.manage("backup", archive, "--overwrite"))
    assert listed(archive)["database"] == "sqlite"


def test_what_a_killed_backup_left_is_no_obstacle(site: Site, archive: Path) -> None:
    for suffix in (".part", ".part-database"):
        archive.with_name(archive.name + suffix).write_bytes(b"left" * 10**6)
    succeed(site.manage("backup", archive))
    assert listed(archive)["database"] == "sqlite"
    assert [path.name for path in archive.parent.iterdir() if path.is_file()] == [archive.name]


def test_two_backups_do_not_write_to_one_file(site: Site, archive: Path) -> None:
    with locked(archive.with_name("backup.tar.part"), fcntl.LOCK_EX):
        assert "Another backup is being written" in fail(site.manage("backup", archive))


def test_a_backup_that_fails_leaves_nothing(site: Site, archive: Path) -> None:
    (photo := next((site.media / "photos").iterdir())).unlink()
    photo.mkdir()
    done = site.manage("backup", archive)
    assert done.returncode == 1
    assert "Nothing of it was kept" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in archive.parent.iterdir()] == ["one"]


def test_a_site_without_a_database_has_nothing_to_back_up(other: Site, archive: Path) -> None:
    assert "There is no database" in fail(other.manage("backup", archive))
    assert "doesn't exist" in fail(other.manage("backup", archive.parent / "none" / "backup.tar"))
    assert not (other.data_dir / "facesite.sqlite3").exists()


# --- what is refused, with nothing touched ---------------------------------------------------------------------------


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


# --- crashes ---------------------------------------------------------------------------------------------------------


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


# --- the secret key --------------------------------------------------------------------------------------------------


def test_a_key_of_the_environment_is_backed_up_and_compared(other: Site, archive: Path, tmp_path: Path) -> None:
    key = "of-the-environment-" * 4
    site = Site(tmp_path / "one", {"SECRET_KEY": key, "SECRET_KEY_FALLBACKS": "older"}).fill(1)
    succeed(site.manage("backup", archive))
    same = Site(tmp_path / "same", {"SECRET_KEY": key})
    assert not same.manage("restore", archive).stderr
    assert not (same.data_dir / "secret_key").exists()
    another = Site(tmp_path / "another", {"SECRET_KEY": "another-" * 8})
    done = another.manage("restore", archive)
    assert done.returncode == 0
    assert "SECRET_KEY is set to another key" in done.stderr
    assert another.keys == [key, "older"]
    succeed(other.manage("restore", archive))
    assert other.keys == [key, "older"]


# --- pg_dump ---------------------------------------------------------------------------------------------------------


def program(folder: Path, script: str) -> str:
    """A PATH on which pg_dump is this shell script."""
    folder.mkdir()
    (folder / "pg_dump").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "pg_dump").chmod(0o700)
    return str(folder)


def test_the_password_is_on_no_command_line(tmp_path: Path, archive: Path, database_url: str) -> None:
    real = find_programs() / "pg_dump"
    script = f'echo "$@" >> {tmp_path}/arguments; echo "$PGPASSWORD" >> {tmp_path}/password; exec {real} "$@"'
    path = program(tmp_path / "bin", script) + os.pathsep + os.environ["PATH"]
    url = database_url.replace("postgres@", "postgres:hunter2@")
    site = Site(tmp_path / "one", {"DATABASE_URL": url}).fill(1)
    succeed(site.manage("backup", archive, PATH=path))
    assert "--snapshot=" in (tmp_path / "arguments").read_text()
    assert "hunter2" not in (tmp_path / "arguments").read_text()
    assert "hunter2" in (tmp_path / "password").read_text()


def test_a_pg_dump_that_is_missing_or_old_is_reported(tmp_path: Path, archive: Path, database_url: str) -> None:
    site = Site(tmp_path / "one", {"DATABASE_URL": database_url}).fill(1)
    error = fail(site.manage("backup", archive, PATH=str(tmp_path / "nothing")))
    assert "pg_dump, which backs up PostgreSQL, is missing" in error
    old = program(tmp_path / "bin", "echo 'pg_dump (PostgreSQL) 9.6.24'")
    assert "pg_dump 9 is older than the server" in fail(site.manage("backup", archive, PATH=old))
    failing = program(
        tmp_path / "failing", 'test "$1" = --version && echo "pg_dump 99" || { echo "no luck" >&2; exit 1; }'
    )
    assert "no luck" in fail(site.manage("backup", archive, PATH=failing))
    assert not archive.exists()
