"""The numbers of the collections that there are, and the index by which a collection knows an address.

Not in one transaction: each collection is a short one, so that a site that is running goes on.

The index depends on the database: an address may be longer than what a B-tree of PostgreSQL takes, and only that has
indexes of hashes.
"""

from django.db import migrations
from django.db.models import Count, Q

STATES = {
    "total": Q(),
    "done": Q(status="done", has_faces=True),
    "none": Q(status="done") & ~Q(has_faces=True),
    "failed": Q(status="failed"),
    "cancelled": Q(status="cancelled"),
}
INDEX = {
    "sqlite": """CREATE INDEX job_address ON landmarks_job (collection_id, address, position)
    WHERE collection_id IS NOT NULL""",
    "postgresql": """CREATE INDEX job_address ON landmarks_job USING hash (address)
    WHERE collection_id IS NOT NULL AND address <> ''""",
}


def fill(apps, schema_editor):
    alias = schema_editor.connection.alias
    collections = apps.get_model("landmarks", "Collection").objects.using(alias)
    jobs = apps.get_model("landmarks", "Job").objects.using(alias)
    for pk in list(collections.values_list("pk", flat=True)):
        numbers = {name: Count("pk", filter=condition) for name, condition in STATES.items()}
        collections.filter(pk=pk).update(**jobs.filter(collection=pk).aggregate(**numbers))


def make_index(apps, schema_editor):
    schema_editor.execute("DROP INDEX IF EXISTS job_address")
    schema_editor.execute(INDEX[schema_editor.connection.vendor])


def drop_index(apps, schema_editor):
    schema_editor.execute("DROP INDEX IF EXISTS job_address")


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("landmarks", "0017_collection_counts"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(make_index, drop_index),
    ]
