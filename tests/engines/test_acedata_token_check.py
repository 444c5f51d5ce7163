"""Whether tokens work: by requests that cost nothing, and with a verdict only where the vendor gave one."""

import logging

import pytest

from landmarks.engines.acedata.token_check import TokenCheck, Verdict, check_tokens
from tests.net.servers import head
from tests.vendor import PLATFORM_TOKEN, TOKEN, Vendor, answering, drop, refusal

FAILS, WORKS, UNKNOWN, UNSET = Verdict.FAILS, Verdict.WORKS, Verdict.UNKNOWN, Verdict.UNSET
NO_PHOTO = refusal(400, "bad_request", "image_url is required")
NO_TOKEN = refusal(401, "invalid_token", "The specified token is invalid or wrong.")


def check(vendor: Vendor, token: str = TOKEN, platform_token: str = PLATFORM_TOKEN) -> tuple[TokenCheck, TokenCheck]:
    return check_tokens(
        api_url=vendor.url, token=token, platform_url=vendor.platform_url, platform_token=platform_token
    )


def verdicts(vendor: Vendor, **tokens: str) -> list[Verdict]:
    return [each.verdict for each in check(vendor, **tokens)]


def test_tokens_that_exist_work_and_nothing_is_sent_that_could_be_billed_or_stored(vendor: Vendor) -> None:
    vendor.tokens = (TOKEN, PLATFORM_TOKEN)
    assert verdicts(vendor) == [WORKS, WORKS]
    assert [each.json() for each in vendor.requests] == [{}, {}]
    assert len(vendor.uploads) == 2
    assert not any(each.has_file() for each in vendor.uploads)
    assert vendor.fetched == []


def test_a_token_that_does_not_exist_fails_by_one_request(vendor: Vendor) -> None:
    vendor.tokens = ("another",)
    api, platform = check(vendor)
    assert (api.verdict, platform.verdict) == (FAILS, FAILS)
    assert "must correct ACEDATA_API_TOKEN" in api.reason
    assert "must correct ACEDATA_PLATFORM_TOKEN" in platform.reason
    assert len(vendor.requests) == len(vendor.uploads) == 1


def test_without_tokens_nobody_is_asked(vendor: Vendor) -> None:
    assert verdicts(vendor, token="", platform_token="") == [UNSET, UNSET]
    assert vendor.connections == 0


def test_a_token_that_cannot_be_sent_is_not(vendor: Vendor) -> None:
    assert verdicts(vendor, token="two words", platform_token="é") == [FAILS, FAILS]  # noqa: S106
    assert vendor.connections == 0


def test_a_vendor_that_looks_for_the_photo_first_tells_nothing_about_the_token(vendor: Vendor) -> None:
    api, platform = check(vendor)  # it takes every token, also one that nobody has
    assert (api.verdict, platform.verdict) == (UNKNOWN, UNKNOWN)
    assert "without a paid call" in api.reason


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (refusal(400, "token_mismatched", "The specified token is not matched with API."), FAILS),
        (refusal(401, "token_expired", "token expired."), FAILS),
        (refusal(400, "no_token", "No token specified for the request."), FAILS),
        (refusal(403, "used_up", "Your balance is not sufficient for current request."), FAILS),
        (refusal(403, "disabled", "Your application has been disabled."), FAILS),
        (refusal(404, "no_api", "API does not exist."), FAILS),
        (answering({"accepts": []}, "402 Payment Required"), FAILS),
        (answering({"detail": "You do not have permission."}, "403 Forbidden"), FAILS),
        (head("302 Found", "Location: /elsewhere", "Content-Length: 0"), FAILS),
        (refusal(429, "too_many_requests", "You have exceeded the rate limit."), UNKNOWN),
        (refusal(500, "api_error", "fetch failed"), UNKNOWN),
        (refusal(504, "timeout", "Timeout."), UNKNOWN),
        (drop, UNKNOWN),
        (answering({"face_shape_set": []}), WORKS),
    ],
)
def test_what_the_vendor_answers_decides(vendor: Vendor, answer: bytes, verdict: Verdict) -> None:
    vendor.answers(answer)
    vendor.upload_answers(answer)
    found = check(vendor)
    assert [each.verdict for each in found] == [verdict, verdict]
    assert [bool(each.reason) for each in found] == [verdict is not WORKS] * 2
    assert len(vendor.requests) == len(vendor.uploads) == 1


@pytest.mark.parametrize(
    "about_photo",
    [
        NO_PHOTO,
        refusal(422, "invalid", "image_url: field required"),
        refusal(400, "bad_request", "InvalidParameterValue.UrlIllegal"),
        refusal(400, "bad_request", "InvalidParameterValue.ImageEmpty"),
        refusal(400, "bad_request", "InvalidParameterValue.NoFaceInPhoto"),
        answering({"detail": "Unsupported media type."}, "415 Unsupported Media Type"),
    ],
)
def test_a_missing_photo_says_that_the_token_was_accepted(vendor: Vendor, about_photo: bytes) -> None:
    vendor.answers(about_photo, NO_TOKEN)
    assert verdicts(vendor)[0] is WORKS
    vendor.answers(about_photo, drop)
    assert verdicts(vendor)[0] is WORKS


def test_a_vendor_that_is_not_there_leaves_it_open() -> None:
    found = check_tokens(
        api_url="http://127.0.0.1:9", token=TOKEN, platform_url="http://127.0.0.1:9", platform_token=PLATFORM_TOKEN
    )
    assert [each.verdict for each in found] == [UNKNOWN, UNKNOWN]


def test_no_token_is_shown_or_logged(vendor: Vendor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    vendor.answers(refusal(401, "invalid_token", f"{TOKEN} is wrong"))
    vendor.upload_answers(refusal(500, "api_error", f"{PLATFORM_TOKEN} failed"))
    shown = f"{check(vendor)} {caplog.text}"
    assert TOKEN not in shown
    assert PLATFORM_TOKEN not in shown
