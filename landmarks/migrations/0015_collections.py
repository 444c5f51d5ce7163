"""Collections, whose photos are jobs."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import landmarks.models.position


class Migration(migrations.Migration):
    dependencies = [
        ("landmarks", "0014_covered_regions"),
    ]

    operations = [
        migrations.AddField(
            model_name="job",
            name="has_faces",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="job",
            name="position",
            field=landmarks.models.position.PositionField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="job",
            name="result",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="jobs", to="landmarks.result"
            ),
        ),
        migrations.CreateModel(
            name="Collection",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=255)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                ("engine", models.CharField(max_length=16)),
                ("largest_only", models.BooleanField(default=False)),
                ("rotate", models.BooleanField(default=False)),
                ("dense", models.BooleanField(default=False)),
                ("face_model_version", models.CharField(max_length=16)),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collections",
                        to="landmarks.owner",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="job",
            name="collection",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="jobs",
                to="landmarks.collection",
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("collection__isnull", False)),
                fields=["collection", "position"],
                name="job_collection",
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("collection__isnull", False)),
                fields=["collection", "status", "has_faces", "position"],
                name="job_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.UniqueConstraint(fields=("collection", "photo"), name="job_once_a_photo_in_a_collection"),
        ),
        migrations.AddIndex(
            model_name="collection",
            index=models.Index(fields=["owner", "-created"], name="collection_newest"),
        ),
    ]
