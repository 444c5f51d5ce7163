"""The regions of faces that something covers.

It may be NULL, so that SQLite adds it without copying the table.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("landmarks", "0013_jobs"),
    ]

    operations = [migrations.AddField("face", "covered", models.JSONField(null=True))]
