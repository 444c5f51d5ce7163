"""A row of the table of failures, and the failures that no response reports."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Failure:
    """What happened, what follows from it, and how to recognise a response that reports it."""

    event: str
    """As docs/hosted.md has it."""
    code: str
    status: int
    message_id: str
    """Of the sentence in the catalogue, `core.messages`."""
    codes: tuple[str, ...] = ()
    """The vendor's error codes."""
    statuses: tuple[int, ...] = ()
    pattern: str = ""
    """Matches the vendor's code and message, in any case; a row with a pattern goes by nothing else."""
    quoting_id: str = ""
    """Of the sentence that quotes the vendor's message, and is used instead if there is one."""
    is_retried: bool = False
    is_outage: bool = False
    """Whether it counts as an outage of the service, for the circuit breaker."""


NO_FACE, FACES_TOO_SMALL = NO_FACES = "hosted_no_face", "hosted_faces_too_small"
"""Codes of the rows that are not failures but photos without faces."""

NOT_CONFIGURED = Failure(
    "no token, or one with invalid characters",
    *("hosted_not_configured", 503, "hosted_not_configured"),
)
UPLOAD_MISSING = Failure(
    "the photo has no public URL, and neither upload nor `PUBLIC_URL` is configured",
    *("hosted_handover_missing", 503, "hosted_upload_missing"),
)
STRIP = Failure(
    "the photo is so long and narrow that no scale fits the vendor's limits",
    *("hosted_photo_strip", 400, "hosted_photo_strip"),
)
CIRCUIT_OPEN = Failure(
    "the circuit breaker is open after five failures in a row",
    *("hosted_circuit_open", 503, "hosted_circuit_open"),
)
UNREACHABLE = Failure(
    "no connection, or an unknown host",
    *("hosted_unreachable", 503, "hosted_unreachable"),
    is_retried=True,
    is_outage=True,
)
TLS_FAILED = Failure(
    "no TLS, or an untrusted certificate",
    *("hosted_tls_failed", 502, "hosted_tls_failed"),
    is_outage=True,
)
TIMED_OUT = Failure(
    "the total time limit is exceeded",
    *("hosted_timeout", 504, "hosted_timed_out"),
    is_outage=True,
)
RESPONSE_LOST = Failure(
    "the connection broke after the request was sent, before the response was complete",
    *("hosted_answer_lost", 502, "hosted_response_lost"),
    is_outage=True,
)
RESPONSE_TOO_LARGE = Failure(
    "a response above 2 MiB",
    *("hosted_answer_invalid", 502, "hosted_response_too_large"),
)
RESPONSE_COMPRESSED = Failure(
    "a compressed response, although none was requested",
    *("hosted_answer_invalid", 502, "hosted_response_compressed"),
)
RESPONSE_EMPTY = Failure(
    "an empty response",
    *("hosted_answer_invalid", 502, "hosted_response_empty"),
)
RESPONSE_NOT_JSON = Failure(
    "not JSON, or JSON with absurd numbers or nesting",
    *("hosted_answer_invalid", 502, "hosted_response_not_json"),
)
RESPONSE_NOT_90_POINTS = Failure(
    "JSON that is not faces of nine regions with 90 numeric points",
    *("hosted_answer_invalid", 502, "hosted_response_not_90_points"),
)
NO_FILE_URL = Failure(
    "an upload whose response has no file URL",
    *("hosted_handover_failed", 502, "hosted_no_file_url"),
)

CLIENT_ERRORS = (
    NOT_CONFIGURED,
    UPLOAD_MISSING,
    STRIP,
    CIRCUIT_OPEN,
    UNREACHABLE,
    TLS_FAILED,
    TIMED_OUT,
    RESPONSE_LOST,
    RESPONSE_TOO_LARGE,
    RESPONSE_COMPRESSED,
    RESPONSE_EMPTY,
    RESPONSE_NOT_JSON,
    RESPONSE_NOT_90_POINTS,
    NO_FILE_URL,
)
