"""The one table of all that can go wrong with the hosted API, and how an answer is recognised in it.

The first row that fits is taken. Vendor and documents contradict one another about statuses, so a known code counts
whatever status it comes with, and a status where the code is not known. How failures of the engine behind the API come
through is not documented: they are told by message. Sentences speak to whoever sent the photo and name the settings for
whoever runs the site: {token} and {url} are those of the service that was called.
"""

import re

from landmarks.engines.acedata.client_errors import FACES_TOO_SMALL, NO_FACE, OWN, Failure
from landmarks.engines.acedata.message_patterns import (
    DOWNLOAD_WORDS,
    NO_FACE_WORDS,
    SMALL_FACE_WORDS,
    TOO_LARGE_WORDS,
    TOO_SMALL_WORDS,
    UNREADABLE_WORDS,
    VERSION_WORDS,
)
from landmarks.engines.acedata.redaction import without_addresses
from landmarks.engines.acedata.response import Reply, cleaned

SAID_LIMIT = 200
"""Characters of the vendor's own words in a sentence."""
READ_LIMIT = 2000
"""Characters of a message in which its meaning is looked for."""

TOKEN_REFUSED = "hosted_token_refused"  # noqa: S105
WAIT_A_MINUTE = "Ace Data Cloud takes no more photos from this site for the moment. Try again in a minute."

TOLD = (
    Failure(
        "a message that there is no face, in English or Chinese",
        *(NO_FACE, 200, "Ace Data Cloud found no face in this photo."),
        says=NO_FACE_WORDS,
    ),
    Failure(
        "a message that the faces are too small (`FaceSizeTooSmall`)",
        *(FACES_TOO_SMALL, 200, "Ace Data Cloud left out faces too small for it. A larger copy may show them."),
        says=SMALL_FACE_WORDS,
    ),
    Failure(
        "a message that the picture could not be downloaded (`ImageDownloadError`, `UrlIllegal`)",
        "hosted_photo_unreachable",
        400,
        "Ace Data Cloud could not download the photo. Save it and send the file instead of its address; if it was sent "
        "as a file, PUBLIC_URL must be an address that the whole internet reaches.",
        says=DOWNLOAD_WORDS,
    ),
    Failure(
        "a message that the picture could not be read (`ImageDecodeFailed`, `ImageEmpty`)",
        "hosted_photo_refused",
        400,
        "Ace Data Cloud could not read the photo. Save it as JPEG again and send the file, or use the embedded engine.",
        says=UNREADABLE_WORDS,
    ),
    Failure(
        "a message that the picture is too small (`ImageResolutionTooSmall`)",
        "hosted_photo_too_small",
        400,
        "The photo is too small for Ace Data Cloud, which wants 64 pixels on the short side. Send a larger copy.",
        says=TOO_SMALL_WORDS,
    ),
    Failure(
        "a message that the picture is too large (`ImageResolutionExceed`, `ImageSizeExceed`)",
        "hosted_photo_too_large",
        413,
        "The photo is too large for Ace Data Cloud. Save a copy of at most 4000 pixels on the long side and 3.5 MB and "
        "send that file, or use the embedded engine.",
        says=TOO_LARGE_WORDS,
    ),
    Failure(
        "a message about the version of the face model (`FaceModelVersionIllegal`)",
        *("hosted_version_refused", 400, "Ace Data Cloud does not take this version of the face model. Ask for 3.0."),
        says=VERSION_WORDS,
    ),
    Failure(
        "a message that there were too many requests (`RequestLimitExceeded`)",
        *("hosted_rate_limited", 429, WAIT_A_MINUTE),
        says=r"RequestLimitExceeded",
        is_retried=True,
    ),
    Failure(
        "`token_mismatched`",
        TOKEN_REFUSED,
        502,
        "The token of this site belongs to another API of Ace Data Cloud. Whoever runs this site must set {token} to "
        "one for this API.",
        ("token_mismatched",),
    ),
    Failure(
        "`no_token`, `authorization_missing`",
        TOKEN_REFUSED,
        502,
        "Ace Data Cloud saw no token. Whoever runs this site must check {token}, and that {url} leads there without a "
        "gateway that takes the token away.",
        ("no_token", "authorization_missing"),
    ),
    Failure(
        "`token_expired`",
        TOKEN_REFUSED,
        502,
        "The token of this site has expired at Ace Data Cloud. Whoever runs this site must set {token} to a new one.",
        ("token_expired",),
    ),
    Failure(
        "`invalid_token`, or another 401",
        TOKEN_REFUSED,
        502,
        "Ace Data Cloud does not accept the token of this site. Whoever runs this site must set {token} right.",
        ("invalid_token",),
        (401,),
    ),
    Failure(
        "`used_up`",
        "hosted_balance_used_up",
        503,
        "The balance of this site at Ace Data Cloud is used up. Whoever runs this site must buy more there, for the "
        "account of {token}. The embedded engine works meanwhile.",
        ("used_up",),
    ),
    Failure(
        "`disabled`",
        "hosted_disabled",
        503,
        "Ace Data Cloud has disabled the account of this site. Whoever runs this site must ask its support why, or set "
        "{token} to that of another account. The embedded engine works meanwhile.",
        ("disabled",),
    ),
    Failure(
        "`forbidden`",
        "hosted_photo_refused",
        400,
        "Ace Data Cloud refused this photo because of its content. Choose another photo, or use the embedded engine.",
        ("forbidden",),
    ),
    Failure(
        "402, from the gateway for payment by call",
        "hosted_wrong_address",
        502,
        "This site called a gateway that wants a payment for each call instead of a token. Whoever runs this site must "
        "set {url} right; for ACEDATA_API_URL that is https://api.acedata.cloud.",
        statuses=(402,),
    ),
    Failure(
        "`no_api`, `not_found`, or another 404",
        "hosted_wrong_address",
        502,
        "There is no such API where this site looks for it. Whoever runs this site must set {url} right.",
        ("no_api", "not_found"),
        (404, 405),
    ),
    Failure(
        "`api_not_implemented`",
        "hosted_wrong_address",
        502,
        "Ace Data Cloud does not offer this API at the address that this site calls. Whoever runs this site must check "
        "{url}. The embedded engine works meanwhile.",
        ("api_not_implemented",),
    ),
    Failure(
        "`request_too_large`, or another 413",
        "hosted_photo_too_large",
        413,
        "What was sent is too large for Ace Data Cloud. Send a smaller copy of the photo, or use the embedded engine.",
        ("request_too_large",),
        (413,),
    ),
    Failure(
        "`too_many_requests`, `rate_limited`, or another 429",
        *("hosted_rate_limited", 429, WAIT_A_MINUTE),
        ("too_many_requests", "rate_limited"),
        (429,),
        is_retried=True,
    ),
    Failure(
        "`busy`",
        "hosted_down",
        503,
        "Ace Data Cloud is too busy at the moment. Try again in some minutes. The embedded engine works meanwhile.",
        ("busy",),
        is_retried=True,
        is_outage=True,
    ),
    Failure(
        "`timeout`, or another 504",
        "hosted_timeout",
        504,
        "Ace Data Cloud gave up on this photo because it took too long. Try again in some minutes. The embedded engine "
        "works meanwhile.",
        ("timeout",),
        (504,),
        is_retried=True,
        is_outage=True,
    ),
    Failure(
        "`bad_request`, or another 400",
        "hosted_bad_request",
        502,
        "Ace Data Cloud did not take the request.{said} Try another copy of the photo, or use the embedded engine.",
        ("bad_request",),
        (400, 422),
    ),
    Failure(
        "`api_error`, or another 5xx",
        "hosted_down",
        503,
        "Ace Data Cloud has a failure of its own at the moment.{said} Try again in some minutes. The embedded engine "
        "works meanwhile.",
        statuses=tuple(range(500, 600)),
        is_retried=True,
        is_outage=True,
    ),
    Failure(
        "a redirect, which is not followed",
        "hosted_wrong_address",
        502,
        "The address that this site calls leads on to another one, to which no token is sent. Whoever runs this site "
        "must set {url} to the final address.",
        statuses=tuple(range(300, 400)),
    ),
    Failure(
        "anything else",
        "hosted_refused",
        502,
        "Ace Data Cloud refused the request with status {status}.{said} Whoever runs this site finds more in its log. "
        "The embedded engine works meanwhile.",
        statuses=tuple(range(100, 1000)),
    ),
)
TABLE = (*TOLD, *OWN)

KNOWN_CODES = frozenset(code for row in TOLD for code in row.codes)


def row_for(reply: Reply) -> Failure:
    """The row of what this answer tells; the last of TOLD fits everything."""
    text = cleaned(f"{reply.code} {reply.message[:READ_LIMIT]}", READ_LIMIT)
    return next(row for row in TOLD if _fits(row, reply, text))


def said(reply: Reply) -> str:
    """The vendor's own words, to stand within a sentence."""
    words = cleaned(without_addresses(reply.message), SAID_LIMIT).rstrip(".。")
    return f" It said: “{words}”." if words else ""


def _fits(row: Failure, reply: Reply, text: str) -> bool:
    if row.says:
        return bool(re.search(row.says, text, re.IGNORECASE))
    return reply.code in row.codes or (reply.code not in KNOWN_CODES and reply.status in row.statuses)
