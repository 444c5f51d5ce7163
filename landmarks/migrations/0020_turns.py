"""Turns of owners in the queues of jobs."""

from django.db import migrations, models

IS_OPEN = models.Q(("finished", None))


class Migration(migrations.Migration):
    dependencies = [
        ("landmarks", "0019_webhooks"),
    ]

    operations = [
        # Django would copy SQLite's table, and lose the index that was made by hand.
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    "ALTER TABLE landmarks_job ADD COLUMN turn bigint NOT NULL DEFAULT 0",
                    "ALTER TABLE landmarks_job DROP COLUMN turn",
                )
            ],
            [
                migrations.AddField(
                    model_name="job",
                    name="turn",
                    field=models.BigIntegerField(db_default=0, default=0),
                )
            ],
        ),
        migrations.RemoveIndex(
            model_name="job",
            name="job_due",
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(condition=IS_OPEN, fields=["status", "queue", "due"], name="job_due"),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(condition=IS_OPEN, fields=["status", "queue", "turn", "due"], name="job_turn"),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(condition=IS_OPEN, fields=["owner", "queue", "turn"], name="job_turn_of_owner"),
        ),
    ]
