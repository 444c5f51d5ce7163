"""Exports by address: one result, a selection, all that match, everything, with the options of each format."""

import csv
import io
import json
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from landmarks.models import Face, Result
from landmarks.runtime import concurrency
from landmarks.services import exporting
from tests.exports.samples import known, unpacked
from tests.rows import make_result
from tests.runtime.limits import full
from tests.web.conftest import Submit, body

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}
WITHOUT_PHOTO = [name for name in exporting.export_formats() if name not in ("png", "jpg", "zip")]


@pytest.fixture
def owner(client: Client) -> str:
    client.get("/results/")
    return str(client.session["owner"])


def with_face(owner: str, name: str, **facts: object) -> Result:
    result: Result = make_result(owner=owner, name=name, face_count=1, **facts)
    Face.objects.create(result=result, number=1, **known().faces[0].to_dict())
    return result


@pytest.fixture
def three(owner: str) -> list[Result]:
    return [with_face(owner, f"{name}.jpg", note="holiday" * (name != "b")) for name in "abc"]


def names(client: Client, address: str) -> list[str]:
    response = client.get(address)
    assert response.status_code == 200, response.content
    rows = csv.DictReader(io.StringIO(body(response).decode()))
    return [row["source"] for row in rows]


@pytest.mark.parametrize("name", WITHOUT_PHOTO)
def test_one_result_leaves_in_every_format(client: Client, three: list[Result], name: str) -> None:
    response = client.get(f"/results/{three[0].pk}/export/{name}")
    assert response.status_code == 200
    assert body(response)
    assert response["Content-Disposition"].startswith('attachment; filename="a')
    assert "sandbox" in response["Content-Security-Policy"]


@pytest.mark.parametrize("name", WITHOUT_PHOTO)
def test_several_results_leave_in_every_format(client: Client, three: list[Result], name: str) -> None:
    response = client.get(f"/results/export/{name}")
    assert body(response)
    assert response["Content-Disposition"].startswith('attachment; filename="facesite-3-results')


@pytest.mark.parametrize("name", ["png", "jpg", "zip"])
def test_photos_leave_too(client: Client, submit: Submit, name: str) -> None:
    submit("two_people.jpg")
    result = Result.objects.get()
    assert len(body(client.get(f"/results/{result.pk}/export/{name}"))) > 10_000
    files = unpacked(body(client.get(f"/results/export/{name}")))
    assert [path.partition("/")[2] or path for path in files] == [
        f"two_people-{result.pk}.{name.replace('zip', 'jpg')}"
    ]


def test_a_selection_leaves_by_its_ids(client: Client, three: list[Result]) -> None:
    ids = f"{three[0].pk},{three[2].pk}"
    assert names(client, f"/results/export/csv-wide?ids={ids}") == ["c.jpg", "a.jpg"]
    repeated = f"ids={three[0].pk}&ids={three[2].pk}"
    assert names(client, f"/results/export/csv-wide?{repeated}") == ["c.jpg", "a.jpg"]


def test_all_that_match_leave(client: Client, three: list[Result]) -> None:
    assert names(client, "/results/export/csv-wide?words=holiday") == ["c.jpg", "a.jpg"]
    assert names(client, "/results/export/csv-wide") == ["c.jpg", "b.jpg", "a.jpg"]
    assert names(client, f"/results/export/csv-wide?all={three[1].position}") == ["b.jpg", "a.jpg"]


def test_more_than_a_page_leaves(client: Client, owner: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "CHUNK", 10)
    for number in range(35):
        with_face(owner, f"{number}.jpg")
    assert names(client, "/results/export/csv-wide") == [f"{number}.jpg" for number in reversed(range(35))]


def test_failed_results_stay(client: Client, three: list[Result], owner: str) -> None:
    make_result(owner=owner, name="failed.jpg", error_code="engine_failed")
    assert names(client, "/results/export/csv-wide") == ["c.jpg", "b.jpg", "a.jpg"]


def test_a_result_that_is_not_there_is_reported(client: Client, three: list[Result]) -> None:
    other = with_face("bob", "other.jpg")
    for id in (uuid4(), other.pk, "x"):
        response = client.get(f"/results/export/csv?ids={three[0].pk},{id}", headers=JSON)
        assert response.status_code == 404
        assert response.json()["error"]["message"].startswith("Of the 2 selected results, 1 don't exist")


def test_nobody_elses_results_leave(client: Client, three: list[Result]) -> None:
    with_face("bob", "other.jpg")
    assert "other.jpg" not in names(client, "/results/export/csv-wide")
    assert Client().get("/results/export/csv").status_code == 404


@pytest.mark.parametrize(
    ("address", "status", "text"),
    [
        ("csv?state=asleep", 400, "The state"),
        ("csv?all=x", 400, "isn't a position"),
        ("csv?scheme=face91", 400, "“scheme” must be one of"),
        ("json?scheme=face90", 400, "The format json has no option scheme."),
        ("pts?guessed=0", 400, "The format pts has no option guessed."),
        ("csv?formats=coco", 400, "The format csv has no option formats. These have: zip."),
        ("zip?formats=zip", 400, "isn't one of the formats"),
        ("csv?size=2", 400, "has no option size"),
        ("docx", 404, "This format doesn't exist. The formats are: png, "),
        ("csv?words=nobody", 404, "No result is selected"),
    ],
)
def test_what_cannot_leave_is_explained(
    client: Client, three: list[Result], address: str, status: int, text: str
) -> None:
    response = client.get(f"/results/export/{address}", headers=JSON)
    assert response.status_code == status
    assert text in response.json()["error"]["message"]


def test_options_reach_the_file(client: Client, three: list[Result]) -> None:
    assert len(names(client, f"/results/export/csv?guessed=0&ids={three[0].pk}")) == 89
    assert b"<skeleton" not in body(client.get("/results/export/cvat?shapes=points"))


def test_so_many_exports_run_at_once(client: Client, three: list[Result]) -> None:
    with full(concurrency.EXPORTING):
        response = client.get("/results/export/csv", headers=JSON)
        assert (response.status_code, response.json()["error"]["code"]) == (503, "busy")
    first = client.get("/results/export/csv")
    assert concurrency.EXPORTING._free == concurrency.EXPORTING.at_once - 1
    body(first)
    client.get("/results/export/csv").close()
    assert concurrency.EXPORTING._free == concurrency.EXPORTING.at_once


def test_what_is_deleted_meanwhile_is_left_out(
    client: Client, three: list[Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "CHUNK", 1)
    response = client.get("/results/export/jsonl")
    pieces = iter(response.streaming_content)
    lines = [next(pieces)]
    Result.objects.filter(pk=three[1].pk).delete()
    lines += pieces
    assert [json.loads(line)["source"] for line in lines if line] == ["c.jpg", "a.jpg"]


# --- the form --------------------------------------------------------------------------------------------------------


def test_the_form_leads_to_the_file_and_is_remembered(client: Client, three: list[Result]) -> None:
    page = client.get(f"/results/{three[0].pk}/save")
    assertContains(page, 'value="png"')
    assertContains(page, "1 result with 1 face.")
    response = client.get(f"/results/{three[0].pk}/export?format=csv&scheme=face90")
    address = f"/results/{three[0].pk}/export/csv?scheme=face90&guessed=0"
    assertRedirects(response, address, 303, fetch_redirect_response=False)
    assert client.get(address).status_code == 200
    again = client.get(f"/results/{three[1].pk}/save").content.decode()
    assert [text for text in again.split("<input") if "checked" in text and 'name="format"' in text][0].count("csv")


def test_with_photos_the_file_is_in_an_archive(client: Client, three: list[Result]) -> None:
    response = client.get("/results/export?format=coco&photos=1&guessed=1&words=holiday")
    address = "/results/export/zip?words=holiday&formats=coco"
    assertRedirects(response, address, 303, fetch_redirect_response=False)


def test_options_that_a_format_has_not_are_passed_over(client: Client, three: list[Result]) -> None:
    response = client.get("/results/export?format=json&scheme=face90")
    assertRedirects(response, "/results/export/json", 303, fetch_redirect_response=False)


@pytest.mark.parametrize("query", ["", "?format=docx", "?format=csv&scheme=x"])
def test_an_invalid_choice_is_explained(client: Client, three: list[Result], query: str) -> None:
    assert client.get(f"/results/export{query}").status_code == 400


def test_a_selection_on_the_page_leads_to_the_form(client: Client, three: list[Result], settings: LazySettings) -> None:
    page = client.post("/results/save", {"result": [three[0].pk, three[2].pk]}).content.decode()
    assert f'name="ids" value="{three[2].pk},{three[0].pk}"' in page or str(three[2].pk) in page
    assert "2 results with 2 faces." in " ".join(page.split())
    page = client.post("/results/save?words=holiday", {"all": three[2].position}).content.decode()
    assert 'name="words" value="holiday"' in page
    assert f'name="all" value="{three[2].position}"' in page


def test_an_empty_selection_has_no_form(client: Client, three: list[Result]) -> None:
    assertRedirects(client.post("/results/save"), "/results/", 303, fetch_redirect_response=False)
    assertContains(client.get("/results/"), "Nothing is selected.")
