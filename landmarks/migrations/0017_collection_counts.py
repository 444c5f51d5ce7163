"""How many photos each collection has, and how many of them are over.

With defaults of the database, so that a site of the version before, which may still run, can go on making collections.
"""

from django.db import migrations, models

COLUMNS = ("total", "done", "none", "failed", "cancelled")


class Migration(migrations.Migration):
    dependencies = [
        ("landmarks", "0016_request_ids_and_keys"),
    ]

    operations = [
        migrations.AddField("collection", column, models.IntegerField(db_default=0, default=0)) for column in COLUMNS
    ]
