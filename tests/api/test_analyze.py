"""`POST /face/analyze`: the vendor's request, the vendor's answer, and nothing kept."""

import codecs
import gzip
import io
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import LazySettings
from PIL import Image

from landmarks.api.acedata import vendor_error
from landmarks.core.errors import HostedError
from landmarks.models import Photo, Result
from landmarks.runtime.concurrency import DETECTION
from tests.api.conftest import ANALYZE, REGION_COUNTS, RESULTS, Program, error_of
from tests.runtime.limits import full
from tests.vendor import Vendor, answering
from tests.vendor import refusal as said

Web = Callable[[str], str]


@pytest.fixture
def astronaut(web: Web) -> str:
    return web("astronaut.jpg")


@pytest.fixture
def sideways(images: Path) -> bytes:
    """The astronaut as a phone writes it that was held on its side."""
    stream = io.BytesIO()
    with Image.open(images / "astronaut.jpg") as image:
        exif = image.getexif()
        exif[0x0112] = 6
        image.crop((0, 0, 400, 512)).transpose(Image.Transpose.ROTATE_90).save(stream, "JPEG", exif=exif)
    return stream.getvalue()


def test_answers_four_keys_and_nine_regions_in_whole_pixels(program: Program, astronaut: str) -> None:
    response = program.analyze(astronaut)
    body = response.json()
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert list(body) == ["image_width", "image_height", "face_model_version", "face_shape_set"]
    assert (body["image_width"], body["image_height"], body["face_model_version"]) == (512, 512, "3.0")
    (face,) = body["face_shape_set"]
    assert {region: len(points) for region, points in face.items()} == REGION_COUNTS
    assert list(face) == list(REGION_COUNTS)
    assert all(list(point) == ["x", "y"] for points in face.values() for point in points)
    assert all(type(value) is int for points in face.values() for point in points for value in point.values())


def test_each_answer_has_a_trace_id_in_its_header_alone(program: Program, astronaut: str) -> None:
    ids = {program.analyze(astronaut).headers["x-trace-id"] for _ in range(2)}
    assert len(ids) == 2
    assert all(UUID(id).version == 4 for id in ids)


def test_nothing_is_kept(program: Program, astronaut: str) -> None:
    assert program.analyze(astronaut).status_code == 200
    assert not Result.objects.exists()
    assert not Photo.objects.exists()


def test_the_points_are_those_of_the_pages(program: Program, astronaut: str, images: Path) -> None:
    made = program.send("/api/results", images / "astronaut.jpg", "photo").json()
    exported = program.get(made["exports"]["json"]).json()
    assert program.analyze(astronaut).json() == exported


def test_faces_come_largest_first_and_mode_1_is_the_first(program: Program, web: Web) -> None:
    address = web("two_people.jpg")
    both = program.analyze(address, mode=0).json()["face_shape_set"]
    assert len(both) == 2
    assert program.analyze(address, mode=1).json()["face_shape_set"] == both[:1]


@pytest.mark.parametrize("one", [1, 1.0, "1"])
def test_flags_are_whole_numbers_floats_or_text(program: Program, web: Web, one: object) -> None:
    response = program.analyze(web("two_people.jpg"), mode=one, need_rotate_detection=one)
    assert len(response.json()["face_shape_set"]) == 1


@pytest.mark.parametrize("field", ["mode", "need_rotate_detection"])
@pytest.mark.parametrize("value", [2, -1, 0.5, True, "2", "01", "", [], {}, 1e400])
def test_flags_are_nothing_else(program: Program, field: str, value: object) -> None:
    response = program.analyze("https://example.org/a.jpg", **{field: value})
    assert error_of(response) == (400, "bad_request")
    assert f"{field}: must be 0 or 1" in response.json()["error"]["message"]


@pytest.mark.parametrize(
    ("sent", "expected"), [("3.0", "3.0"), ("3", "3.0"), (3, "3.0"), (3.0, "3.0"), ("2.0", "2.0"), (None, "3.0")]
)
def test_the_version_is_returned_in_one_spelling(program: Program, astronaut: str, sent: object, expected: str) -> None:
    assert program.analyze(astronaut, face_model_version=sent).json()["face_model_version"] == expected


@pytest.mark.parametrize("version", ["4.0", "1.0", "", "3.00", 4, 3.5, True, ["3.0"]])
def test_other_versions_are_rejected(program: Program, version: object) -> None:
    response = program.analyze("https://example.org/a.jpg", face_model_version=version)
    assert error_of(response) == (400, "bad_request")
    assert "face_model_version: must be one of 2.0, 3.0" in response.json()["error"]["message"]


def test_unknown_fields_are_passed_over(program: Program, astronaut: str) -> None:
    fields = {"callback_url": "https://example.org/", "async": True, "age": {"a": [1]}}
    assert program.analyze(astronaut, **fields).status_code == 200


def test_the_upright_photo_is_what_is_measured(program: Program, vendor: Vendor, web: Web, sideways: bytes) -> None:
    web("astronaut.jpg")
    body = program.analyze(vendor.puts("/sideways.jpg", sideways)).json()
    assert (body["image_width"], body["image_height"]) == (400, 512)
    (face,) = body["face_shape_set"]
    assert face["left_eye"][0]["x"] < face["right_eye"][0]["x"]
    assert face["left_eye"][0]["y"] < face["mouth"][0]["y"]


# --- what is more ----------------------------------------------------------------------------------------------------


def test_extras_are_added_on_request_and_change_nothing_else(program: Program, astronaut: str) -> None:
    plain = program.analyze(astronaut).json()
    body = program.analyze(astronaut, path=f"{ANALYZE}?extras=1").json()
    extras = body.pop("extras")
    assert body == plain
    (face,) = extras["faces"]
    assert {region: len(points) for region, points in face["points"].items()} == REGION_COUNTS
    assert [round(point["x"]) for point in face["points"]["nose"]] == [
        point["x"] for point in body["face_shape_set"][0]["nose"]
    ]
    assert any(point["x"] % 1 for point in face["points"]["nose"])
    assert 0.6 < face["score"] <= 1
    assert set(face["pose"]) == {"yaw", "pitch", "roll"}
    assert extras["engine"] == "local"


def test_asking_for_more_is_asking_in_one_way(program: Program) -> None:
    assert error_of(program.analyze("https://example.org/", path=f"{ANALYZE}?extras=yes")) == (400, "bad_request")


# --- what is refused -------------------------------------------------------------------------------------------------


def test_no_face_is_the_callers_to_mend(program: Program, web: Web) -> None:
    response = program.analyze(web("rocket.jpg"))
    assert error_of(response) == (400, "bad_request")
    assert "No face was found" in response.json()["error"]["message"]


def test_an_address_is_needed(program: Program) -> None:
    response = program.analyze()
    assert error_of(response) == (400, "bad_request")
    assert response.json()["error"]["message"] == "image_url is required"


@pytest.mark.parametrize("address", ["", None, 7, ["https://example.org/"], "a" * 5000])
def test_an_address_is_a_text(program: Program, address: object) -> None:
    assert error_of(program.analyze(image_url=address)) == (400, "bad_request")


def test_a_photo_in_the_address_is_sent_another_way(program: Program) -> None:
    response = program.analyze("data:image/jpeg;base64,/9j/4AAQ")
    assert error_of(response) == (400, "bad_request")
    assert "/api/v1/files/" in response.json()["error"]["message"]


@pytest.mark.parametrize(
    "address",
    [
        "astronaut.jpg",
        "ftp://example.org/a.jpg",
        "file:///etc/passwd",
        "http://127.0.0.1:1/a.jpg",
        "http://169.254.169.254/",
        "http://[::1]/",
        "http://user@example.org/",
        "http://\ud800/",
    ],
)
def test_what_may_not_be_fetched_is_the_callers_to_mend(program: Program, address: str) -> None:
    assert error_of(program.analyze(address)) == (400, "bad_request")


def test_what_is_no_photo_is_the_callers_to_mend(program: Program, web: Web, vendor: Vendor) -> None:
    web("astronaut.jpg")
    assert error_of(program.analyze(vendor.puts("/a.jpg", b"no photo"))) == (400, "bad_request")
    assert error_of(program.analyze(vendor.url + "/missing.jpg")) == (400, "bad_request")


def test_a_photo_behind_an_address_that_is_too_large_is_the_callers_to_mend(
    program: Program, web: Web, settings: LazySettings
) -> None:
    address = web("two_people.jpg")
    settings.MAX_PIXELS = 1000
    assert error_of(program.analyze(address)) == (400, "bad_request")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b"[" * 100_000, b'{"image_url": "\\ud800"}', b"NaN"]
)
def test_what_is_no_json_object_is_rejected(program: Program, body: bytes) -> None:
    response = program.post(ANALYZE, body, content_type="application/json")
    assert error_of(response) == (400, "bad_request")


def test_another_type_than_json_is_rejected(program: Program) -> None:
    response = program.post(ANALYZE, b"image_url=x", content_type="application/x-www-form-urlencoded")
    assert error_of(response) == (415, "unsupported_media_type")


def test_json_with_a_charset_is_json(program: Program, astronaut: str) -> None:
    response = program.post(ANALYZE, {"image_url": astronaut}, content_type="application/json; charset=utf-8")
    assert response.status_code == 200


def test_more_than_is_taken_is_rejected(program: Program) -> None:
    assert error_of(program.analyze("https://example.org/" + "a" * 3_000_000)) == (413, "request_too_large")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (gzip.compress(b"{}", mtime=0), "gzip"),
        (codecs.BOM_UTF8 + b"{}", "byte order mark"),
        ('{"image_url": "x"}'.encode("utf-16"), "UTF-16"),
        ('{"image_url": "x"}'.encode("utf-16-le"), "UTF-16"),
        ('{"image_url": "x"}'.encode("utf-16-be"), "UTF-16"),
        ('{"image_url": "x"}'.encode("utf-32"), "UTF-32"),
        ('{"image_url": "caf\xe9"}'.encode("latin-1"), "UTF-8"),
    ],
)
@pytest.mark.parametrize("path", [ANALYZE, RESULTS])
def test_a_body_in_another_encoding_is_told_which(program: Program, path: str, body: bytes, reason: str) -> None:
    response = program.post(path, body, content_type="application/json")
    assert error_of(response) == (400, "bad_request")
    assert reason in response.json()["error"]["message"]


@pytest.mark.parametrize("path", [ANALYZE, RESULTS])
def test_a_declared_compression_is_refused_by_name(program: Program, path: str) -> None:
    headers = {**program.headers(), "Content-Encoding": "deflate"}
    response = program.client.post(path, b"x", content_type="application/json", headers=headers)
    assert error_of(response) == (400, "bad_request")
    assert "deflate" in response.json()["error"]["message"]


# --- what is ignored -------------------------------------------------------------------------------------------------


def test_unknown_fields_are_ignored_and_reported(program: Program, astronaut: str) -> None:
    response = program.analyze(astronaut, path=f"{ANALYZE}?trace=1", callback_url="x", imageUrl="y", mode="1")
    assert response.status_code == 200
    assert response.headers["X-Ignored-Fields"] == "callback_url, imageUrl, trace"


def test_a_misspelt_address_is_reported_with_the_error(program: Program) -> None:
    response = program.analyze(imageURL="https://example.org/")
    assert error_of(response) == (400, "bad_request")
    assert response.headers["X-Ignored-Fields"] == "imageURL"


def test_nothing_ignored_is_no_header(program: Program, astronaut: str) -> None:
    assert "X-Ignored-Fields" not in program.analyze(astronaut, path=f"{ANALYZE}?extras=1").headers


def test_the_header_of_what_is_ignored_is_short_and_harmless(program: Program) -> None:
    fields = {"a\r\nSet-Cookie: x=1": 1, "\u4f60": 1, **{f"{number}{'x' * 1000}": 1 for number in range(100)}}
    header = program.analyze(**fields).headers["X-Ignored-Fields"]
    assert header.startswith("a??Set-Cookie??x?1, ?, 0xxx")
    assert header.endswith(", ...")
    assert len(header) < 500


# --- the engine fails ------------------------------------------------------------------------------------------------


def test_an_engine_that_cannot_run_is_our_fault(
    program: Program, astronaut: str, settings: LazySettings, tmp_path: Path
) -> None:
    settings.MODELS_DIR = tmp_path
    assert error_of(program.analyze(astronaut)) == (500, "api_error")


def test_a_site_that_is_full_asks_to_come_back(program: Program, astronaut: str) -> None:
    with full(DETECTION):
        response = program.analyze(astronaut)
    assert error_of(response) == (503, "busy")
    assert int(response.headers["Retry-After"]) > 0
    assert program.analyze(astronaut).status_code == 200


@pytest.mark.usefixtures("on_the_internet")
def test_the_hosted_engine_answers_where_it_is_the_default(program: Program, astronaut: str, hosted: Vendor) -> None:
    body = program.analyze(astronaut).json()
    assert hosted.requests[0].json()["image_url"] == astronaut
    assert len(body["face_shape_set"]) == 1


def test_the_token_of_this_site_is_no_matter_of_the_callers(program: Program, astronaut: str, hosted: Vendor) -> None:
    hosted.answers(said(401, "invalid_token", "It is wrong."))
    assert error_of(program.analyze(astronaut)) == (500, "api_error")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, (400, "bad_request")),
        (413, (400, "bad_request")),
        (429, (429, "too_many_requests")),
        (502, (500, "api_error")),
        (503, (500, "api_error")),
        (504, (504, "timeout")),
    ],
)
def test_a_failure_of_the_hosted_engine_has_a_status_that_the_caller_can_act_on(
    status: int, expected: tuple[int, str]
) -> None:
    error = vendor_error(HostedError("no_face", code="hosted_x", status=status), is_upload=False)
    assert (error.status, error.code) == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (said(403, "used_up", "Your balance is not sufficient."), (403, "used_up")),
        (said(400, "used_up", "Your balance is not sufficient."), (403, "used_up")),
        (said(403, "disabled", "Your application has been disabled."), (403, "disabled")),
        (said(403, "forbidden", "Moderation."), (403, "forbidden")),
        (said(400, "bad_request", "Something is wrong."), (400, "bad_request")),
        (answering({"image_width": 512}), (424, "api_error")),
        (answering([]), (424, "api_error")),
    ],
)
def test_a_failure_that_a_repetition_does_not_mend_is_not_repeated(
    program: Program, astronaut: str, hosted: Vendor, answer: object, expected: tuple[int, str]
) -> None:
    hosted.answers(answer)
    assert error_of(program.analyze(astronaut)) == expected
    assert len(hosted.requests) == 1
    repeated_by_clients = {408, 409, 429, 500, 502, 503, 504}
    assert expected[0] not in repeated_by_clients


def test_a_photo_without_a_face_is_the_same_from_the_hosted_engine(
    program: Program, astronaut: str, hosted: Vendor
) -> None:
    hosted.answers(said(400, "bad_request", "InvalidParameterValue.NoFaceInPhoto"))
    assert error_of(program.analyze(astronaut)) == (400, "bad_request")


# --- methods and addresses -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", [ANALYZE, f"{ANALYZE}/"])
def test_it_is_for_posting(program: Program, method: str, path: str) -> None:
    response = program.client.generic(method, path, headers=program.headers())
    assert error_of(response) == (405, "method_not_allowed")
    assert response.headers["Allow"] == "POST"


def test_a_head_request_gets_the_head_of_the_error(program: Program) -> None:
    response = program.client.head(ANALYZE)
    assert (response.status_code, response.content) == (405, b"")
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["x-trace-id"]


def test_a_slash_more_is_no_redirect(program: Program, astronaut: str) -> None:
    assert program.analyze(astronaut, path=f"{ANALYZE}/").status_code == 200


@pytest.mark.parametrize("path", [f"/{ANALYZE}", "///face//analyze//"])
def test_a_base_address_may_end_with_a_slash(program: Program, astronaut: str, path: str) -> None:
    path = f"http://testserver{path}"
    assert program.analyze(astronaut, path=path).status_code == 200
    assert error_of(program.get(path)) == (405, "method_not_allowed")


@pytest.mark.parametrize(
    "path", ["/face", "/face/", "/face/beautify", "/face/analyze/x", "/api", "/api/", "/api/v1/files/x", "/api/v2/"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_other_addresses_do_not_exist(program: Program, method: str, path: str) -> None:
    response = program.client.generic(method, path, headers=program.headers())
    assert error_of(response) == (404, "no_api")


def test_a_crash_is_reported_without_its_reason(
    program: Program, astronaut: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*args: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("landmarks.services.runs.analyze_address", crash)
    program.client.raise_request_exception = False
    response = program.analyze(astronaut)
    assert error_of(response) == (500, "api_error")
    assert "secret" not in response.content.decode()


def test_another_host_name_is_rejected_with_an_error_body(program: Program) -> None:
    response = program.client.post(ANALYZE, headers={**program.headers(), "Host": "elsewhere.example"})
    assert error_of(response) == (400, "bad_request")
