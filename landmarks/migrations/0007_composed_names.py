"""Names and notes with one form of each character, as they are stored from now on (landmarks/models/text.py)."""

import unicodedata

from django.db import migrations

BATCH = 500
COLUMNS = ("name", "note")


def compose(apps, schema_editor):
    results = apps.get_model("landmarks", "Result").objects.using(schema_editor.connection.alias)
    changed = []
    for result in results.only("pk", *COLUMNS).iterator(BATCH):
        if all(text.isascii() or unicodedata.is_normalized("NFC", text) for text in (result.name, result.note)):
            continue
        result.name = unicodedata.normalize("NFC", result.name)[:255]
        result.note = unicodedata.normalize("NFC", result.note)
        changed.append(result)
    results.bulk_update(changed, COLUMNS, batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [
        ("landmarks", "0006_stored_bytes"),
    ]

    operations = [migrations.RunPython(compose, migrations.RunPython.noop)]
