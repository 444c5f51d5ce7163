"""How what was deleted disappears from the files of the database, too.

SQLite overwrites deleted rows (`secure_delete`), but its journal has copies of them until it is truncated, and its
search index has the letters of deleted names and notes until it is rewritten. PostgreSQL does this itself, by VACUUM
(docs/operations.md).
"""

import time

from django.db import connection

from landmarks.storage.errors import storage_errors
from landmarks.storage.search import has_search_index

MERGED_PAGES = 64
"""Pages of the search index that one step writes, in some hundredths of a second."""
WAIT_MS = 200
"""How long the truncation waits for readers. Meanwhile nobody can write."""
MERGE = "INSERT INTO landmarks_search (landmarks_search, rank) VALUES ('merge', %s)"


def compact_search_index() -> None:
    """Rewrite the search index without what is only marked as deleted in it. Raises StorageError.

    In steps, between which others can write; `optimize`, which does the same at once, takes seconds for a long history.
    FTS5's own `secure-delete` is not used: SQLite before 3.42 (Debian 12 has 3.40) could not read the index any more.
    """
    if connection.vendor != "sqlite" or not has_search_index():
        return
    with storage_errors(), connection.cursor() as cursor:
        # A negative number makes one segment of all, the positive ones go on with that.
        cursor.execute(MERGE, [-MERGED_PAGES])
        while merge_pages(cursor):
            pass


def merge_pages(cursor: object) -> bool:
    """Whether there may be more to merge: then more changes than the command's own one row (SQLite's documentation)."""
    begin, changes = time.monotonic(), connection.connection.total_changes
    cursor.execute(MERGE, [MERGED_PAGES])  # type: ignore[attr-defined]
    # Others write in half of the time.
    time.sleep(time.monotonic() - begin)
    return bool(connection.connection.total_changes - changes >= 2)


def truncate_journal() -> bool:
    """Whether SQLite's journal is empty now; not while somebody reads from it. Raises StorageError."""
    if connection.vendor != "sqlite":
        return True
    with storage_errors(), connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        (before,) = cursor.fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {WAIT_MS}")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            is_busy, _, _ = cursor.fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {before}")
    return not is_busy
