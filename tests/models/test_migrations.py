"""Migrations: they match the models, run on each database, and keep what was stored."""

from datetime import timedelta
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from landmarks.models import Collection, Face, Owner, Result, Token
from landmarks.storage import search
from landmarks.storage.search import Filters
from tests.rows import NOON

FIRST = ("landmarks", "0001_squashed_0009_tokens")
search_index = import_module("landmarks.migrations.0005_search_index")
fill_face_filters = import_module("landmarks.migrations.0010_fill_face_filters")


@pytest.mark.django_db
def test_the_models_have_no_changes_without_a_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def old_photo(models: Any, owner: str) -> Any:
    return models.get_model("landmarks", "Photo").objects.create(
        owner=owner, digest=uuid4().hex, file="photos/x.jpg", width=4, height=3, format="PNG"
    )


def old_results(models: Any) -> dict[str, UUID]:
    """Six results of a browser and one of a token, by name."""
    photos = {owner: old_photo(models, owner) for owner in ("a browser's key", "ann")}
    ids = {}
    for number in range(7):
        owner = "ann" if number == 6 else "a browser's key"
        row = models.get_model("landmarks", "Result").objects.create(
            owner=owner,
            photo=photos[owner],
            name=f"solvay {number}",
            engine="local",
            face_model_version="3.0",
            asked_face_model_version="2.0",
            created=NOON + timedelta(microseconds=400 * (number // 2)),
            face_count=number,
            error_code="" if number else "engine_failed",
        )
        ids[row.name] = row.pk
    return ids


@pytest.mark.usefixtures("empty_database")
def test_what_was_stored_before_owners_were_rows_is_found_afterwards() -> None:
    executor = MigrationExecutor(connections["default"])
    executor.migrate([FIRST])
    old = executor.loader.project_state(FIRST).apps
    old.get_model("landmarks", "Token").objects.create(name="ann", digest="1", prefix="fs_", scope="all")
    old.get_model("landmarks", "Token").objects.create(name="bob", digest="2", prefix="fs_", scope="all")
    ids = old_results(old)
    order = list(old.get_model("landmarks", "Result").objects.order_by("-place").values_list("place", "id"))
    old.get_model("landmarks", "Face").objects.create(
        result_id=ids["solvay 1"], number=1, points=[[1, 2.5]], left=0, top=0, right=1, bottom=1
    )
    old.get_model("landmarks", "Tally").objects.create(key="x", count=1, ends=2)
    call_command("migrate", verbosity=0)

    assert list(Result.objects.newest_first().values_list("position", "id")) == order
    owners = {owner.key: owner for owner in Owner.objects.all()}
    assert {key: owner.kind for key, owner in owners.items()} == {
        "a browser's key": "browser",
        "ann": "token",
        "bob": "token",
    }
    assert [token.owner.key for token in Token.objects.order_by("pk")] == ["ann", "bob"]
    assert Result.objects.get(pk=ids["solvay 6"]).owner == owners["ann"]
    outcomes = Result.objects.oldest_first().values_list("status", "outcome", "face_count_bucket")
    assert set(outcomes[:2]) == {("failed", "failed", ""), ("done", "found", "1")}
    assert set(Result.objects.values_list("requested_face_model_version", flat=True)) == {"2.0"}
    assert Face.objects.get().points == [[1, 2.5]]
    assert search.has_search_index()
    for owner, names in (("a browser's key", ["solvay 5"]), ("ann", ["solvay 6"])):
        seen, filters = Result.objects.owned_by(owners[owner]), Filters(words=("solvay",), face_count_bucket="5-")
        found = search.find_older(seen, owners[owner], filters, None, 30)
        assert [result.name for result in found.results] == names


@pytest.mark.django_db(transaction=True)
def test_a_database_without_trigrams_does_without_an_index(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    statements = getattr(search_index, connection.vendor.upper())
    with connection.schema_editor() as editor:
        search_index.drop_index(apps, editor)
        monkeypatch.setattr(search_index, connection.vendor.upper(), ["CREATE NOTHING", *statements])
        search_index.make_index(apps, editor)
        search.index_exists.cache_clear()
        try:
            assert not search.has_search_index()
            assert "docs/history.md explains" in capsys.readouterr().out
        finally:
            monkeypatch.undo()
            search_index.make_index(apps, editor)
            search.index_exists.cache_clear()
    assert search.has_search_index()


DECOMPOSED = ("Mu\u0308ller.jpg", "ka\u0308ffchen", "한.jpg")
INDEXED = ("landmarks", "0005_search_index")


@pytest.mark.usefixtures("empty_database")
def test_names_and_notes_that_were_stored_in_parts_are_found_afterwards() -> None:
    executor = MigrationExecutor(connections["default"])
    executor.migrate([INDEXED])
    old = executor.loader.project_state(INDEXED).apps
    owner = old.get_model("landmarks", "Owner").objects.create(kind="browser", key="ann")
    photo = old.get_model("landmarks", "Photo").objects.create(
        owner=owner, digest="x", file="photos/x.jpg", width=4, height=3, format="PNG"
    )
    for number, name in enumerate((*DECOMPOSED, "plain.jpg")):
        old.get_model("landmarks", "Result").objects.create(
            owner=owner, photo=photo, name=name, note=DECOMPOSED[1], engine="local", position=number + 1
        )
    call_command("migrate", verbosity=0)
    assert set(Result.objects.values_list("name", flat=True)) == {"Müller.jpg", "käffchen", "한.jpg", "plain.jpg"}
    ann = Owner.objects.get()
    for words, count in ((("Müller",), 1), (("Mu\u0308ller",), 1), (("käff",), 4), (("한",), 1)):
        found = search.find_older(Result.objects.owned_by(ann), ann, Filters(words=words), None, 30)
        assert len(found.results) == count


WITHOUT_FACE_FILTERS = ("landmarks", "0008_idempotency_keys")
FLAT = [[float(number), 3.0] for number in range(90)]
"""90 points in a row, 89 pixels long."""


def old_result(models: Any, name: str, *faces: dict[str, Any]) -> None:
    owner, _ = models.get_model("landmarks", "Owner").objects.get_or_create(kind="browser", key="ann")
    photo = models.get_model("landmarks", "Photo").objects.create(
        owner=owner, digest=name, file="photos/x.jpg", width=4, height=3, format="PNG"
    )
    results, position = models.get_model("landmarks", "Result").objects, len(name)
    row = results.create(owner=owner, photo=photo, name=name, engine="local", face_count=len(faces), position=position)
    for number, face in enumerate(faces, start=1):
        models.get_model("landmarks", "Face").objects.create(result=row, number=number, **{"points": FLAT, **face})


@pytest.mark.usefixtures("empty_database")
def test_what_earlier_faces_have_is_found_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fill_face_filters, "BATCH", 2)
    executor = MigrationExecutor(connections["default"])
    executor.migrate([WITHOUT_FACE_FILTERS])
    old = executor.loader.project_state(WITHOUT_FACE_FILTERS).apps
    pose = {"pitch": 0.0, "roll": 0.0}
    old_result(old, "plain", {"uncertainty": None, "pose": {"yaw": 30.0, **pose}})
    old_result(old, "turned", {}, {"pose": {"yaw": -31.5, **pose}})
    old_result(old, "guessed", {"uncertainty": [*(0.01,) * 89, 0.09]}, {"points": [[x / 2, y] for x, y in FLAT]})
    old_result(old, "no faces")
    call_command("migrate", verbosity=0)
    columns = ("has_guessed", "has_turned", "smallest_face")
    assert {row[0]: row[1:] for row in Result.objects.values_list("name", *columns)} == {
        "plain": (False, False, 89),
        "turned": (False, True, 89),
        "guessed": (True, False, 44),
        "no faces": (None, None, None),
    }
    assert search.has_search_index()


WITHOUT_COUNTS = ("landmarks", "0015_collections")
STATES = [*[("done", True)] * 3, *[("done", False)] * 2, ("queued", None), ("cancelled", None), ("failed", None)]


@pytest.mark.usefixtures("empty_database")
def test_the_photos_of_earlier_collections_are_counted() -> None:
    executor = MigrationExecutor(connections["default"])
    executor.migrate([WITHOUT_COUNTS])
    old = executor.loader.project_state(WITHOUT_COUNTS).apps
    old_result(old, "x")
    result = old.get_model("landmarks", "Result").objects.get()
    for name, states in (("Spring", STATES), ("Empty", [])):
        collection = old.get_model("landmarks", "Collection").objects.create(owner=result.owner, name=name)
        for position, (status, has_faces) in enumerate(states):
            facts = {"result": result if status == "done" else None, "has_faces": has_faces, "position": position}
            old.get_model("landmarks", "Job").objects.create(
                owner=result.owner, collection=collection, status=status, **facts
            )
    call_command("migrate", verbosity=0)
    columns = ("name", "total", "done", "none", "failed", "cancelled")
    assert set(Collection.objects.values_list(*columns)) == {("Spring", 8, 3, 2, 1, 1), ("Empty", 0, 0, 0, 0, 0)}
