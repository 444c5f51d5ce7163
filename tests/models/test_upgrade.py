"""A data folder of an earlier version: after `migrate` its results, files, cookies and tokens go on working."""

import csv
import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import signing
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from landmarks.access import tokens
from landmarks.core.errors import TokenMismatched
from landmarks.models import Face, Owner, Photo, Result, Token
from landmarks.storage import deletion, erasure, search
from tests.web.conftest import body

OLD = Path(__file__).parent / "old_data"
EXPECTED: dict[str, Any] = json.loads((OLD / "expected.json").read_text())
LABELS = ("found", "none", "failed", "deleted", "token")

pytestmark = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the old database is one of SQLite")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The old database as it was."""
    file = tmp_path_factory.mktemp("old") / "facesite.sqlite3"
    with closing(sqlite3.connect(file)) as old:
        old.executescript((OLD / "database.sql").read_text())
    return file


@pytest.fixture(autouse=True)
def upgraded(
    database: Path, empty_database: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """The site runs with the old data folder, on the day after it was made."""
    shutil.copy(database, empty_database)
    shutil.copytree(OLD / "media", empty_database.parent / "media")
    settings.MEDIA_ROOT = empty_database.parent / "media"
    settings.SECRET_KEY = EXPECTED["secret_key"]
    monkeypatch.setattr(signing, "time", SimpleNamespace(time=lambda: EXPECTED["made"] + 86_400))
    call_command("migrate", verbosity=0)
    yield


@pytest.fixture
def browser() -> Client:
    client = Client()
    client.cookies["facesite_session"] = EXPECTED["cookie"]
    return client


COLUMNS = ("source", "face", "region", "index", "x", "y")


def content_of(format_name: str, text: str) -> object:
    """What an export says: how its cells are quoted may change, and further columns are newer."""
    if format_name != "csv":
        return text
    return [[row[name] for name in COLUMNS] for row in csv.DictReader(text.splitlines())]


def expected(label: str) -> dict[str, Any]:
    found: dict[str, Any] = EXPECTED["results"][label]
    return found


def result(label: str) -> Result:
    return Result.objects.get(pk=expected(label)["id"])


def authorization(name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {EXPECTED['tokens'][name]}"}


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_nothing_is_left_to_migrate_and_all_references_hold() -> None:
    call_command("migrate", check_unapplied=True, verbosity=0)
    connection.check_constraints()


def test_everything_is_there() -> None:
    counts = [model.objects.count() for model in (Owner, Token, Photo, Result, Face)]
    assert counts == [4, 3, 4, 5, 2]


def test_owners_are_browsers_and_tokens() -> None:
    kinds = {label: (result(label).owner.kind, result(label).photo.owner == result(label).owner) for label in LABELS}
    assert kinds == {label: ("token" if label == "token" else "browser", True) for label in LABELS}
    assert result("found").owner == result("failed").owner != result("deleted").owner
    assert {token.owner.key: token.owner.kind for token in Token.objects.all()} == {"alpha": "token", "beta": "token"}


def test_results_have_a_status_and_an_outcome() -> None:
    assert {
        label: (result(label).status, result(label).outcome, result(label).face_count_bucket) for label in LABELS
    } == {
        "found": ("done", "found", "1"),
        "none": ("done", "none", "0"),
        "failed": ("failed", "failed", ""),
        "deleted": ("done", "none", "0"),
        "token": ("done", "found", "1"),
    }
    assert result("token").requested_face_model_version == "2.0"


@pytest.mark.parametrize("label", ["found", "none", "failed"])
def test_the_browser_sees_its_results_and_gets_the_same_exports(browser: Client, label: str) -> None:
    page = f"/results/{expected(label)['id']}/"
    assert browser.get(page).status_code == 200
    for name in ("json", "csv"):
        assert content_of(name, body(browser.get(f"{page}export/{name}")).decode()) == content_of(
            name, expected(label)[name]
        )


@pytest.mark.parametrize("label", ["found", "none"])
@pytest.mark.parametrize("name", ["photo", "thumbnail"])
def test_the_browser_gets_the_same_files(browser: Client, label: str, name: str) -> None:
    assert sha256(body(browser.get(f"/results/{expected(label)['id']}/{name}"))) == expected(label)[name]


@pytest.mark.parametrize("label", ["deleted", "token"])
def test_the_browser_sees_nothing_of_others(browser: Client, label: str) -> None:
    assert browser.get(f"/results/{expected(label)['id']}/").status_code == 404


def test_the_history_is_in_the_same_order_and_searched_by_words(browser: Client) -> None:
    ids = [expected(label)["id"] for label in ("failed", "none", "found")]
    history = browser.get("/results/").content.decode()
    assert sorted(ids, key=history.index) == ids
    assert search.has_search_index()
    found = browser.get("/results/?words=nasa+collins").content.decode()
    assert [id for id in ids if id in found] == ids[2:]


@pytest.mark.parametrize("name", ["alpha", "alpha, second"])
def test_tokens_read_the_same_answers(client: Client, name: str) -> None:
    address = f"/api/results/{expected('token')['id']}"
    answered = client.get(address, headers=authorization(name)).json()
    del answered["pictures"]  # is newer, and so are most exports
    answered["exports"] = {name: answered["exports"][name] for name in ("json", "csv")}
    assert [(face.pop("irises"), face.pop("covered")) for face in answered["faces"]] == [(None, None)]
    assert answered == expected("token")["api"]
    for format_name in ("json", "csv"):
        answer = client.get(f"{address}/export/{format_name}", headers=authorization(name))
        assert content_of(format_name, body(answer).decode()) == content_of(format_name, expected("token")[format_name])


def test_a_token_for_analysis_keeps_its_scope() -> None:
    assert tokens.check(EXPECTED["tokens"]["beta"], tokens.ANALYZE).name == "beta"
    with pytest.raises(TokenMismatched):
        tokens.check(EXPECTED["tokens"]["beta"], tokens.ALL)


def test_a_deletion_of_that_day_is_finished() -> None:
    deleted = result("deleted")
    assert deletion.finish_deletions(timezone.now() + timedelta(days=365 * 50)) == 1
    assert not Result.objects.filter(pk=deleted.pk).exists()
    assert not Photo.objects.filter(pk=deleted.photo_id).exists()
    erasure.compact_search_index()


def test_the_browser_goes_on_with_the_same_owner(browser: Client, images: Path, models_dir: Path) -> None:
    owner = result("found").owner
    with (images / "rocket.jpg").open("rb") as photo:
        assert browser.post("/", {"photo": photo}).status_code == 303
    assert Result.objects.newest_first()[0].owner == owner
    assert owner.key == EXPECTED["owner"]
