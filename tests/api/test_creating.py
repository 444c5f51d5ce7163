"""`POST /api/results`: from a file, an address or base64, with options, a name and a note."""

import base64
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import LazySettings
from PIL import Image

from tests.api.conftest import REGION_COUNTS, RESULTS, Program, error_of
from tests.photos.bombs import encoded
from tests.vendor import Vendor

JSON = "application/json"


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
