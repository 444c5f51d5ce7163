"""Nothing that is sent to `/api/results` is ignored, and what is no photo is rejected."""

from pathlib import Path

import pytest

from landmarks.models import Result
from tests.api.conftest import RESULTS, Program, error_of

JSON = "application/json"


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
