"""Jobs: analyses that are not answered at once."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("landmarks", "0012_irises"),
    ]

    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=255)),
                ("note", models.TextField(blank=True)),
                ("address", models.TextField(blank=True)),
                ("engine", models.CharField(max_length=16)),
                ("largest_only", models.BooleanField(default=False)),
                ("rotate", models.BooleanField(default=False)),
                ("dense", models.BooleanField(default=False)),
                ("face_model_version", models.CharField(max_length=16)),
                ("queue", models.PositiveSmallIntegerField(choices=[(0, "Interactive"), (1, "Batch")], default=0)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="queued",
                        max_length=9,
                    ),
                ),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                ("due", models.DateTimeField(default=django.utils.timezone.now)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("lease", models.UUIDField(null=True)),
                ("finished", models.DateTimeField(null=True)),
                ("error_code", models.CharField(blank=True, max_length=32)),
                ("error_message", models.TextField(blank=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="jobs", to="landmarks.owner"
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="jobs",
                        to="landmarks.photo",
                    ),
                ),
                (
                    "result",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="job",
                        to="landmarks.result",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="idempotencykey",
            name="job",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="idempotency_keys",
                to="landmarks.job",
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("status__in", ["queued", "running"])),
                fields=["status", "queue", "due"],
                name="job_due",
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("finished__isnull", False)), fields=["finished"], name="job_finished"
            ),
        ),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lease__isnull", False), ("status", "running")),
                    models.Q(models.Q(("status", "running"), _negated=True), ("lease__isnull", True)),
                    _connector="OR",
                ),
                name="job_running_with_lease",
            ),
        ),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "done"), _negated=True), ("result__isnull", False), _connector="OR"
                ),
                name="job_done_with_result",
            ),
        ),
    ]
