"""Every failure is explained: the table, the vendor's known errors, and the document about both."""

import re

import pytest

from landmarks.core import messages
from landmarks.core.errors import HostedError
from landmarks.engines.acedata.api_errors import API_ERRORS, TABLE, failure_of
from landmarks.engines.acedata.client_errors import CLIENT_ERRORS, NO_FACES
from landmarks.engines.acedata.redaction import Redaction
from landmarks.engines.acedata.response import Response
from tests.conftest import BASE_DIR
from tests.engines.hosted import ALL, a_photo, an_engine, at_address
from tests.vendor import TRACE_ID, Vendor, answering, refusal

MISMATCHED = "The specified token is not matched with API."
DISABLED = (
    "Your application has been disabled by Ace Data Cloud due to abnormal usage behavior, please contact our support "
    "to get more information."
)

# Status, code and message as in the vendor's documents and programs; our code, part of our message, requests.
DOCUMENTED = [
    (400, "token_mismatched", MISMATCHED, "hosted_token_refused", "ACEDATA_API_TOKEN", 1),
    (401, "token_mismatched", "token and api does not match.", "hosted_token_refused", "another API", 1),
    (400, "api_not_implemented", "The API is not implemented.", "hosted_wrong_address", "ACEDATA_API_URL", 1),
    (400, "bad_request", "image_url is required", "hosted_bad_request", "“image_url is required”", 1),
    (400, "bad_request", "The json payload is not valid to request the API", "hosted_bad_request", "not valid", 1),
    (400, "no_token", "No token specified for the request.", "hosted_token_refused", "received no token", 1),
    (401, "authorization_missing", "", "hosted_token_refused", "received no token", 1),
    (401, "invalid_token", "The specified token is invalid or wrong.", "hosted_token_refused", "doesn't accept", 1),
    (401, "token_expired", "token expired.", "hosted_token_refused", "expired", 1),
    (403, "used_up", "Your balance is not sufficient for current request", "hosted_balance_used_up", "used up", 1),
    (403, "disabled", DISABLED, "hosted_disabled", "its support", 1),
    (400, "disabled", DISABLED, "hosted_disabled", "its support", 1),
    (403, "forbidden", "content moderation", "hosted_photo_refused", "its content", 1),
    (404, "no_api", "API does not exist, please make sure url is correct.", "hosted_wrong_address", "no such API", 1),
    (404, "not_found", "", "hosted_wrong_address", "ACEDATA_API_URL", 1),
    (413, "request_too_large", "Request body is too large.", "hosted_photo_too_large", "smaller copy", 1),
    (429, "too_many_requests", "You have exceeded the rate limit.", "hosted_rate_limited", "in a minute", 3),
    (429, "rate_limited", "", "hosted_rate_limited", "in a minute", 3),
    (500, "api_error", "Internal server error.", "hosted_down", "“Internal server error”.", 3),
    (500, "api_error", "fetch failed", "hosted_down", "“fetch failed”", 3),
    (500, "busy", "api was throttled from upstream and is currently busy", "hosted_down", "too busy", 3),
    (504, "timeout", "Timeout to generate", "hosted_timeout", "took too long", 3),
    (402, "", "", "hosted_wrong_address", "https://api.acedata.cloud", 1),
    (400, "bad_request", "FailedOperation.ImageDownloadError", "hosted_photo_unreachable", "send the file", 1),
    (500, "api_error", "FailedOperation.ImageDownloadError", "hosted_photo_unreachable", "send the file", 1),
    (500, "api_error", "图片下载错误。", "hosted_photo_unreachable", "send the file", 1),
    (400, "bad_request", "Failed to download the image", "hosted_photo_unreachable", "PUBLIC_URL", 1),
    (500, "api_error", "could not fetch image_url", "hosted_photo_unreachable", "send the file", 1),
    (400, "InvalidParameterValue.UrlIllegal", "", "hosted_photo_unreachable", "send the file", 1),
    (400, "bad_request", "FailedOperation.ImageDecodeFailed", "hosted_photo_refused", "JPEG", 1),
    (500, "api_error", "图片解码失败。", "hosted_photo_refused", "JPEG", 1),
    (400, "bad_request", "InvalidParameterValue.ImageEmpty", "hosted_photo_refused", "JPEG", 1),
    (500, "api_error", "Image decoding failed.", "hosted_photo_refused", "JPEG", 1),
    (400, "bad_request", "FailedOperation.ImageResolutionExceed", "hosted_photo_too_large", "4000 pixels", 1),
    (500, "api_error", "图片分辨率过大。", "hosted_photo_too_large", "4000 pixels", 1),
    (400, "bad_request", "FailedOperation.ImageSizeExceed", "hosted_photo_too_large", "3.5 MB", 1),
    (400, "bad_request", "FailedOperation.ImageResolutionTooSmall", "hosted_photo_too_small", "64 pixels", 1),
    (500, "api_error", "图片短边分辨率小于64。", "hosted_photo_too_small", "64 pixels", 1),
    (400, "bad_request", "InvalidParameterValue.FaceModelVersionIllegal", "hosted_version_refused", "3.0", 1),
    (500, "api_error", "FailedOperation.RequestLimitExceeded", "hosted_rate_limited", "in a minute", 3),
    (500, "api_error", "FailedOperation.ImageFacedetectFailed 人脸检测失败。", "hosted_down", "has problems", 3),
    (500, "api_error", "ResourceUnavailable.InArrears", "hosted_down", "ResourceUnavailable.InArrears", 3),
    (503, "", "", "hosted_down", "has problems", 3),
    (403, "new_code", "Something <b>new</b>\n\x1b[31m", "hosted_refused", "“Something <b>new</b> [31m”", 1),
    (418, "", "", "hosted_refused", "status 418", 1),
]


@pytest.mark.parametrize(("status", "code", "message", "ours", "words", "requests"), DOCUMENTED)
def test_the_errors_of_the_vendor_are_explained(
    vendor: Vendor, status: int, code: str, message: str, ours: str, words: str, requests: int
) -> None:
    vendor.answers(*[refusal(status, code, message)] * 4)
    with pytest.raises(HostedError) as caught:
        an_engine(vendor).find(at_address(vendor), ALL)
    error = caught.value
    assert error.code == ours
    assert words in error.message
    assert error.trace_id == TRACE_ID
    assert f"status {status} {code or '-'}, trace {TRACE_ID}" in error.detail
    assert len(vendor.requests) == requests


@pytest.mark.parametrize(
    "words",
    [
        "No face in the photo.",
        "no faces were found",
        "No human face detected",
        "there is no face",
        "face not detected",
        "faces were not found",
        "Could not find any face in the image",
        "didn't detect a face",
        "未检测到人脸",
        "图片中没有检测到人脸",
        "检测不到人脸",
        "InvalidParameterValue.NoFaceInPhoto: 图片中没有人脸。",
    ],
)
def test_phrases_for_no_face(words: str) -> None:
    assert failure_of(response(400, "bad_request", words)).code == "hosted_no_face"


@pytest.mark.parametrize(
    "words",
    [
        "No face_model_version given",
        "no face image provided",
        "no face id",
        "The face API was not found",
        "face detection failed",
        "人脸检测失败",
        "surface not found",
    ],
)
def test_phrases_that_only_sound_like_it(words: str) -> None:
    assert failure_of(response(400, "bad_request", words)).code not in NO_FACES


def response(status: int, code: str, message: str) -> Response:
    body = answering({"error": {"code": code, "message": message}}).partition(b"\r\n\r\n")[2].decode()
    return Response(status, body, Redaction(()))


@pytest.mark.parametrize("row", [row for row in API_ERRORS if row.codes], ids=lambda row: row.event)
def test_a_known_code_counts_whatever_its_status(row) -> None:
    for status in (200, 400, 401, 403, 404, 429, 500):
        for code in row.codes:
            assert failure_of(response(status, code, "")) is row


@pytest.mark.parametrize("row", [row for row in API_ERRORS if row.statuses], ids=lambda row: row.event)
def test_a_status_counts_if_the_code_is_unknown(row) -> None:
    earlier = {status for other in API_ERRORS[: API_ERRORS.index(row)] for status in other.statuses}
    for status in set(row.statuses) - earlier:
        for code in ("", "new_code", "api_error"):
            assert failure_of(response(status, code, "")) is row


NEXT_STEP = r"[.}”] (?:\w+ )*?(?:must|Try|Send|Save|Choose|Ask|Crop|set|find)\b"


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.event)
def test_a_row_has_a_stable_code_and_a_sentence_with_a_next_step(row) -> None:
    assert re.fullmatch(r"hosted_[a-z_]{1,25}", row.code)
    assert row.status in (200, 400, 413, 429, 502, 503, 504)
    for message_id in filter(None, (row.message_id, row.quoting_id)):
        assert row.code in NO_FACES or re.search(NEXT_STEP, messages.MESSAGES[message_id])
        assert messages.parameters_of(message_id) <= {"token_setting", "url_setting", "quote", "http_status", "seconds"}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.event)
def test_the_document_has_every_row(row) -> None:
    line = f"| {row.event} | `{row.code}` | {row.status} | {'yes' if row.is_retried else 'no'} |"
    assert line in (BASE_DIR / "docs/hosted.md").read_text().splitlines()


def test_the_document_has_no_other_row() -> None:
    lines = re.findall(r"^\| .* \| `hosted_\w+` \|", (BASE_DIR / "docs/hosted.md").read_text(), re.MULTILINE)
    assert len(lines) == len(TABLE) == len(API_ERRORS) + len(CLIENT_ERRORS)


@pytest.mark.parametrize("body", ["gateway", {"error": "boom"}, {"detail": "boom"}, {"error": None}, {"error": []}, []])
def test_an_error_in_another_form_is_recognised_by_its_status(vendor: Vendor, body: object) -> None:
    vendor.answers(answering(body, "502 Bad Gateway"), answering(body, "401 No"))
    with pytest.raises(HostedError) as caught:
        an_engine(vendor).find(at_address(vendor), ALL)
    assert caught.value.code == "hosted_token_refused"
    assert len(vendor.requests) == 2


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"code": 7, "message": ["x"]}, "trace_id": 5},
        {"error": {"code": "a b", "message": None}, "trace_id": "../../etc"},
        {"error": {"code": "c" * 65}, "trace_id": "t" * 65},
    ],
)
def test_fields_of_another_type_are_ignored(vendor: Vendor, body: object) -> None:
    vendor.answers(answering(body, "403 No", "X-Trace-Id: also bad"))
    with pytest.raises(HostedError) as caught:
        an_engine(vendor).find(at_address(vendor), ALL)
    assert caught.value.code == "hosted_refused"
    assert caught.value.trace_id == ""


def test_the_quoted_message_is_truncated_and_without_urls(vendor: Vendor) -> None:
    words = "see https://site.example/handover/secret.jpg?x=1 " + "blah " * 100
    vendor.answers(refusal(403, "new_code", words))
    with pytest.raises(HostedError) as caught:
        an_engine(vendor).find(at_address(vendor), ALL)
    assert "see [address] blah blah" in caught.value.message
    assert "site.example" not in caught.value.message
    assert len(caught.value.message) < 400


def test_an_upload_names_the_settings_of_the_platform(vendor: Vendor) -> None:
    vendor.upload_answers(refusal(401, "invalid_token", "no"))
    with pytest.raises(HostedError) as caught:
        an_engine(vendor).find(a_photo(), ALL)
    assert "ACEDATA_PLATFORM_TOKEN" in caught.value.message
    assert vendor.requests == []


@pytest.mark.parametrize("token", ["", "a b", "a\nb", "tökén"])
def test_a_token_that_cannot_be_sent_is_reported_before_any_call(vendor: Vendor, token: str) -> None:
    engine = an_engine(vendor, token=token)
    assert not engine.is_ready()
    with pytest.raises(HostedError) as caught:
        engine.find(a_photo(), ALL)
    assert caught.value.code == "hosted_not_configured"
    assert vendor.connections == 0
