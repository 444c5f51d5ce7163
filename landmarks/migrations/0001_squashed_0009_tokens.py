"""The first nine migrations as one. A database that has all nine counts this one as applied."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import landmarks.models.photo
import landmarks.models.position
import landmarks.models.result


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("landmarks", "0001_initial"),
        ("landmarks", "0002_more_of_each_run"),
        ("landmarks", "0003_asked_face_model_version"),
        ("landmarks", "0004_notes_and_deletions"),
        ("landmarks", "0005_places"),
        ("landmarks", "0006_filters"),
        ("landmarks", "0007_words"),
        ("landmarks", "0008_tallies"),
        ("landmarks", "0009_tokens"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("count", models.PositiveIntegerField()),
                ("ends", models.FloatField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Token",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("prefix", models.CharField(max_length=16)),
                ("scope", models.CharField(max_length=16)),
                ("rate", models.CharField(blank=True, max_length=32)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires", models.DateTimeField(null=True)),
                ("last_used", models.DateTimeField(null=True)),
                ("revoked", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Photo",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("owner", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("file", models.FileField(upload_to=landmarks.models.photo.photo_path)),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("format", models.CharField(max_length=16)),
                ("orientation", models.PositiveSmallIntegerField(default=1)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("owner", "digest"), name="photo_once_an_owner")],
            },
        ),
        migrations.CreateModel(
            name="Result",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("owner", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=255)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                ("place", landmarks.models.position.PositionField(editable=False, unique=True)),
                ("engine", models.CharField(max_length=16)),
                ("engine_version", models.CharField(blank=True, max_length=32)),
                ("face_model_version", models.CharField(max_length=16)),
                ("asked_face_model_version", models.CharField(max_length=16)),
                ("largest_only", models.BooleanField(default=False)),
                ("rotate", models.BooleanField(default=False)),
                ("elapsed_ms", models.FloatField(null=True)),
                ("trace_id", models.CharField(blank=True, max_length=64)),
                ("attempts", models.JSONField(default=list)),
                ("face_count", models.PositiveIntegerField(default=0)),
                ("address", models.TextField(blank=True)),
                ("remark", models.TextField(blank=True)),
                ("error_code", models.CharField(blank=True, max_length=32)),
                ("error_message", models.TextField(blank=True)),
                ("thumbnail", models.FileField(upload_to=landmarks.models.result.thumbnail_path)),
                ("note", models.TextField(blank=True)),
                ("deleted", models.DateTimeField(null=True)),
                (
                    "state",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(models.Q(("error_code", ""), _negated=True), then=models.Value("failed")),
                            models.When(face_count=0, then=models.Value("none")),
                            default=models.Value("found"),
                        ),
                        output_field=models.CharField(max_length=8),
                    ),
                ),
                (
                    "crowd",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(models.Q(("error_code", ""), _negated=True), then=models.Value("")),
                            models.When(face_count=0, then=models.Value("0")),
                            models.When(face_count=1, then=models.Value("1")),
                            models.When(face_count__lte=4, then=models.Value("2-4")),
                            default=models.Value("5-"),
                        ),
                        output_field=models.CharField(max_length=8),
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="results", to="landmarks.photo"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("deleted", None)), fields=fields, name=name)
                    for name, fields in (
                        ("result_history", ["owner", "place"]),
                        ("result_by_engine", ["owner", "engine", "place"]),
                        ("result_by_state", ["owner", "state", "place"]),
                        ("result_by_crowd", ["owner", "crowd", "place"]),
                        ("result_shared_by_engine", ["engine", "place"]),
                        ("result_shared_by_state", ["state", "place"]),
                        ("result_shared_by_crowd", ["crowd", "place"]),
                    )
                ]
                + [
                    models.Index(
                        condition=models.Q(("deleted__isnull", False)), fields=["deleted"], name="result_deleted"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Face",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("points", models.JSONField()),
                ("score", models.FloatField(null=True)),
                ("uncertainty", models.JSONField(null=True)),
                ("pose", models.JSONField(null=True)),
                ("gaze", models.JSONField(null=True)),
                ("expressions", models.JSONField(null=True)),
                ("left", models.FloatField()),
                ("top", models.FloatField()),
                ("right", models.FloatField()),
                ("bottom", models.FloatField()),
                (
                    "result",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="faces", to="landmarks.result"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [models.UniqueConstraint(fields=("result", "number"), name="face_number_once")],
            },
        ),
    ]
