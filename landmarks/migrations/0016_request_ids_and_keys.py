"""Ids of requests in jobs, and repeated requests for collections."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("landmarks", "0015_collections"),
    ]

    operations = [
        migrations.AddField(
            model_name="idempotencykey",
            name="collection",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="idempotency_keys",
                to="landmarks.collection",
            ),
        ),
        migrations.AddField(
            model_name="job",
            name="request_id",
            field=models.CharField(max_length=64, null=True),
        ),
    ]
