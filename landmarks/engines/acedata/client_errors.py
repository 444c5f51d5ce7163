"""What a failure is: what happened, what people read, and what the program does about it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Failure:
    """A row: what happened, what comes of it, and how an answer that tells it is recognised."""

    event: str
    code: str
    status: int
    sentence: str
    codes: tuple[str, ...] = ()
    statuses: tuple[int, ...] = ()
    says: str = ""
    """A pattern for code and message, in any case; such a row goes by nothing else."""
    is_retried: bool = False
    is_outage: bool = False
    """Whether it speaks for a service that is down; counted by the circuit."""


NO_FACE, FACES_TOO_SMALL = NO_FACES = "hosted_no_face", "hosted_faces_too_small"
"""Codes of the rows that are no failure but a photo without faces."""

# --- what no answer tells --------------------------------------------------------------------------------------------

NOT_CONFIGURED = Failure(
    "there is no token, or one with characters that none has",
    "hosted_not_configured",
    503,
    "The hosted engine has no token that could be sent. Whoever runs this site must set {token}, or choose "
    "ENGINE=local. The embedded engine needs none.",
)
HANDOVER_MISSING = Failure(
    "the photo has no address that the vendor could fetch it from, and there is no way to give it one",
    "hosted_handover_missing",
    503,
    "This site has no way to hand this photo to Ace Data Cloud. Whoever runs it must set ACEDATA_PLATFORM_TOKEN or "
    "PUBLIC_URL. The embedded engine needs neither.",
)
STRIP = Failure(
    "the photo is so long and narrow that no scale fits the vendor's limits",
    "hosted_photo_strip",
    400,
    "This photo is too long and narrow for Ace Data Cloud, which takes 64 to 4000 pixels a side. Cut it, or use the "
    "embedded engine.",
)
CIRCUIT_OPEN = Failure(
    "the last five requests failed, and the next may be sent only after a while",
    "hosted_circuit_open",
    503,
    "Ace Data Cloud has failed again and again, so facesite stopped calling it for {seconds} seconds. Try again then. "
    "The embedded engine works meanwhile.",
)
UNREACHABLE = Failure(
    "no connection, or an unknown host",
    "hosted_unreachable",
    503,
    "Ace Data Cloud could not be reached. Try again in some minutes. If it stays so, whoever runs this site must check "
    "{url} and its network. The embedded engine works meanwhile.",
    is_retried=True,
    is_outage=True,
)
TLS_FAILED = Failure(
    "no TLS, or a certificate that nobody vouches for",
    "hosted_tls_failed",
    502,
    "The connection to Ace Data Cloud is not safe, so nothing was sent. Whoever runs this site must check {url} and "
    "what stands between it and the internet. The embedded engine works meanwhile.",
    is_outage=True,
)
TIMED_OUT = Failure(
    "the time for everything is over",
    "hosted_timeout",
    504,
    "Ace Data Cloud did not answer in time; the call may have been billed. Try again in some minutes. The embedded "
    "engine works meanwhile.",
    is_outage=True,
)
ANSWER_LOST = Failure(
    "the connection broke after the request was sent, before its answer was complete",
    "hosted_answer_lost",
    502,
    "The answer of Ace Data Cloud was lost on the way. It was not asked again, since the call may have been billed. "
    "Try again, or use the embedded engine.",
    is_outage=True,
)
ANSWER_TOO_LARGE = Failure(
    "an answer that is larger than any could be",
    "hosted_answer_invalid",
    502,
    "The answer of Ace Data Cloud was far too large and was not read. Whoever runs this site must check {url}. The "
    "embedded engine works meanwhile.",
)
ANSWER_COMPRESSED = Failure(
    "a compressed answer, which was not asked for",
    "hosted_answer_invalid",
    502,
    "The answer of Ace Data Cloud was compressed although this was not asked for. Whoever runs this site must check "
    "what stands between it and {url}. The embedded engine works meanwhile.",
)
ANSWER_EMPTY = Failure(
    "an empty answer",
    "hosted_answer_invalid",
    502,
    "The answer of Ace Data Cloud was empty. Try again, or use the embedded engine.",
)
ANSWER_NOT_JSON = Failure(
    "HTML or anything else that is no JSON, or JSON of numbers and depths that nobody writes in earnest",
    "hosted_answer_invalid",
    502,
    "The answer of Ace Data Cloud could not be read. Whoever runs this site must check that {url} leads to its API. "
    "Try again, or use the embedded engine.",
)
ANSWER_NOT_90 = Failure(
    "JSON that is not faces of nine regions with their 90 points as numbers",
    "hosted_answer_invalid",
    502,
    "The answer of Ace Data Cloud was not faces of 90 points, so nothing of it was used. Try again, or use the "
    "embedded engine.",
)
NO_FILE_ADDRESS = Failure(
    "an upload that is answered with no address of the file",
    "hosted_handover_failed",
    502,
    "Ace Data Cloud took the photo but told no address for it. Try again. Whoever runs this site can set PUBLIC_URL "
    "instead of ACEDATA_PLATFORM_TOKEN. The embedded engine works meanwhile.",
)

OWN = (
    NOT_CONFIGURED,
    HANDOVER_MISSING,
    STRIP,
    CIRCUIT_OPEN,
    UNREACHABLE,
    TLS_FAILED,
    TIMED_OUT,
    ANSWER_LOST,
    ANSWER_TOO_LARGE,
    ANSWER_COMPRESSED,
    ANSWER_EMPTY,
    ANSWER_NOT_JSON,
    ANSWER_NOT_90,
    NO_FILE_ADDRESS,
)
