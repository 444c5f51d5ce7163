"""Sizes of stored files, and what each owner stores.

Those of older files are measured later, by the site while it runs (storage/quota.py): the files may be many, or on a
network, and a migration must not depend on them.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("landmarks", "0005_search_index"),
    ]

    operations = [
        migrations.AddField("owner", "stored_bytes", models.BigIntegerField(default=0)),
        migrations.AddField("photo", "file_size", models.PositiveBigIntegerField(null=True)),
        migrations.AddField("photo", "lowered_quality", models.PositiveSmallIntegerField(null=True)),
        migrations.AddField("result", "thumbnail_size", models.PositiveBigIntegerField(null=True)),
    ]
