"""Claims on keys of repeated requests that are renewed as long as their request runs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("landmarks", "0021_paused_collections"),
    ]

    operations = [
        migrations.AddField(
            model_name="idempotencykey",
            name="renewed",
            field=models.DateTimeField(null=True),
        ),
    ]
