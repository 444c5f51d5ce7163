"""The diameters of the irises of faces.

It may be NULL, so that SQLite adds it without copying the table.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("landmarks", "0011_dense_points"),
    ]

    operations = [migrations.AddField("face", "irises", models.JSONField(null=True))]
