"""Collections that are paused."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("landmarks", "0020_turns"),
    ]

    operations = [
        migrations.AddField(
            model_name="collection",
            name="is_paused",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="job",
            name="queue",
            field=models.PositiveSmallIntegerField(
                choices=[(0, "Interactive"), (1, "Batch"), (2, "Paused")], default=0
            ),
        ),
    ]
