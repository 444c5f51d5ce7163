"""Results that were chosen: deleted together, brought back, taken away in one file."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from landmarks.models import Face, Result, ResultQuerySet
from landmarks.storage.deletion import UNDO
from tests.rows import NOON, make_result
from tests.web.conftest import Submit, addresses, body

pytestmark = pytest.mark.django_db
MOMENT = re.compile(r'name="moment" value="([^"]+)"')


@pytest.fixture
def owner(client: Client) -> str:
    client.get("/results/")
    return str(client.session["owner"])


@pytest.fixture
def three(owner: str) -> list[Result]:
    return [
        make_result(owner=owner, name=f"{number}.jpg", created=NOON + timedelta(hours=number)) for number in range(3)
    ]


def delete(client: Client, *results: Result, query: str = "") -> HttpResponse:
    return client.post(f"/results/delete{query}", {"result": [result.pk for result in results]})


def undo(client: Client, query: str = "") -> HttpResponse:
    """By the offer on the page."""
    found = MOMENT.search(client.get(f"/results/{query}").content.decode())
    assert found
    return client.post(f"/results/restore{query}", {"moment": found[1]})


# --- deleting and undoing --------------------------------------------------------------------------------------------


def test_several_are_deleted_and_brought_back(client: Client, three: list[Result]) -> None:
    assertRedirects(delete(client, *three[:2]), "/results/", 303, fetch_redirect_response=False)
    page = client.get("/results/")
    assertContains(page, "2 results deleted.")
    assertContains(page, 'data-undo="10"')
    assert Result.objects.kept().get() == three[2]
    assertRedirects(undo(client), "/results/", 303, fetch_redirect_response=False)
    assertContains(client.get("/results/"), "2 results restored.")
    assert Result.objects.kept().count() == 3
    assertNotContains(client.get("/results/"), "data-undo")


def test_a_deleted_result_is_gone_at_every_address(client: Client, submit: Submit) -> None:
    submit("astronaut.jpg")
    result = Result.objects.get()
    client.post(reverse("landmarks:result-delete", args=[result.pk]))
    assert {client.get(address).status_code for address in addresses(result)} == {404}
    assertContains(client.get("/results/"), "1 result deleted.")
    assertContains(client.get("/results/"), "Nothing here yet")
    undo(client)
    for address in addresses(result):
        response = client.get(address)
        body(response)
        assert response.status_code == 200


def test_one_is_brought_back_by_its_own_address(client: Client, three: list[Result]) -> None:
    delete(client, *three)
    response = client.post(reverse("landmarks:result-restore", args=[three[0].pk]))
    assertRedirects(response, reverse("landmarks:result-detail", args=[three[0].pk]), 303)
    assert Result.objects.kept().get() == three[0]


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=1)])
def test_an_undo_that_comes_too_late_is_reported(client: Client, three: list[Result], late: timedelta) -> None:
    moment = timezone.now() - UNDO - late
    Result.objects.update(deleted=moment)
    response = client.post("/results/restore", {"moment": moment.isoformat()})
    assertContains(client.get(response["Location"]), "can no longer be undone")
    assert client.post(reverse("landmarks:result-restore", args=[three[0].pk])).status_code == 404
    assert not Result.objects.kept().exists()


@pytest.mark.parametrize("began", [-UNDO, timedelta(hours=1)], ids=["long ago", "before the clock was set back"])
def test_an_expired_undo_is_not_shown(client: Client, owner: str, three: list[Result], began: timedelta) -> None:
    session = client.session
    session["undo"] = [(timezone.now() + began).isoformat(), 3]
    session.save()
    client.cookies["facesite_session"] = session.session_key
    assertNotContains(client.get("/results/"), "data-undo")
    assert "undo" not in client.session


@pytest.mark.parametrize(
    "moment",
    [
        "",
        "soon",
        "2026-13-01T00:00:00Z",
        "2026-03-01T12:00:00",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "2026-03-01T12:00:00+99:99",
        "1" * 5000,
    ],
    ids=lambda moment: moment[:30],
)
def test_an_undo_of_nothing_is_refused(client: Client, owner: str, moment: str) -> None:
    assertContains(client.post("/results/restore", {"moment": moment}), "This deletion doesn", status_code=400)


def test_nobody_else_deletes_or_brings_back(client: Client, three: list[Result]) -> None:
    stranger = Client()
    stranger.get("/results/")
    delete(stranger, *three)
    assert Result.objects.kept().count() == 3
    delete(client, *three)
    moment = Result.objects.values_list("deleted", flat=True)[0]
    stranger.post("/results/restore", {"moment": moment.isoformat()})  # type: ignore[union-attr]
    assert stranger.post(reverse("landmarks:result-restore", args=[three[0].pk])).status_code == 404
    assert not Result.objects.kept().exists()


def test_in_a_shared_history_everybody_deletes_and_brings_back(
    client: Client, three: list[Result], settings: LazySettings
) -> None:
    settings.HISTORY = "shared"
    delete(Client(), *three)
    assert not Result.objects.kept().exists()
    client.post(reverse("landmarks:result-restore", args=[three[0].pk]))
    assert Result.objects.kept().count() == 1


@pytest.mark.parametrize("chosen", [[], ["x"], ["00000000-0000-0000-0000-000000000000"]], ids=str)
@pytest.mark.parametrize("address", ["/results/delete", "/results/export/json"])
def test_selecting_nothing_shows_a_message(
    client: Client, three: list[Result], address: str, chosen: list[str]
) -> None:
    response = client.post(address, {"result": chosen})
    assertRedirects(response, "/results/", 303, fetch_redirect_response=False)
    assertContains(client.get("/results/"), "Nothing is selected. Select some results first.")


def test_filters_and_page_are_the_same_afterwards(client: Client, three: list[Result]) -> None:
    query = f"?words=jpg&before={three[2].position}"
    assert delete(client, three[0], query=query)["Location"] == f"/results/{query}"
    assert undo(client, query)["Location"] == f"/results/{query}"
    assert client.post("/results/delete?state=asleep&next=//evil.example")["Location"] == "/results/"


@pytest.mark.parametrize("address", ["/results/delete", "/results/restore"])
def test_a_get_request_does_nothing(client: Client, three: list[Result], address: str) -> None:
    assert client.get(address, {"result": three[0].pk}).status_code == 405


@pytest.mark.parametrize("action", ["delete", "restore", "restore-one"])
def test_a_database_failure_is_reported(
    client: Client, three: list[Result], monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    def fail(self: ResultQuerySet, **columns: object) -> int:
        raise OperationalError("locked")

    monkeypatch.setattr(ResultQuerySet, "update", fail)
    moment = {"moment": timezone.now().isoformat()}
    {
        "delete": lambda: delete(client, *three),
        "restore": lambda: client.post("/results/restore", moment),
        "restore-one": lambda: client.post(reverse("landmarks:result-restore", args=[three[0].pk])),
    }[action]()
    assertContains(client.get("/results/"), "its disk may be full or its database locked")


# --- taking away -----------------------------------------------------------------------------------------------------


def with_face(owner: str, name: str, hours: int) -> Result:
    result: Result = make_result(owner=owner, name=name, created=NOON + timedelta(hours=hours), face_count=1)
    points = [[number + 0.25, 2 * number] for number in range(90)]
    Face.objects.create(result=result, number=1, points=points)
    return result


def export(client: Client, format_name: str, *results: Result) -> HttpResponse:
    return client.post(f"/results/export/{format_name}", {"result": [result.pk for result in results]})


def test_csv_is_one_table_with_the_name_in_every_row(client: Client, owner: str) -> None:
    older, newer = with_face(owner, "same.jpg", 0), with_face(owner, "same.jpg", 1)
    with_face(owner, "left.jpg", 2)
    response = export(client, "csv", older, newer)
    assert response["Content-Disposition"] == 'attachment; filename="facesite-2-results.csv"'
    rows = list(csv.DictReader(io.StringIO(body(response).decode())))
    assert len(rows) == 180
    assert [rows[0]["result"], rows[-1]["result"]] == [str(newer.pk), str(older.pk)]
    assert {row["source"] for row in rows} == {"same.jpg"}
    assert float(rows[0]["x"]) == 0.25


def test_json_is_one_list_of_answers(client: Client, owner: str) -> None:
    older, newer = with_face(owner, "a.jpg", 0), with_face(owner, "“b”.jpg", 1)
    response = export(client, "json", older, newer)
    assert response["Content-Type"] == "application/json"
    first, second = json.loads(body(response))
    assert (first["result"], first["source"], len(first["face_shape_set"])) == (str(newer.pk), "“b”.jpg", 1)
    assert list(second) == ["result", "source", "image_width", "image_height", "face_model_version", "face_shape_set"]


def test_failed_results_have_nothing_to_take_away(client: Client, owner: str) -> None:
    failed = make_result(owner=owner, error_code="engine_failed")
    assert len(json.loads(body(export(client, "json", failed, with_face(owner, "a.jpg", 1))))) == 1
    export(client, "json", failed)
    assertContains(client.get("/results/"), "The engine failed for all selected results.")


def test_results_of_others_are_left_out(client: Client, owner: str) -> None:
    theirs = with_face("bob", "b.jpg", 0)
    assert len(json.loads(body(export(client, "json", theirs, with_face(owner, "a.jpg", 1))))) == 1


def test_an_unknown_format_is_not_found(client: Client, three: list[Result]) -> None:
    assert export(client, "docx", *three).status_code == 404


def test_many_are_never_in_memory_together(client: Client, owner: str) -> None:
    results = [with_face(owner, f"{number}.jpg", number) for number in range(30)]
    response = export(client, "csv", *results)
    assert response.streaming
    assert len(body(response).splitlines()) == 1 + 30 * 90
