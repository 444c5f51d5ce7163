from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("landmarks", "0003_statuses"),
    ]

    operations = [
        migrations.RenameModel("Tally", "RateCounter"),
        migrations.RenameField("RateCounter", "ends", "expires"),
    ]
