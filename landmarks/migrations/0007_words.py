"""The index by which words in names and notes are found (docs/history.md).

Django makes some changes of a table in SQLite by copying it, which drops its triggers. A later migration that does so
to results ends with `make_index` again; a test of the search tells.
"""

from django.db import DatabaseError, migrations, transaction

# Trigrams find a word anywhere in a text. The owner is one trigram, its last three characters: not exact, but enough
# to pass over the results of others, however many of them hold the word. The newest result has the smallest number,
# since forwards is the quicker way through the index.
SQLITE = [
    "DROP TABLE IF EXISTS landmarks_words",
    """CREATE VIRTUAL TABLE landmarks_words
    USING fts5(name, note, owner, content='', tokenize='trigram')""",
    """INSERT INTO landmarks_words (rowid, name, note, owner)
    SELECT -place, name, note, substr('  ' || owner, -3) FROM landmarks_result""",
    """CREATE TRIGGER landmarks_words_insert AFTER INSERT ON landmarks_result BEGIN
    INSERT INTO landmarks_words (rowid, name, note, owner)
    VALUES (-new.place, new.name, new.note, substr('  ' || new.owner, -3));
    END""",
    """CREATE TRIGGER landmarks_words_delete AFTER DELETE ON landmarks_result BEGIN
    INSERT INTO landmarks_words (landmarks_words, rowid, name, note, owner)
    VALUES ('delete', -old.place, old.name, old.note, substr('  ' || old.owner, -3));
    END""",
    """CREATE TRIGGER landmarks_words_update AFTER UPDATE OF place, name, note, owner ON landmarks_result
    WHEN (old.place, old.name, old.note, old.owner) IS NOT (new.place, new.name, new.note, new.owner) BEGIN
    INSERT INTO landmarks_words (landmarks_words, rowid, name, note, owner)
    VALUES ('delete', -old.place, old.name, old.note, substr('  ' || old.owner, -3));
    INSERT INTO landmarks_words (rowid, name, note, owner)
    VALUES (-new.place, new.name, new.note, substr('  ' || new.owner, -3));
    END""",
]
POSTGRESQL = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX landmarks_words_name ON landmarks_result USING gin (UPPER(name) gin_trgm_ops)",
    "CREATE INDEX landmarks_words_note ON landmarks_result USING gin (UPPER(note) gin_trgm_ops)",
]
UNDO = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS landmarks_words_insert",
        "DROP TRIGGER IF EXISTS landmarks_words_delete",
        "DROP TRIGGER IF EXISTS landmarks_words_update",
        "DROP TABLE IF EXISTS landmarks_words",
    ],
    "postgresql": ["DROP INDEX IF EXISTS landmarks_words_name", "DROP INDEX IF EXISTS landmarks_words_note"],
}


def make_index(apps, schema_editor):
    """Where the database has no trigrams or lends no right to them there is no index, and words are found without."""
    connection = schema_editor.connection
    try:
        with transaction.atomic(connection.alias):
            run(connection, SQLITE if connection.vendor == "sqlite" else POSTGRESQL)
    except DatabaseError as exc:
        print(f"Words will be looked for without an index ({exc}). docs/history.md tells how to make it later.")  # noqa: T201


def drop_index(apps, schema_editor):
    run(schema_editor.connection, UNDO[schema_editor.connection.vendor])


def run(connection, statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("landmarks", "0006_filters"),
    ]

    operations = [migrations.RunPython(make_index, drop_index)]
