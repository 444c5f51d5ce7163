"""`/api/results`: listed, read, taken away, named and deleted, by its owner alone."""

import csv
import io
import json
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.test import Client
from pytest_django.asserts import assertNumQueries

from landmarks.core.errors import NotFound
from landmarks.models import Result
from landmarks.services import descriptions
from landmarks.storage import deletion
from tests.api.conftest import RESULTS, MakeToken, Program, error_of
from tests.web.test_history import copies

JSON = "application/json"


# --- going through them ----------------------------------------------------------------------------------------------


def test_results_are_listed_newest_first_page_by_page(program: Program, made: dict) -> None:
    copies(Result.objects.get(), 11)
    page, pages = f"{RESULTS}?limit=5", []
    while page:
        response = program.get(page)
        body = response.json()
        pages.append([result["id"] for result in body["results"]])
        page = body["next"]
        assert response.headers.get("Link") == (f'<{page}>; rel="next"' if page else None)
    assert [len(ids) for ids in pages] == [5, 5, 2]
    assert sum(pages, []) == [str(result.pk) for result in Result.objects.newest_first()]


def test_a_listed_result_reports_everything_but_its_faces(program: Program, made: dict) -> None:
    (listed,) = program.get(RESULTS).json()["results"]
    assert listed == {name: value for name, value in made.items() if name not in ("faces", "attempts")}


@pytest.mark.parametrize("count", [0, 40])
def test_a_list_costs_the_same_at_every_length(program: Program, made: dict, count: int) -> None:
    copies(Result.objects.get(), count)
    program.get(RESULTS)  # notes the use of the token
    with assertNumQueries(3):
        program.get(RESULTS)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("words=people", 1),
        ("words=nobody", 0),
        ("count=2-4", 1),
        ("count=1", 0),
        ("engine=local&state=found", 1),
        ("state=failed", 0),
        ("since=2020-01-01&until=2199-12-31", 1),
        ("until=2020-01-01", 0),
        ("smaller_than=9999&has_turned=0", 1),
        ("smaller_than=10", 0),
        ("has_turned=1", 0),
    ],
)
def test_a_list_is_filtered_as_the_history_is(program: Program, made: dict, query: str, count: int) -> None:
    assert len(program.get(f"{RESULTS}?{query}").json()["results"]) == count


def test_the_next_page_is_filtered_too(program: Program, made: dict) -> None:
    copies(Result.objects.get(), 4)
    page = program.get(f"{RESULTS}?words=copy&limit=2").json()
    following = program.get(page["next"]).json()
    assert [result["name"] for result in page["results"] + following["results"]].count("two_people.jpg") == 0
    assert (len(following["results"]), following["next"]) == (2, None)


@pytest.mark.parametrize(
    "query",
    [
        *("before=x", "before=", "before=99999999999999999999", "limit=0", "limit=101", "limit=many", "since=soon"),
        *("since=2026-02-01&until=2026-01-01", "count=many", "state=good", "engine=dlib", "words=%00"),
        *("has_turned=2", "smaller_than=0", "smaller_than=64.5"),
    ],
)
def test_an_invalid_query_is_rejected(program: Program, query: str) -> None:
    assert error_of(program.get(f"{RESULTS}?{query}")) == (400, "bad_request")


# --- taking away -----------------------------------------------------------------------------------------------------


def test_a_result_can_be_had_in_every_form(program: Program, made: dict) -> None:
    assert {"json", "csv"} <= set(made["exports"])
    answer = program.get(made["exports"]["json"]).json()
    assert list(answer) == ["image_width", "image_height", "face_model_version", "face_shape_set"]
    rows = list(csv.DictReader(io.StringIO(program.get(made["exports"]["csv"]).content.decode())))
    assert len(rows) == 180
    assert all(program.get(url).status_code == 200 for url in made["exports"].values())


def test_a_form_that_does_not_exist_is_reported_with_those_that_do(program: Program, made: dict) -> None:
    response = program.get(f"{RESULTS}/{made['id']}/export/docx")
    assert error_of(response) == (404, "not_found")
    assert "csv" in response.json()["error"]["message"]


# --- changing --------------------------------------------------------------------------------------------------------


def test_a_result_can_be_named_and_noted(program: Program, made: dict) -> None:
    path = f"{RESULTS}/{made['id']}"
    response = program.client.patch(path, {"note": "Two presidents"}, content_type=JSON, headers=program.headers())
    assert (response.json()["name"], response.json()["note"]) == ("two_people.jpg", "Two presidents")
    program.client.patch(path, {"name": " Ann\n & Bob\0"}, content_type=JSON, headers=program.headers())
    body = program.get(path).json()
    assert (body["name"], body["note"]) == ("Ann & Bob", "Two presidents")


def test_name_and_note_lose_what_cannot_be_seen(program: Program, made: dict) -> None:
    body = {"name": "gpj\u202e.exe\u2028👩\u200d🚀", "note": "\u2066a\r\nb\0\u200b"}
    path = f"{RESULTS}/{made['id']}"
    changed = program.client.patch(path, body, content_type=JSON, headers=program.headers()).json()
    assert (changed["name"], changed["note"]) == ("gpj.exe 👩\u200d🚀", "a\nb")


@pytest.mark.parametrize(
    "body",
    [{"name": ""}, {"name": " \n\0"}, {"name": "\u202e\u200b"}, {"name": 3}, {"name": None}, {"name": "a" * 300}]
    + [{"note": ["x"]}, {"note": None}, []],
)
def test_other_names_are_rejected(program: Program, made: dict, body: object) -> None:
    path = f"{RESULTS}/{made['id']}"
    response = program.client.patch(path, json.dumps(body), content_type=JSON, headers=program.headers())
    assert error_of(response) == (400, "bad_request")


def test_a_result_can_be_deleted(program: Program, made: dict) -> None:
    response = program.client.delete(f"{RESULTS}/{made['id']}", headers=program.headers())
    assert (response.status_code, response.content) == (204, b"")
    assert error_of(program.get(made["url"])) == (404, "not_found")
    assert program.get(RESULTS).json()["results"] == []
    again = program.client.delete(f"{RESULTS}/{made['id']}", headers=program.headers())
    assert error_of(again) == (404, "not_found")


def test_a_deleted_result_cannot_be_named(program: Program, made: dict) -> None:
    def rename() -> tuple[int, str]:
        return error_of(program.client.patch(path, {"name": "x"}, content_type=JSON, headers=program.headers()))

    path, read_before = f"{RESULTS}/{made['id']}", Result.objects.get()
    program.client.delete(path, headers=program.headers())
    assert rename() == (404, "not_found")
    with pytest.raises(NotFound):
        descriptions.describe(read_before, name="x")
    deletion.delete(read_before)
    assert rename() == (404, "not_found")
    with pytest.raises(NotFound):
        descriptions.describe(read_before, note="x")


# --- whose they are --------------------------------------------------------------------------------------------------


def test_nobody_else_sees_or_changes_a_result(program: Program, made: dict, somebody_else: Program) -> None:
    path, headers = f"{RESULTS}/{made['id']}", somebody_else.headers()
    assert somebody_else.get(RESULTS).json()["results"] == []
    assert error_of(somebody_else.get(path)) == (404, "not_found")
    assert error_of(somebody_else.get(f"{path}/export/json")) == (404, "not_found")
    assert error_of(somebody_else.client.delete(path, headers=headers)) == (404, "not_found")
    renamed = somebody_else.client.patch(path, {"name": "mine"}, content_type=JSON, headers=headers)
    assert error_of(renamed) == (404, "not_found")
    assert Client().get(f"/results/{made['id']}/").status_code == 404
    assert program.get(path).json() == made


def test_a_result_that_never_was_is_reported_in_the_same_way(program: Program) -> None:
    assert error_of(program.get(f"{RESULTS}/{uuid4()}")) == (404, "not_found")
    assert error_of(program.get(f"{RESULTS}/1")) == (404, "no_api")


def test_tokens_of_one_name_see_the_same_results(made: dict, make_token: MakeToken) -> None:
    assert len(Program(make_token("ann"), Client()).get(RESULTS).json()["results"]) == 1


def test_a_shared_history_is_everybodys(made: dict, somebody_else: Program, settings: LazySettings) -> None:
    settings.HISTORY = "shared"
    assert len(somebody_else.get(RESULTS).json()["results"]) == 1
    assert Client().get(f"/results/{made['id']}/").status_code == 200


def test_the_query_of_an_address_is_seen_by_its_owner_alone(
    program: Program, made: dict, somebody_else: Program, settings: LazySettings
) -> None:
    settings.HISTORY = "shared"
    Result.objects.update(address="https://example.org/a.jpg?key=secret")
    for path in (RESULTS, f"{RESULTS}/{made['id']}"):
        assert b"https://example.org/a.jpg?key=secret" in program.get(path).content
        assert b'"https://example.org/a.jpg"' in somebody_else.get(path).content
    page = f"/results/{made['id']}/"
    for path in (page, f"{page}export/json", f"{page}export/csv", f"{page}overlay.svg", "/results/"):
        content = Client().get(path).content
        assert content and b"secret" not in content, path
    assert b"https://example.org/a.jpg" in Client().get(page).content


# --- addresses, methods, version -------------------------------------------------------------------------------------


def test_a_slash_at_the_end_is_no_redirect(program: Program, made: dict) -> None:
    for path in (RESULTS, f"{RESULTS}/{made['id']}", f"{RESULTS}/{made['id']}/export/json"):
        assert program.get(f"{path}/").status_code == 200


def test_doubled_slashes_are_one(program: Program, made: dict) -> None:
    for path in (RESULTS, f"{RESULTS}/{made['id']}", f"{RESULTS}/{made['id']}/export/json"):
        assert program.get("http://testserver/" + path).status_code == 200
        assert program.get("http://testserver" + path.replace("/", "//")).status_code == 200
    body = program.get("http://testserver/" + RESULTS).json()
    assert body["results"][0]["url"] == made["url"]


def test_a_head_is_that_of_the_answer(program: Program, made: dict) -> None:
    for path in (RESULTS, f"{RESULTS}/{made['id']}"):
        head = program.client.head(path, headers=program.headers())
        assert (head.status_code, head.content) == (200, b"")
    assert program.client.head(f"{RESULTS}/{uuid4()}", headers=program.headers()).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", RESULTS, {"GET", "HEAD", "POST"}),
        ("POST", f"{RESULTS}/{UUID(int=1)}", {"GET", "HEAD", "PATCH", "DELETE"}),
        ("DELETE", f"{RESULTS}/{UUID(int=1)}/export/json", {"GET", "HEAD"}),
    ],
)
def test_other_methods_are_rejected(program: Program, method: str, path: str, allowed: set[str]) -> None:
    response = program.client.generic(method, path, headers=program.headers())
    assert error_of(response) == (405, "method_not_allowed")
    assert set(response.headers["Allow"].split(", ")) == allowed


def test_the_version_is_returned_and_can_be_required(program: Program) -> None:
    assert program.get(RESULTS).headers["API-Version"] == "1"
    assert program.client.get(RESULTS, headers={**program.headers(), "API-Version": "1"}).status_code == 200
    other = program.client.get(RESULTS, headers={**program.headers(), "API-Version": "2"})
    assert error_of(other) == (400, "bad_request")
    assert other.headers["API-Version"] == "1"
