"""What the faces of earlier results have, as it is stored from now on (landmarks/core/traits.py).

Not in one transaction: each batch is a short one, so that a site that is running goes on, and what a killed process has
filled stays filled.
"""

from itertools import groupby

from django.db import migrations

BATCH = 500
GUESSED, TURNED = 0.08, 30.0


def fill(apps, schema_editor):
    alias = schema_editor.connection.alias
    results = apps.get_model("landmarks", "Result").objects.using(alias)
    faces = apps.get_model("landmarks", "Face").objects.using(alias)
    unfilled = results.filter(face_count__gt=0, has_guessed=None).order_by("pk").values_list("pk", flat=True)
    while batch := list(unfilled[:BATCH]):
        columns = ("result_id", "points", "uncertainty", "pose")
        rows = faces.filter(result_id__in=batch).order_by("result_id").values(*columns)
        changed = [
            results.model(pk=pk, **traits_of(list(group))) for pk, group in groupby(rows, lambda row: row["result_id"])
        ]
        results.bulk_update(changed, ["has_guessed", "has_turned", "smallest_face"])
        unfilled = unfilled.filter(pk__gt=batch[-1])


def traits_of(faces):
    return {
        "has_guessed": any(error > GUESSED for face in faces for error in face["uncertainty"] or ()),
        "has_turned": any(face["pose"] is not None and abs(face["pose"]["yaw"]) > TURNED for face in faces),
        "smallest_face": int(min(longer_side(face["points"]) for face in faces)),
    }


def longer_side(points):
    return max(max(values) - min(values) for values in zip(*points, strict=True))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("landmarks", "0009_face_filters"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
