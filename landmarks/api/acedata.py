"""The vendor's two addresses, answered as the vendor does: statuses, codes, and nothing more in a body."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Literal

from django.http import HttpRequest, HttpResponseBase
from ninja import Router
from ninja.decorators import decorate_view

from landmarks.access.tokens import ANALYZE
from landmarks.api import parsing, serializers
from landmarks.api.auth import BearerToken
from landmarks.api.schemas import AnalyzeIn, AnalyzeOut, FileOut, Refusal
from landmarks.core.errors import (
    EngineError,
    EngineTimeout,
    FetchError,
    HostedError,
    LandmarksError,
    MediaUnsupported,
    PhotoError,
    PhotoTooLarge,
    PhotoUnsupported,
    RateExceeded,
    RequestInvalid,
    RequestTooLarge,
    StorageError,
)
from landmarks.core.finding import Finding
from landmarks.services import exporting, photos, runs

router = Router(tags=["In the vendor's place"], auth=BearerToken(ANALYZE))

REFUSALS = frozenset((400, 401, 403, 413, 415, 429, 500, 503))

View = Callable[..., HttpResponseBase]

HOSTED_ERRORS: dict[int, type[LandmarksError]] = {error.status: error for error in (RateExceeded, EngineTimeout)}
"""Statuses of the hosted API that its clients know how to treat."""


class AcedataError(LandmarksError):
    """An error with the code and status under which the vendor's clients know it."""

    def __init__(self, error: LandmarksError, known_as: type[LandmarksError]) -> None:
        super().__init__(error.message_id, detail=error.detail, **error.parameters)
        self.status, self.code, self.retry_after = known_as.status, known_as.code, error.retry_after


def with_vendors_codes(run: View) -> View:
    @wraps(run)
    def translate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return run(request, *args, **kwargs)
        except (PhotoError, FetchError, EngineError, StorageError) as exc:
            raise AcedataError(exc, vendors_error(exc, is_sent=parsing.is_form(request))) from exc

    return translate


def vendors_error(error: LandmarksError, *, is_sent: bool) -> type[LandmarksError]:
    """The error whose code and status the vendor's clients know.

    What the caller can fix is a 4xx: the vendor's clients repeat a request that ended in a 5xx, and pay again. Only a
    photo that was sent itself can make the request too large or of an unsupported type.
    """
    if isinstance(error, PhotoTooLarge) and is_sent:
        return RequestTooLarge
    if isinstance(error, PhotoUnsupported) and is_sent:
        return MediaUnsupported
    if isinstance(error, HostedError) and error.status in HOSTED_ERRORS:
        return HOSTED_ERRORS[error.status]
    if isinstance(error, PhotoError | FetchError | HostedError) and error.status < 500:
        return RequestInvalid
    return LandmarksError


@router.post(
    "/face/analyze",
    response={200: AnalyzeOut, REFUSALS | {504}: Refusal},
    exclude_unset=True,
    operation_id="analyze",
    summary="Find the points of a photo",
    openapi_extra=parsing.described(AnalyzeIn),
)
@decorate_view(with_vendors_codes)
def analyze(request: HttpRequest, extras: Literal["0", "1"] = "0") -> dict[str, Any]:
    """The photo behind an address, looked at and forgotten. A photo without a face is a 400.

    With `extras=1` the answer has a fifth key, `extras`: points in floats, pose, scores and all else that is known.
    """
    body = parsing.read_json(request, AnalyzeIn)
    if body.image_url[:5].lower() == "data:":
        raise RequestInvalid("data_address")
    size, finding = runs.analyze_address(body.image_url, parsing.options(body))
    if not finding.faces:
        raise RequestInvalid("no_face")
    told = dict(exporting.answer_for_run(*size, finding, body.face_model_version))
    return told | {"extras": beyond(finding)} if extras == "1" else told


def beyond(finding: Finding) -> dict[str, Any]:
    return {
        "engine": finding.engine,
        "engine_version": finding.engine_version,
        "elapsed_ms": finding.elapsed_ms,
        "face_total": finding.face_total,
        "faces": serializers.faces(finding.faces),
    }


FILE_FORM = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "string", "format": "binary", "description": "The photo."}},
}


@router.post(
    "/api/v1/files/",
    response={200: FileOut, REFUSALS: Refusal},
    operation_id="upload",
    summary="Upload a photo for a while",
    openapi_extra=parsing.described(form=FILE_FORM),
)
@decorate_view(with_vendors_codes)
def upload(request: HttpRequest) -> dict[str, str]:
    """One photo, kept for a quarter of an hour under an address that nobody can guess; `/face/analyze` takes it."""
    data, _ = parsing.read_file(request, "file")
    address = photos.upload(data, here=request.build_absolute_uri("/").rstrip("/"))
    return {"file_url": address, "url": address}
