"""Owners become rows: of kind token where a token of that name exists, of kind browser otherwise."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

# The first version of the search index is built from the old columns. 0005_search_index makes the new one.
OLD_SEARCH_INDEX = [
    "DROP TRIGGER IF EXISTS landmarks_words_insert",
    "DROP TRIGGER IF EXISTS landmarks_words_delete",
    "DROP TRIGGER IF EXISTS landmarks_words_update",
    "DROP TABLE IF EXISTS landmarks_words",
]
OLD_INDEXES = (
    "result_history",
    "result_by_engine",
    "result_by_state",
    "result_by_crowd",
    "result_shared_by_engine",
    "result_shared_by_state",
    "result_shared_by_crowd",
)
INSERT_OWNERS = """
INSERT INTO landmarks_owner (kind, key, created)
SELECT
    CASE WHEN owner IN (SELECT name FROM landmarks_token) THEN 'token' ELSE 'browser' END,
    owner,
    MIN(created)
FROM (
    SELECT owner, created FROM landmarks_photo
    UNION ALL SELECT owner, created FROM landmarks_result
    UNION ALL SELECT name, created FROM landmarks_token
) AS known
GROUP BY owner
"""
SET_OWNER = """
UPDATE {table} SET owner_id = (
    SELECT id FROM landmarks_owner WHERE kind IN ('browser', 'token') AND key = {table}.{column}
)
"""


def drop_old_search_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for statement in OLD_SEARCH_INDEX:
            schema_editor.execute(statement)


def owner(**options):
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="landmarks.owner", **options)


def replace_owner(model, **options):
    """A foreign key in place of the text in `owner`."""
    return [
        migrations.RenameField(model, "owner", "old_owner"),
        migrations.AddField(model, "owner", owner(null=True, **options)),
        migrations.RunSQL(SET_OWNER.format(table=f"landmarks_{model}", column="old_owner")),
        migrations.AlterField(model, "owner", owner(**options)),
        migrations.RemoveField(model, "old_owner"),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("landmarks", "0001_squashed_0009_tokens"),
    ]

    operations = [
        migrations.RunPython(drop_old_search_index),
        migrations.CreateModel(
            name="Owner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("browser", "Browser"), ("token", "Token")], max_length=8)),
                ("key", models.CharField(max_length=64)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "key"), name="owner_once")],
            },
        ),
        migrations.RunSQL(INSERT_OWNERS),
        migrations.AddField("token", "owner", owner(null=True, related_name="tokens")),
        migrations.RunSQL(SET_OWNER.format(table="landmarks_token", column="name")),
        migrations.AlterField("token", "owner", owner(related_name="tokens")),
        migrations.RemoveConstraint("photo", "photo_once_an_owner"),
        *replace_owner("photo", related_name="photos", db_index=False),
        migrations.AddConstraint(
            "photo", models.UniqueConstraint(fields=("owner", "digest"), name="photo_once_an_owner")
        ),
        *(migrations.RemoveIndex("result", name) for name in OLD_INDEXES),
        *replace_owner("result", related_name="results", db_index=False),
    ]
