"""Results get a status, and columns that are derived from it; the bounds of faces, which nothing read, go."""

from django.db import migrations, models

IS_KEPT = models.Q(("deleted", None))
IS_DONE = models.Q(("status", "done"))
OUTCOME = models.Case(
    models.When(status="failed", then=models.Value("failed")),
    models.When(IS_DONE, face_count=0, then=models.Value("none")),
    models.When(IS_DONE, then=models.Value("found")),
    default=models.Value(""),
)
FACE_COUNT_BUCKET = models.Case(
    models.When(models.Q(("status", "done"), _negated=True), then=models.Value("")),
    models.When(face_count=0, then=models.Value("0")),
    models.When(face_count=1, then=models.Value("1")),
    models.When(face_count__lte=4, then=models.Value("2-4")),
    default=models.Value("5-"),
)
INDEXES = {
    "result_history": ["owner", "position"],
    "result_engine": ["owner", "engine", "position"],
    "result_outcome": ["owner", "outcome", "position"],
    "result_faces": ["owner", "face_count_bucket", "position"],
    "result_shared_engine": ["engine", "position"],
    "result_shared_outcome": ["outcome", "position"],
    "result_shared_faces": ["face_count_bucket", "position"],
}


def derived(expression):
    return models.GeneratedField(db_persist=True, expression=expression, output_field=models.CharField(max_length=8))


class Migration(migrations.Migration):
    dependencies = [
        ("landmarks", "0002_owners"),
    ]

    operations = [
        *(migrations.RemoveField("face", side) for side in ("left", "top", "right", "bottom")),
        migrations.RemoveField("result", "state"),
        migrations.RemoveField("result", "crowd"),
        migrations.RenameField("result", "place", "position"),
        migrations.RenameField("result", "asked_face_model_version", "requested_face_model_version"),
        migrations.AddField(
            "result",
            "status",
            models.CharField(
                choices=[("queued", "Queued"), ("running", "Running"), ("done", "Done"), ("failed", "Failed")],
                default="done",
                max_length=8,
            ),
        ),
        migrations.RunSQL("UPDATE landmarks_result SET status = 'failed' WHERE error_code <> ''"),
        migrations.AddField("result", "outcome", derived(OUTCOME)),
        migrations.AddField("result", "face_count_bucket", derived(FACE_COUNT_BUCKET)),
        migrations.AddConstraint(
            "result",
            models.CheckConstraint(
                condition=models.Q(("error_code__gt", ""), ("status", "failed"))
                | models.Q(models.Q(("status", "failed"), _negated=True), ("error_code", "")),
                name="result_failed_with_code",
            ),
        ),
        *(
            migrations.AddIndex("result", models.Index(condition=IS_KEPT, fields=fields, name=name))
            for name, fields in INDEXES.items()
        ),
    ]
