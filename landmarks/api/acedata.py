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
    FetchError,
    HostedError,
    LandmarksError,
    PhotoError,
    PhotoTooLarge,
    PhotoUnsupported,
    RequestInvalid,
    StorageError,
)
from landmarks.core.finding import Finding
from landmarks.services import exporting, photos, runs

router = Router(tags=["In the vendor's place"], auth=BearerToken(ANALYZE))

REFUSALS = frozenset((400, 401, 403, 413, 415, 429, 500, 503))

View = Callable[..., HttpResponseBase]


class InVendorsWords(LandmarksError):
    """An error of ours under the code and status that the vendor's clients know."""

    def __init__(self, error: LandmarksError, status: int, code: str) -> None:
        super().__init__(error.message, detail=error.detail)
        self.status, self.code, self.retry_after = status, code, error.retry_after


def in_vendors_words(run: View) -> View:
    @wraps(run)
    def translate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return run(request, *args, **kwargs)
        except (PhotoError, FetchError, EngineError, StorageError) as exc:
            raise InVendorsWords(exc, *status_and_code(exc, is_sent=parsing.is_form(request))) from exc

    return translate


def status_and_code(error: LandmarksError, *, is_sent: bool) -> tuple[int, str]:
    """What the caller can mend is a 4xx: the vendor's clients send a 5xx again, and pay again.

    A photo that is sent can be too large for the request, or of a wrong type; one behind an address is just no good.
    """
    if isinstance(error, PhotoTooLarge) and is_sent:
        return 413, "request_too_large"
    if isinstance(error, PhotoUnsupported) and is_sent:
        return 415, "unsupported_media_type"
    if isinstance(error, HostedError) and error.status in (429, 504):
        return error.status, {429: "too_many_requests", 504: "timeout"}[error.status]
    if isinstance(error, PhotoError | FetchError | HostedError) and error.status < 500:
        return 400, "bad_request"
    return 500, "api_error"


@router.post(
    "/face/analyze",
    response={200: AnalyzeOut, REFUSALS | {504}: Refusal},
    exclude_unset=True,
    operation_id="analyze",
    summary="Find the points of a photo",
    openapi_extra=parsing.described(AnalyzeIn),
)
@decorate_view(in_vendors_words)
def analyze(request: HttpRequest, extras: Literal["0", "1"] = "0") -> dict[str, Any]:
    """The photo behind an address, looked at and forgotten. A photo without a face is a 400.

    With `extras=1` the answer has a fifth key, `extras`: points in floats, pose, scores and all else that is known.
    """
    body = parsing.read_json(request, AnalyzeIn)
    if body.image_url[:5].lower() == "data:":
        raise RequestInvalid("image_url is a data: address, which is not taken. Upload the photo to /api/v1/files/.")
    size, finding = runs.look_behind(body.image_url, parsing.options(body))
    if not finding.faces:
        raise RequestInvalid("No face was found in this photo. Send one in which a face can be seen.")
    told = dict(exporting.answer_to(*size, finding, body.face_model_version))
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
@decorate_view(in_vendors_words)
def upload(request: HttpRequest) -> dict[str, str]:
    """One photo, kept for a quarter of an hour under an address that nobody can guess; `/face/analyze` takes it."""
    data, _ = parsing.read_file(request, "file")
    address = photos.upload(data, here=request.build_absolute_uri("/").rstrip("/"))
    return {"file_url": address, "url": address}
