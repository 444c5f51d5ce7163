"""`manage.py backup` and `restore`, run for real: what comes back, and where from."""

import fcntl
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

from tests.cli.backups import fail, listed, locked, succeed
from tests.conftest import BASE_DIR
from tests.patience import PATIENCE
from tests.postgresql import find_programs
from tests.server.test_serve import serving
from tests.sites import Site

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


# --- the file ---------------------------------------------------------------------------------------------------------


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


# --- pg_dump ----------------------------------------------------------------------------------------------------------


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
