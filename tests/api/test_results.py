"""`/api/results`: made, listed, read, taken away, named and deleted, by its owner alone."""

import base64
import csv
import io
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.test import Client
from PIL import Image
from pytest_django.asserts import assertNumQueries

from landmarks.core.errors import NotFound
from landmarks.models import Result
from landmarks.services import descriptions
from landmarks.storage import deletion
from tests.api.conftest import REGION_COUNTS, RESULTS, MakeToken, Program, error_of
from tests.photos.bombs import encoded
from tests.vendor import Vendor
from tests.web.test_history import copies

JSON = "application/json"


@pytest.fixture
def made(program: Program, images: Path) -> dict:
    response = program.send(RESULTS, images / "two_people.jpg", "photo")
    assert response.status_code == 201
    return response.json()


@pytest.fixture
def somebody_else(make_token: MakeToken) -> Program:
    return Program(make_token("bob"), Client())


# --- making ----------------------------------------------------------------------------------------------------------


def test_a_photo_becomes_a_result(program: Program, images: Path) -> None:
    response = program.send(RESULTS, images / "two_people.jpg", "photo")
    made = response.json()
    assert response.status_code == 201
    assert response.headers["Location"] == f"{RESULTS}/{made['id']}"
    assert program.get(made["url"]).json() == made
    assert made["name"] == "two_people.jpg"
    assert made["photo"] == {"width": 1126, "height": 661, "format": "JPEG", "orientation": 1}
    assert (made["face_count"], made["engine"], made["error"]) == (2, "local", None)
    assert datetime.fromisoformat(made["created"]).tzinfo


def test_a_face_reports_all_that_is_known(made: dict) -> None:
    first, second = made["faces"]
    assert (first["number"], second["number"]) == (1, 2)
    assert {region: len(points) for region, points in first["points"].items()} == REGION_COUNTS
    assert any(point["x"] % 1 for point in first["points"]["mouth"])
    assert first["box"]["left"] == min(point["x"] for points in first["points"].values() for point in points)
    assert set(first["pose"]) == {"yaw", "pitch", "roll"}
    assert len(first["uncertainty"]) == 90
    assert 0 < first["eye_openness"][0] < 1
    assert 0 < first["expressions"]["mouthSmileLeft"] < 1


def test_an_address_becomes_a_result(program: Program, web: Callable[[str], str]) -> None:
    address = web("two_people.jpg")
    asked = {"image_url": address, "mode": 1, "need_rotate_detection": 1.0, "engine": "local"}
    made = program.post(RESULTS, asked, content_type=JSON).json()
    assert (made["name"], made["address"], made["face_count"]) == ("two_people.jpg", address, 1)
    assert (made["mode"], made["need_rotate_detection"], made["face_total"]) == (1, 1, 2)


def test_an_address_may_come_in_a_form(program: Program, web: Callable[[str], str]) -> None:
    made = program.post(RESULTS, {"image_url": web("two_people.jpg"), "mode": "1"}).json()
    assert made["face_count"] == 1


def test_a_photo_without_faces_is_a_result(program: Program, images: Path) -> None:
    response = program.send(RESULTS, images / "rocket.jpg", "photo")
    assert response.status_code == 201
    assert response.json()["faces"] == []
    assert response.json()["attempts"][0]["turned"] == 0


def test_a_failed_run_is_a_result_that_reports_why(
    program: Program, images: Path, settings: LazySettings, tmp_path: Path
) -> None:
    settings.MODELS_DIR = tmp_path
    response = program.send(RESULTS, images / "astronaut.jpg", "photo")
    assert response.status_code == 201
    assert response.json()["error"]["code"] == "engine_unavailable"


def test_an_engine_can_be_chosen(program: Program, images: Path, hosted: Vendor) -> None:
    assert program.send(RESULTS, images / "astronaut.jpg", "photo").json()["engine"] == "acedata"
    assert program.send(RESULTS, images / "astronaut.jpg", "photo", engine="local").json()["engine"] == "local"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"image_url": ""},
        {"image_url": "https://example.org/", "mode": "2"},
        {"image_url": "https://example.org/", "engine": "dlib"},
        {"image_url": "https://example.org/", "face_model_version": "9"},
        {"photo": "not a file"},
    ],
)
def test_an_invalid_form_is_rejected(program: Program, fields: dict) -> None:
    assert error_of(program.post(RESULTS, fields)) == (400, "bad_request")


def test_a_photo_and_an_address_are_one_too_many(program: Program, images: Path) -> None:
    response = program.send(RESULTS, images / "rocket.jpg", "photo", image_url="https://example.org/")
    assert error_of(response) == (400, "bad_request")


@pytest.mark.parametrize("is_form", [False, True])
def test_a_result_is_made_with_a_name_and_a_note(program: Program, web: Callable[[str], str], is_form: bool) -> None:
    fields = {"image_url": web("two_people.jpg"), "name": " Ann\n & Bob", "note": "Two presidents"}
    made = program.post(RESULTS, fields, **({} if is_form else {"content_type": JSON})).json()
    assert (made["name"], made["note"], made["face_count"]) == ("Ann & Bob", "Two presidents", 2)


def test_a_sent_file_gets_the_name_and_the_note_that_are_sent_with_it(program: Program, images: Path) -> None:
    made = program.send(RESULTS, images / "rocket.jpg", "photo", name="Rocket", note="No face").json()
    assert (made["name"], made["note"]) == ("Rocket", "No face")


# --- photos within JSON ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["", "data:image/png;base64,", "\n"])
def test_a_photo_may_come_as_base64(program: Program, images: Path, start: str) -> None:
    text = start + base64.encodebytes((images / "two_people.jpg").read_bytes()).decode()
    response = program.post(RESULTS, {"image_base64": text, "name": "pair.jpg", "mode": "1"}, content_type=JSON)
    made = response.json()
    assert (response.status_code, made["name"], made["face_count"]) == (201, "pair.jpg", 1)


def test_a_photo_as_base64_may_be_as_large_as_a_file(program: Program, settings: LazySettings) -> None:
    """Larger than what Django reads of a JSON body."""
    photo = encoded(Image.new("RGB", (1100, 900)), "BMP")
    assert len(photo) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    body = {"image_base64": base64.b64encode(photo).decode()}
    assert program.post(RESULTS, body, content_type=JSON).status_code == 201
    settings.MAX_UPLOAD_MB = 1
    assert error_of(program.post(RESULTS, body, content_type=JSON)) == (413, "photo_too_large")
    settings.MAX_JSON_BYTES = 10**6
    assert error_of(program.post(RESULTS, body, content_type=JSON)) == (413, "request_too_large")


def test_large_json_is_for_making_results_only(program: Program, made: dict) -> None:
    body = {"note": "a" * 3_000_000}
    response = program.client.patch(f"{RESULTS}/{made['id']}", body, content_type=JSON, headers=program.headers())
    assert error_of(response) == (413, "request_too_large")


@pytest.mark.parametrize("text", ["", "%", "abc", "data:image/png;base64", "\ud83d\ude00", "/9j_-A=="])
def test_what_is_no_base64_is_rejected(program: Program, text: str) -> None:
    assert error_of(program.post(RESULTS, {"image_base64": text}, content_type=JSON)) == (400, "bad_request")


def test_base64_that_is_no_photo_is_rejected_as_a_file_would_be(program: Program) -> None:
    response = program.post(RESULTS, {"image_base64": "AAAA"}, content_type=JSON)
    assert error_of(response) == (415, "photo_unsupported")


def test_a_photo_within_an_address_is_told_about_base64(program: Program) -> None:
    address = "data:image/jpeg;base64," + "/9j/4AAQ" * 1000
    response = program.post(RESULTS, {"image_url": address}, content_type=JSON)
    assert error_of(response) == (400, "bad_request")
    assert "image_base64" in response.json()["error"]["message"]


# --- nothing is ignored ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "similar"),
    [("moed", "mode"), ("imageUrl", "image_url"), ("url", "image_url"), ("need-rotate-detection", "need_rotate")],
)
def test_an_unknown_field_is_reported_with_the_nearest_one(program: Program, sent: str, similar: str) -> None:
    for options in ({"content_type": JSON}, {}):
        response = program.post(RESULTS, {"engine": "local", sent: "1"}, **options)
        assert error_of(response) == (400, "bad_request")
        sentence = response.json()["error"]["message"]
        assert f"Unknown field: {sent}." in sentence
        assert f"Did you mean {similar}" in sentence


def test_an_unknown_field_that_is_like_no_other_is_reported_with_all(program: Program) -> None:
    response = program.post(RESULTS, {"zzz": 1, "qqq": 2}, content_type=JSON)
    sentence = response.json()["error"]["message"]
    assert "zzz, qqq" in sentence
    assert "Did you mean" not in sentence
    assert "image_base64, image_url, mode, name" in sentence


def test_an_unknown_file_is_reported(program: Program, images: Path) -> None:
    response = program.send(RESULTS, images / "rocket.jpg", "photos")
    assert "Did you mean photo?" in response.json()["error"]["message"]
    assert not Result.objects.exists()


def test_a_field_is_given_once(program: Program) -> None:
    response = program.post(RESULTS, {"image_url": "https://example.org/", "mode": ["0", "1"]})
    assert error_of(response) == (400, "bad_request")
    assert "more than once" in response.json()["error"]["message"]


def test_a_change_has_no_other_fields(program: Program, made: dict) -> None:
    path = f"{RESULTS}/{made['id']}"
    body = {"title": "x", "nots": "y"}
    response = program.client.patch(path, body, content_type=JSON, headers=program.headers())
    assert error_of(response) == (400, "bad_request")
    assert "Did you mean note?" in response.json()["error"]["message"]


def test_an_unknown_query_parameter_is_reported(program: Program, made: dict) -> None:
    response = program.get(f"{RESULTS}?limt=5")
    assert error_of(response) == (400, "bad_request")
    assert "limt. Did you mean limit?" in response.json()["error"]["message"]
    for path in (made["url"], made["exports"]["json"]):
        response = program.get(f"{path}?limit=5&id=7")
        assert error_of(response) == (400, "bad_request")
        assert "limit, id" in response.json()["error"]["message"]
    assert error_of(program.get(f"{RESULTS}?limit=5&limit=6")) == (400, "bad_request")


def test_what_was_sent_is_returned_within_bounds(program: Program) -> None:
    response = program.post(RESULTS, {f"{number}{'x' * 1000}": 1 for number in range(100)}, content_type=JSON)
    assert error_of(response) == (400, "bad_request")
    assert len(response.json()["error"]["message"]) < 1000


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"", (400, "photo_damaged")), (b"no photo", (415, "photo_unsupported"))],
)
def test_what_is_no_photo_is_rejected_under_our_own_codes(
    program: Program, tmp_path: Path, content: bytes, expected: tuple[int, str]
) -> None:
    (tmp_path / "a.jpg").write_bytes(content)
    assert error_of(program.send(RESULTS, tmp_path / "a.jpg", "photo")) == expected
    assert not Result.objects.exists()


def test_what_cannot_be_fetched_is_rejected(program: Program) -> None:
    response = program.post(RESULTS, {"image_url": "http://10.0.0.1/"}, content_type=JSON)
    assert error_of(response) == (400, "fetch_failed")


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
    [{"name": ""}, {"name": " \n\0"}, {"name": "\u202e\u200b"}, {"name": 3}, {"name": "a" * 300}, {"note": ["x"]}, []],
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
