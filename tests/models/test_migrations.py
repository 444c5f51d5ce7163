"""Migrations: what was kept before is found afterwards."""

from datetime import timedelta
from importlib import import_module
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from landmarks.models import Result
from landmarks.storage import search
from landmarks.storage.search import Wanted
from tests.rows import NOON

words_migration = import_module("landmarks.migrations.0007_words")


@pytest.mark.django_db(transaction=True)
def test_results_of_an_earlier_version_keep_their_order_and_are_found_by_words() -> None:
    call_command("migrate", "landmarks", "0004", verbosity=0)
    try:
        earlier = MigrationExecutor(connection).loader.project_state(("landmarks", "0004_notes_and_deletions")).apps
        photo = earlier.get_model("landmarks", "Photo").objects.create(
            owner="ann", digest="0", file="photos/x.jpg", width=4, height=3, format="PNG"
        )
        model = earlier.get_model("landmarks", "Result")
        for number in range(6):
            model.objects.create(
                id=uuid4(),
                owner="ann",
                photo=photo,
                name=f"solvay {number}",
                engine="local",
                face_model_version="3.0",
                created=NOON + timedelta(microseconds=400 * (number // 2)),
                face_count=number,
            )
        before = list(model.objects.order_by("-created", "-id").values_list("id", flat=True))
    finally:
        call_command("migrate", "landmarks", verbosity=0)
    assert list(Result.objects.newest_first().values_list("id", flat=True)) == before
    found = search.find_older(Result.objects.kept(), "ann", Wanted(words=("solvay",), crowd="5-"), None, 30)
    assert [result.name for result in found.results] == ["solvay 5"]


@pytest.mark.django_db(transaction=True)
def test_a_database_without_trigrams_does_without_an_index(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    statements = getattr(words_migration, connection.vendor.upper())
    with connection.schema_editor() as editor:
        words_migration.drop_index(apps, editor)
        monkeypatch.setattr(words_migration, connection.vendor.upper(), ["CREATE NOTHING", *statements])
        words_migration.make_index(apps, editor)
        search.has_index.cache_clear()
        try:
            assert not search.has_index("this one")
            assert "docs/history.md tells" in capsys.readouterr().out
        finally:
            monkeypatch.undo()
            words_migration.make_index(apps, editor)
            search.has_index.cache_clear()
    assert search.has_index("this one")
