"""The index by which words in names and notes are found (docs/history.md).

Django makes some changes of a table in SQLite by copying it, which drops its triggers. A later migration that does so
to results ends with `make_index` again; a test of the search fails otherwise.
"""

from django.db import DatabaseError, migrations, transaction

# The owner is one trigram of ten bits of its number a character: results of others are passed over without being read,
# however many of them contain the word. The newest result has the lowest rowid, since forwards is the quicker way
# through the index.
OWNER = "char(19968 + (({id} >> 20) & 1023), 19968 + (({id} >> 10) & 1023), 19968 + ({id} & 1023))"
NEW, OLD = (OWNER.format(id=f"{row}.owner_id") for row in ("new", "old"))
# ruff: noqa: S608 - all parts of the statements are here
INSERT_NEW = f"""INSERT INTO landmarks_search (rowid, name, note, owner)
    VALUES (-new.position, new.name, new.note, {NEW});"""
DELETE_OLD = f"""INSERT INTO landmarks_search (landmarks_search, rowid, name, note, owner)
    VALUES ('delete', -old.position, old.name, old.note, {OLD});"""

SQLITE = [
    "DROP TABLE IF EXISTS landmarks_search",
    """CREATE VIRTUAL TABLE landmarks_search
    USING fts5(name, note, owner, content='', tokenize='trigram')""",
    f"""INSERT INTO landmarks_search (rowid, name, note, owner)
    SELECT -position, name, note, {OWNER.format(id="owner_id")} FROM landmarks_result""",
    f"CREATE TRIGGER landmarks_search_insert AFTER INSERT ON landmarks_result BEGIN {INSERT_NEW} END",
    f"CREATE TRIGGER landmarks_search_delete AFTER DELETE ON landmarks_result BEGIN {DELETE_OLD} END",
    f"""CREATE TRIGGER landmarks_search_update AFTER UPDATE OF position, name, note, owner_id ON landmarks_result
    WHEN (old.position, old.name, old.note, old.owner_id) IS NOT (new.position, new.name, new.note, new.owner_id)
    BEGIN {DELETE_OLD} {INSERT_NEW} END""",
]
POSTGRESQL = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "ALTER INDEX IF EXISTS landmarks_words_name RENAME TO landmarks_search_name",
    "ALTER INDEX IF EXISTS landmarks_words_note RENAME TO landmarks_search_note",
    "CREATE INDEX IF NOT EXISTS landmarks_search_name ON landmarks_result USING gin (UPPER(name) gin_trgm_ops)",
    "CREATE INDEX IF NOT EXISTS landmarks_search_note ON landmarks_result USING gin (UPPER(note) gin_trgm_ops)",
]
UNDO = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS landmarks_search_insert",
        "DROP TRIGGER IF EXISTS landmarks_search_delete",
        "DROP TRIGGER IF EXISTS landmarks_search_update",
        "DROP TABLE IF EXISTS landmarks_search",
    ],
    "postgresql": ["DROP INDEX IF EXISTS landmarks_search_name", "DROP INDEX IF EXISTS landmarks_search_note"],
}


def make_index(apps, schema_editor):
    """Where the database has no trigrams, or grants no right to them, words are found by a scan instead."""
    connection = schema_editor.connection
    try:
        with transaction.atomic(connection.alias):
            run(connection, SQLITE if connection.vendor == "sqlite" else POSTGRESQL)
    except DatabaseError as exc:
        print(f"Searches for words will be slower: there is no index ({exc}). docs/history.md explains how to make it.")  # noqa: T201


def drop_index(apps, schema_editor):
    run(schema_editor.connection, UNDO[schema_editor.connection.vendor])


def run(connection, statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("landmarks", "0004_rate_counters"),
    ]

    operations = [migrations.RunPython(make_index, drop_index)]
