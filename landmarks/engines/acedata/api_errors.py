"""The failures that a response of the hosted API can report, and how each is recognised.

The first row that matches applies. Vendor and documents contradict one another about statuses, so a known code counts
whatever its status, and a status counts only if the code is unknown. How failures of the engine behind the API are
reported is not documented; they are recognised by their messages.
"""

import re

from landmarks.engines.acedata.client_errors import CLIENT_ERRORS, FACES_TOO_SMALL, NO_FACE, Failure
from landmarks.engines.acedata.message_patterns import (
    DOWNLOAD_FAILED,
    FACES_SMALL,
    NO_FACES_FOUND,
    PICTURE_TOO_LARGE,
    PICTURE_TOO_SMALL,
    RATE_LIMITED,
    UNREADABLE,
    VERSION_REJECTED,
)
from landmarks.engines.acedata.redaction import without_urls
from landmarks.engines.acedata.response import Response, one_line

MAX_QUOTE = 200
"""Characters of the vendor's message that are shown."""
MAX_SEARCHED = 2000
"""Characters of a message that are searched for patterns."""

TOKEN_REJECTED = "hosted_token_refused"  # noqa: S105

API_ERRORS = (
    Failure(
        "a message that there is no face, in English or Chinese",
        *(NO_FACE, 200, "hosted_no_face"),
        pattern=NO_FACES_FOUND,
    ),
    Failure(
        "a message that the faces are too small (`FaceSizeTooSmall`)",
        *(FACES_TOO_SMALL, 200, "hosted_faces_too_small"),
        pattern=FACES_SMALL,
    ),
    Failure(
        "a message that the picture could not be downloaded (`ImageDownloadError`, `UrlIllegal`)",
        *("hosted_photo_unreachable", 400, "hosted_photo_unreachable"),
        pattern=DOWNLOAD_FAILED,
    ),
    Failure(
        "a message that the picture could not be read (`ImageDecodeFailed`, `ImageEmpty`)",
        *("hosted_photo_refused", 400, "hosted_photo_unreadable"),
        pattern=UNREADABLE,
    ),
    Failure(
        "a message that the picture is too small (`ImageResolutionTooSmall`)",
        *("hosted_photo_too_small", 400, "hosted_photo_too_small"),
        pattern=PICTURE_TOO_SMALL,
    ),
    Failure(
        "a message that the picture is too large (`ImageResolutionExceed`, `ImageSizeExceed`)",
        *("hosted_photo_too_large", 413, "hosted_photo_too_large"),
        pattern=PICTURE_TOO_LARGE,
    ),
    Failure(
        "a message about the version of the face model (`FaceModelVersionIllegal`)",
        *("hosted_version_refused", 400, "hosted_version_rejected"),
        pattern=VERSION_REJECTED,
    ),
    Failure(
        "a message that there were too many requests (`RequestLimitExceeded`)",
        *("hosted_rate_limited", 429, "hosted_rate_limited"),
        pattern=RATE_LIMITED,
        is_retried=True,
    ),
    Failure(
        "`token_mismatched`",
        *(TOKEN_REJECTED, 502, "hosted_token_mismatched"),
        codes=("token_mismatched",),
    ),
    Failure(
        "`no_token`, `authorization_missing`",
        *(TOKEN_REJECTED, 502, "hosted_token_not_received"),
        codes=("no_token", "authorization_missing"),
    ),
    Failure(
        "`token_expired`",
        *(TOKEN_REJECTED, 502, "hosted_token_expired"),
        codes=("token_expired",),
    ),
    Failure(
        "`invalid_token`, or another 401",
        *(TOKEN_REJECTED, 502, "hosted_token_invalid"),
        codes=("invalid_token",),
        statuses=(401,),
    ),
    Failure(
        "`used_up`",
        *("hosted_balance_used_up", 503, "hosted_balance_used_up"),
        codes=("used_up",),
    ),
    Failure(
        "`disabled`",
        *("hosted_disabled", 503, "hosted_disabled"),
        codes=("disabled",),
    ),
    Failure(
        "`forbidden`",
        *("hosted_photo_refused", 400, "hosted_content_rejected"),
        codes=("forbidden",),
    ),
    Failure(
        "402, from the pay-per-call gateway",
        *("hosted_wrong_address", 502, "hosted_payment_gateway"),
        statuses=(402,),
    ),
    Failure(
        "`no_api`, `not_found`, or another 404",
        *("hosted_wrong_address", 502, "hosted_api_not_found"),
        codes=("no_api", "not_found"),
        statuses=(404, 405),
    ),
    Failure(
        "`api_not_implemented`",
        *("hosted_wrong_address", 502, "hosted_api_not_implemented"),
        codes=("api_not_implemented",),
    ),
    Failure(
        "`request_too_large`, or another 413",
        *("hosted_photo_too_large", 413, "hosted_request_too_large"),
        codes=("request_too_large",),
        statuses=(413,),
    ),
    Failure(
        "`too_many_requests`, `rate_limited`, or another 429",
        *("hosted_rate_limited", 429, "hosted_rate_limited"),
        codes=("too_many_requests", "rate_limited"),
        statuses=(429,),
        is_retried=True,
    ),
    Failure(
        "`busy`",
        *("hosted_down", 503, "hosted_busy"),
        codes=("busy",),
        is_retried=True,
        is_outage=True,
    ),
    Failure(
        "`timeout`, or another 504",
        *("hosted_timeout", 504, "hosted_gave_up"),
        codes=("timeout",),
        statuses=(504,),
        is_retried=True,
        is_outage=True,
    ),
    Failure(
        "`bad_request`, or another 400",
        *("hosted_bad_request", 502, "hosted_bad_request"),
        codes=("bad_request",),
        statuses=(400, 422),
        quoting_id="hosted_bad_request_quoted",
    ),
    Failure(
        "`api_error`, or another 5xx",
        *("hosted_down", 503, "hosted_down"),
        statuses=tuple(range(500, 600)),
        quoting_id="hosted_down_quoted",
        is_retried=True,
        is_outage=True,
    ),
    Failure(
        "a redirect, which is not followed",
        *("hosted_wrong_address", 502, "hosted_redirect"),
        statuses=tuple(range(300, 400)),
    ),
    Failure(
        "anything else",
        *("hosted_refused", 502, "hosted_rejected"),
        statuses=tuple(range(100, 1000)),
        quoting_id="hosted_rejected_quoted",
    ),
)
TABLE = (*API_ERRORS, *CLIENT_ERRORS)

KNOWN_CODES = frozenset(code for row in API_ERRORS for code in row.codes)


def failure_of(response: Response) -> Failure:
    """The row of the failure that this response reports; the last of API_ERRORS matches everything."""
    text = one_line(f"{response.code} {response.message[:MAX_SEARCHED]}", MAX_SEARCHED)
    return next(row for row in API_ERRORS if _matches(row, response, text))


def quote(response: Response) -> str:
    """The vendor's message, short enough to be shown within a sentence; it may be empty."""
    return one_line(without_urls(response.message), MAX_QUOTE).rstrip(".。")


def _matches(row: Failure, response: Response, text: str) -> bool:
    if row.pattern:
        return bool(re.search(row.pattern, text, re.IGNORECASE))
    return response.code in row.codes or (response.code not in KNOWN_CODES and response.status in row.statuses)
