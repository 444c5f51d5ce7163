"""The dense points of faces, and whether they were requested.

Both may be NULL, so that SQLite adds them without copying the table.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("landmarks", "0010_fill_face_filters"),
    ]

    operations = [
        migrations.AddField("face", "dense", models.JSONField(null=True)),
        migrations.AddField("result", "dense", models.BooleanField(null=True)),
    ]
