"""What was deleted leaves SQLite's files in steps that keep nobody from reading and writing."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from landmarks.core.errors import StorageError
from landmarks.storage import erasure
from tests.rows import make_result

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="this is about files of SQLite"),
]


def database() -> Path:
    return Path(str(connection.settings_dict["NAME"]))


def journal_size() -> int:
    return database().with_name(f"{database().name}-wal").stat().st_size


def index_blocks() -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT block FROM landmarks_search_data")
        return b"".join(block for (block,) in cursor.fetchall())


def test_the_journal_is_empty_afterwards() -> None:
    make_result()
    assert journal_size()
    assert erasure.truncate_journal()
    assert journal_size() == 0


def test_a_journal_that_somebody_reads_is_left_until_later() -> None:
    make_result()
    with closing(sqlite3.connect(database(), isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM landmarks_result").fetchall()
        make_result()
        assert not erasure.truncate_journal()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout")
            assert cursor.fetchone() == (1000 * settings.DATABASE_LOCK_TIMEOUT,)
        reader.execute("COMMIT")
    assert erasure.truncate_journal()


def test_deleted_names_leave_an_index_of_many_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasure, "MERGED_PAGES", 1)
    for number in range(40):
        result = make_result(name=f"{number} {number * 7919:x}", note=f"{number**9:o} " * 20)
        if number % 3 == 0:
            make_result(name=f"{number} żółw").delete()
        if number == 20:
            result.delete()
    assert "żół".encode() in index_blocks()
    erasure.compact_search_index()
    assert "żół".encode() not in index_blocks()


def test_others_write_while_the_index_is_rewritten(monkeypatch: pytest.MonkeyPatch) -> None:
    """They come between two steps."""
    steps = []
    merge_pages = erasure.merge_pages

    def write() -> None:
        with closing(connection):
            make_result(name="another")

    def step(cursor: object) -> bool:
        is_unfinished = merge_pages(cursor)
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
        steps.append(is_unfinished)
        return is_unfinished

    monkeypatch.setattr(erasure, "merge_pages", step)
    make_result(name="secretive").delete()
    make_result(name="kept")
    erasure.compact_search_index()
    assert steps
    assert b"sec" not in index_blocks()
    assert b"ano" in index_blocks()


def test_a_database_that_fails_is_reported() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 10")
    with closing(sqlite3.connect(database(), isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError):
            erasure.compact_search_index()
        assert not erasure.truncate_journal()
        writer.execute("ROLLBACK")
    connection.close()
