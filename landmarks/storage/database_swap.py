"""Puts the database of a backup in the place of the site's, whole or not at all."""

import os
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

import psycopg
from django.db import connection

from landmarks.storage.archives import Manifest
from landmarks.storage.backup_errors import BackupError
from landmarks.storage.snapshots import OURS, describe, named_files, one_line, open_postgresql, open_sqlite, sqlite_path

LONG_AGO = "2000-01-01 00:00:00"
BATCH = 500
LOCK_SECONDS = 20


def staging_path(data_dir: Path) -> Path:
    """Where the database of the archive is put first: on the disk on which it will be."""
    path = sqlite_path() if connection.vendor == "sqlite" else data_dir / "database.sql"
    return path.with_name(f"{path.name}.restore")


def clear_staging(staged: Path) -> None:
    for suffix in ("", "-journal", "-wal", "-shm"):
        staged.with_name(f"{staged.name}{suffix}").unlink(missing_ok=True)


def check_staged(staged: Path, manifest: Manifest) -> None:
    """Finish and check a copy that is no part of the site yet. Raises BackupError.

    PostgreSQL's is checked while it is loaded, in one transaction.
    """
    if manifest.database != "sqlite":
        return
    try:
        with open_sqlite(staged) as copy:
            faults = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if faults != "ok":
                raise BackupError("backup_damaged", path="The backup", reason=f"its database is not whole ({faults})")
            check_content(copy.execute, manifest)
            hide_deleted(copy.execute, "?", manifest.deleted)
            copy.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as exc:
        raise BackupError("backup_damaged", path="The backup", reason=f"its database fails: {one_line(exc)}") from exc


def swap_in(staged: Path, manifest: Manifest) -> None:
    """Make it the database of the site. Raises BackupError, and then the old one is as it was."""
    swap_sqlite(staged) if manifest.database == "sqlite" else load_postgresql(staged, manifest)


def check_content(execute: Callable[[str], Any], manifest: Manifest) -> None:
    """The database is the one that the manifest describes, and each photo that it names is accounted for."""
    found = describe(Path(), execute)
    if found.migrations != manifest.migrations or found.counts != manifest.counts:
        raise BackupError("backup_damaged", path="The backup", reason="its database isn't the one of its manifest")
    if set(named_files(execute)) - {*manifest.media, *manifest.deleted, *manifest.missing}:
        raise BackupError("backup_damaged", path="The backup", reason="its database names photos that it lacks")


def hide_deleted(execute: Callable[[str, Sequence[str]], Any], slot: str, names: Sequence[str]) -> None:
    """Mark results as deleted whose photo or thumbnail was, while the backup was made; the site finishes that.

    `slot` stands for a parameter in a query.
    """
    for start in range(0, len(names), BATCH):
        batch = names[start : start + BATCH]
        slots = ", ".join([slot] * len(batch))
        execute(
            f"UPDATE landmarks_result SET deleted = '{LONG_AGO}' WHERE thumbnail IN ({slots})"  # noqa: S608
            f" OR photo_id IN (SELECT id FROM landmarks_photo WHERE file IN ({slots}))",
            [*batch, *batch],
        )


# --- SQLite ----------------------------------------------------------------------------------------------------------


def swap_sqlite(staged: Path) -> None:
    path = sqlite_path()
    if path.exists():
        close_journal(path)
    os.replace(staged, path)


def close_journal(path: Path) -> None:
    """Fold the journal into the old database: beside the new one it would destroy it. Proves that nobody uses it."""
    try:
        with open_sqlite(path) as old:
            old.execute("PRAGMA locking_mode=EXCLUSIVE")
            mode = old.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
    except sqlite3.OperationalError as exc:
        raise BackupError("restore_database_locked", path=str(path)) from exc
    except sqlite3.DatabaseError as exc:
        raise BackupError("restore_database_damaged", path=str(path), reason=one_line(exc)) from exc
    if mode != "delete":
        raise BackupError("restore_database_locked", path=str(path))


# --- PostgreSQL ------------------------------------------------------------------------------------------------------


def check_nobody_connected() -> None:
    """On other machines too, which the lock of the data folder doesn't reach. Raises BackupError."""
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND usesysid IS NOT NULL AND coalesce(backend_type, 'client backend') = 'client backend'"
    )
    connection.close()
    with open_postgresql() as database:
        (count,) = database.execute(query).fetchone() or (0,)
    if count:
        raise BackupError("restore_database_in_use", count=count)


def load_postgresql(staged: Path, manifest: Manifest) -> None:
    """Everything in one transaction: our old tables go, the new ones come, or neither."""
    try:
        with open_postgresql() as database, staged.open("rb") as script:
            database.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
            make_search_extension(database)
            with database.transaction():
                drop_tables(database)
                run_script(database, script)
                # The script leaves it empty.
                database.execute("RESET search_path")
                check_content(database.execute, manifest)
                hide_deleted(database.execute, "%s", manifest.deleted)
    except psycopg.Error as exc:
        raise BackupError("restore_failed", reason=one_line(exc)) from exc


def make_search_extension(database: "psycopg.Connection[Any]") -> None:
    """The search index needs it. Where the right is missing, it may be there already; if not, the script says so."""
    try:
        database.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except psycopg.Error:
        return


def drop_tables(database: "psycopg.Connection[Any]") -> None:
    """Ours only, also those of another version."""
    tables = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()").fetchall()
    for (table,) in tables:
        if table.startswith(OURS):
            database.execute(psycopg.sql.SQL("DROP TABLE {} CASCADE").format(psycopg.sql.Identifier(table)))


def run_script(database: "psycopg.Connection[Any]", script: IO[bytes]) -> None:
    """Run what pg_dump wrote: statements, and rows that follow a COPY until a line with a backslash and a dot.

    Commands of psql, which could start programs, are no SQL and fail; those that only frame the script are left out.
    """
    statements: list[bytes] = []
    for line in script:
        if line.startswith(b"COPY ") and line.rstrip().endswith(b" FROM stdin;"):
            run(database, statements)
            with database.cursor().copy(line) as copy:
                for row in iter(script.readline, b""):
                    if row == b"\\.\n":
                        break
                    copy.write(row)
        elif not line.startswith((b"\\restrict ", b"\\unrestrict ")):
            statements.append(line)
    run(database, statements)


def run(database: "psycopg.Connection[Any]", statements: list[bytes]) -> None:
    if statements:
        database.execute(b"".join(statements))
    statements.clear()
