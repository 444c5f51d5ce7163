from django.db import migrations, models
from django.db.models import F


def was_echoed(apps, schema_editor):
    """Until now every engine echoed what was asked."""
    apps.get_model("landmarks", "Result").objects.update(asked_face_model_version=F("face_model_version"))


class Migration(migrations.Migration):
    dependencies = [
        ("landmarks", "0002_more_of_each_run"),
    ]

    operations = [
        migrations.AddField(
            model_name="result",
            name="asked_face_model_version",
            field=models.CharField(default="3.0", max_length=16),
            preserve_default=False,
        ),
        migrations.RunPython(was_echoed, migrations.RunPython.noop, elidable=True),
    ]
