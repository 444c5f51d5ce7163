"""Columns by which the history finds guessed points, turned heads and small faces.

All may be NULL, so that SQLite adds them without copying the table; the next migration fills them.
"""

from django.db import migrations, models
from django.db.models import Q

KEPT = Q(("deleted", None))
GUESSED, TURNED = KEPT & Q(("has_guessed", True)), KEPT & Q(("has_turned", True))
SIZED = KEPT & Q(("smallest_face__isnull", False))
INDEXES = [
    models.Index(fields=["owner", "position"], condition=GUESSED, name="result_guessed"),
    models.Index(fields=["owner", "position"], condition=TURNED, name="result_turned"),
    models.Index(fields=["position"], condition=GUESSED, name="result_shared_guessed"),
    models.Index(fields=["position"], condition=TURNED, name="result_shared_turned"),
    models.Index(fields=["owner", "position", "smallest_face"], condition=SIZED, name="result_sizes"),
    models.Index(fields=["position", "smallest_face"], condition=SIZED, name="result_shared_sizes"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("landmarks", "0008_idempotency_keys"),
    ]

    operations = [
        migrations.AddField("result", "has_guessed", models.BooleanField(null=True)),
        migrations.AddField("result", "has_turned", models.BooleanField(null=True)),
        migrations.AddField("result", "smallest_face", models.PositiveIntegerField(null=True)),
        *(migrations.AddIndex("result", index) for index in INDEXES),
    ]
