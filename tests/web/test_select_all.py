"""All that match the filters: exported and deleted without a list of ids, never more than was there to be seen."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from landmarks.models import Result, ResultQuerySet
from landmarks.services import selections
from landmarks.storage.deletion import UNDO
from landmarks.web.presenters.history import PAGE_SIZE
from tests.rows import NOON, make_photo, make_result
from tests.web.conftest import body

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}
MOMENT = re.compile(r'name="moment" value="([^"]+)"')
MATCHING = PAGE_SIZE + 5
"""Results with an even number, which are holidays."""


@pytest.fixture
def owner(client: Client) -> str:
    client.get("/results/")
    return str(client.session["owner"])


@pytest.fixture
def many(owner: str) -> int:
    """Two pages of holidays among as many others; returns the position of the newest."""
    photo = make_photo(owner)
    for number in range(2 * MATCHING):
        name = f"work {number}" if number % 2 else f"holiday {number}"
        make_result(owner=owner, photo=photo, name=name, created=NOON + timedelta(minutes=number))
    newest: int = Result.objects.newest_first().values_list("position", flat=True)[0]
    return newest


def delete(client: Client, query: str, newest: object, **fields: str) -> HttpResponse:
    return client.post(f"/results/delete?{query}", {"all": newest, **fields})


def kept() -> set[str]:
    return {name.split()[0] for name in Result.objects.kept().values_list("name", flat=True)}


@pytest.mark.parametrize("query", ["words=holiday", "words=ay", "words=holiday&state=none"])
def test_all_that_match_are_deleted_once_their_number_is_confirmed(client: Client, many: int, query: str) -> None:
    page = delete(client, query, many)
    assertContains(page, f"Delete {MATCHING} results</button>")
    assertContains(page, "all results that match the filters")
    assert Result.objects.kept().count() == 2 * MATCHING
    response = delete(client, query, many, confirmed="1")
    assertRedirects(response, f"/results/?{query}", 303, fetch_redirect_response=False)
    assert kept() == {"work"}
    page = client.get(f"/results/?{query}")
    assertContains(page, f"{MATCHING} results deleted.")
    assertContains(page, f'data-undo="{UNDO.seconds}"')
    found = MOMENT.search(page.content.decode())
    assert found
    client.post("/results/restore", {"moment": found[1]})
    assertContains(client.get("/results/"), f"{MATCHING} results restored.")
    assert Result.objects.kept().count() == 2 * MATCHING


def test_the_whole_history_is_told_from_matches(client: Client, many: int) -> None:
    page = delete(client, "", many)
    assertContains(page, "These are all results in the history.")
    assertContains(page, f"Delete {2 * MATCHING} results</button>")


def test_as_many_as_a_page_are_deleted_at_once(client: Client, many: int) -> None:
    assert delete(client, "words=holiday+1", many).status_code == 303
    assert not Result.objects.kept().filter(name__contains="holiday 1").exists()


def test_a_script_deletes_step_by_step_and_undoes_all_of_it(
    client: Client, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selections, "BATCH", 15)
    monkeypatch.setattr(selections, "STEP_SECONDS", 0)
    address, fields, steps = "/results/delete?words=holiday", {"all": many, "confirmed": "1"}, []
    while not steps or not steps[-1]["finished"]:
        steps.append(client.post(address, fields, headers=JSON).json())
        fields = {**fields, "continue": "1"}
    assert [step["deleted"] for step in steps] == [15, 30, 35]
    assert steps[-1]["url"] == "/results/?words=holiday"
    assert Result.objects.exclude(deleted=None).values("deleted").distinct().count() == 1
    found = MOMENT.search(client.get("/results/").content.decode())
    assert found
    client.post("/results/restore", {"moment": found[1]})
    assert Result.objects.kept().count() == 2 * MATCHING


def test_a_form_deletes_all_steps_in_one_request(client: Client, many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selections, "BATCH", 15)
    monkeypatch.setattr(selections, "STEP_SECONDS", 0)
    delete(client, "words=holiday", many, confirmed="1")
    assertContains(client.get("/results/"), f"{MATCHING} results deleted.")
    assert Result.objects.exclude(deleted=None).values("deleted").distinct().count() == 1


def test_a_step_that_fails_is_reported(client: Client, many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: ResultQuerySet, **columns: object) -> int:
        raise OperationalError("locked")

    monkeypatch.setattr(ResultQuerySet, "update", fail)
    response = client.post("/results/delete", {"all": many}, headers=JSON)
    assert (response.status_code, response.json()["error"]["code"]) == (503, "storage_failed")


def test_what_came_later_is_not_selected(client: Client, many: int, owner: str) -> None:
    make_result(owner=owner, name="holiday unseen", created=timezone.now())
    delete(client, "words=holiday", many, confirmed="1")
    assert "holiday unseen" in Result.objects.kept().values_list("name", flat=True)


@pytest.mark.parametrize(
    ("query", "newest"),
    [("state=asleep", "0"), ("", "x"), ("", ""), ("", "-1"), ("since=soon", str(2**62))],
)
def test_an_invalid_selection_selects_nothing(client: Client, many: int, query: str, newest: str) -> None:
    assert delete(client, query, newest, confirmed="1").status_code == 303
    assert Result.objects.kept().count() == 2 * MATCHING
    assertContains(client.get("/results/"), "Nothing is selected.")


def test_nobody_else_deletes_all(client: Client, many: int) -> None:
    stranger = Client()
    stranger.get("/results/")
    delete(stranger, "", many, confirmed="1")
    assert Result.objects.kept().count() == 2 * MATCHING


@pytest.mark.parametrize("query", ["words=holiday", "words=ay"])
def test_all_that_match_are_one_export(client: Client, many: int, query: str) -> None:
    response = client.post(f"/results/export/csv?{query}", {"all": many})
    assert response.streaming
    assert f"facesite-{MATCHING}-results.csv" in response["Content-Disposition"]
    assert list(csv.DictReader(io.StringIO(body(response).decode()))) == []  # they have no faces


@pytest.mark.parametrize(
    ("query", "text"),
    [("", f"Select all {2 * MATCHING} results"), ("?words=holiday", f"Select all {MATCHING} that match")],
)
def test_more_than_a_page_is_offered(client: Client, many: int, query: str, text: str) -> None:
    assert text in " ".join(client.get(f"/results/{query}").content.decode().split())


def test_every_page_offers_the_same_selection(client: Client, many: int) -> None:
    first = client.get("/results/").content.decode()
    link = re.search(r'rel="next"\s+href="([^"]+)"', first)
    assert link
    assertContains(client.get(link[1]), f'value="{many}"')
    assert f'value="{many}"' in first


def test_one_page_offers_no_more(client: Client, owner: str) -> None:
    make_result(owner=owner)
    assertNotContains(client.get("/results/"), 'name="all"')
