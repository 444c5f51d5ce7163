from itertools import groupby, islice

from django.db import migrations

import landmarks.models.position

TOGETHER = 1000
"""Rows that are written at a time."""


def give_places(apps, schema_editor):
    """In the order in which the history stood until now."""
    Result = apps.get_model("landmarks", "Result")
    rows = Result.objects.only("created").order_by("created", "id").iterator(TOGETHER)
    placed = in_places(rows)
    while some := list(islice(placed, TOGETHER)):
        Result.objects.bulk_update(some, ["place"])


def in_places(rows):
    for first, ties in groupby(rows, key=lambda row: landmarks.models.position.first_place(row.created)):
        for tie, row in enumerate(ties):
            row.place = first + tie
            yield row


class Migration(migrations.Migration):
    dependencies = [
        ("landmarks", "0004_notes_and_deletions"),
    ]

    operations = [
        migrations.AddField(
            model_name="result",
            name="place",
            field=landmarks.models.position.PlaceField(editable=False, null=True),
        ),
        migrations.RunPython(give_places, migrations.RunPython.noop, elidable=True),
    ]
