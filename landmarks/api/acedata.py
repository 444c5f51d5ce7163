"""Drop-in replacements for two endpoints of the vendor, with its statuses, error codes and bodies."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Literal

from django.http import HttpRequest, HttpResponseBase
from ninja import Router
from ninja.decorators import decorate_view

from landmarks.access.tokens import ANALYZE
from landmarks.api import parsing, serializers
from landmarks.api.auth import BearerToken, valid_until_received
from landmarks.api.request_schemas import AnalyzeIn
from landmarks.api.schemas import AnalyzeOut, ErrorBody, FileOut
from landmarks.api.unknown_names import report_ignored
from landmarks.core.errors import (
    AnswerLost,
    BalanceUsedUp,
    EngineError,
    EngineTimeout,
    FetchError,
    Forbidden,
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
    StorageFull,
    TokenDisabled,
)
from landmarks.services import exporting, photos, runs

router = Router(tags=["Ace Data Cloud"], auth=BearerToken(ANALYZE))
router.add_decorator(valid_until_received, mode="operation")

ERRORS = frozenset((400, 401, 403, 413, 415, 429, 500, 503))
HOSTED = frozenset((424, 504))

View = Callable[..., HttpResponseBase]

HOSTED_STATUSES: dict[int, type[LandmarksError]] = {error.status: error for error in (RateExceeded, EngineTimeout)}
"""Errors of the hosted API that its clients can handle, by their status."""
HOSTED_MESSAGES: dict[str, type[LandmarksError]] = {
    "hosted_balance_used_up": BalanceUsedUp,
    "hosted_disabled": TokenDisabled,
    "hosted_content_rejected": Forbidden,
    "hosted_bad_request": RequestInvalid,
    "hosted_bad_request_quoted": RequestInvalid,
    "hosted_response_lost": AnswerLost,
    "hosted_response_too_large": AnswerLost,
    "hosted_response_compressed": AnswerLost,
    "hosted_response_empty": AnswerLost,
    "hosted_response_not_json": AnswerLost,
    "hosted_response_not_90_points": AnswerLost,
}
"""Those after which a repetition costs money or time and changes nothing, by their message: after a 500 the
vendor's clients send a request three times, and each time this site would call, and perhaps pay, the hosted engine.
They have the vendor's status, if it sent one."""


class AcedataError(LandmarksError):
    """An error with a code and status that the vendor's clients know."""

    def __init__(self, error: LandmarksError, kind: type[LandmarksError]) -> None:
        super().__init__(error.message_id, detail=error.detail, **error.parameters)
        self.status, self.code, self.retry_after = kind.status, kind.code, error.retry_after
        self.is_logged = error.is_logged


def with_vendor_errors(view: View) -> View:
    @wraps(view)
    def translate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except (PhotoError, FetchError, EngineError, StorageError) as exc:
            raise AcedataError(exc, vendor_error(exc, is_upload=parsing.is_form(request))) from exc

    return translate


def vendor_error(error: LandmarksError, *, is_upload: bool) -> type[LandmarksError]:
    """The error whose code and status the vendor's clients know.

    What the client can fix is a 4xx, because the vendor's clients retry after a 5xx, and pay again. Only an uploaded
    photo can make the request itself too large or unsupported.
    """
    if isinstance(error, HostedError) and error.message_id in HOSTED_MESSAGES:
        return HOSTED_MESSAGES[error.message_id]
    if isinstance(error, StorageError):
        return StorageFull if isinstance(error, StorageFull) else StorageError
    if isinstance(error, PhotoTooLarge) and is_upload:
        return RequestTooLarge
    if isinstance(error, PhotoUnsupported) and is_upload:
        return MediaUnsupported
    if isinstance(error, HostedError) and error.status in HOSTED_STATUSES:
        return HOSTED_STATUSES[error.status]
    if isinstance(error, PhotoError | FetchError | HostedError) and error.status < 500:
        return RequestInvalid
    return LandmarksError


@router.post(
    "/face/analyze",
    response={200: AnalyzeOut, ERRORS | HOSTED: ErrorBody},
    exclude_unset=True,
    operation_id="analyze",
    summary="Find the points of a photo",
    openapi_extra=parsing.request_body(AnalyzeIn),
)
@decorate_view(with_vendor_errors)
def analyze(request: HttpRequest, extras: Literal["0", "1"] = "0") -> dict[str, Any]:
    """Analyse the photo at an address and store nothing. A photo without a face is an error, 400.

    With `extras=1`, the response has a fifth key, `extras`: points with decimals, pose, scores and everything else.
    """
    body = parsing.read_json(request, AnalyzeIn, is_lenient=True)
    size, finding = runs.analyze_address(body.image_url, parsing.engine_options(body))
    if not finding.faces:
        raise RequestInvalid("no_face")
    answer = dict(exporting.answer_for_run(*size, finding, body.face_model_version))
    return answer | {"extras": serializers.extras_to_json(finding)} if extras == "1" else answer


FILE_FORM = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "string", "format": "binary", "description": "The photo."}},
}


@router.post(
    "/api/v1/files/",
    response={200: FileOut, ERRORS: ErrorBody},
    operation_id="upload",
    summary="Upload a photo temporarily",
    openapi_extra=parsing.request_body(form=FILE_FORM),
)
@decorate_view(with_vendor_errors)
def upload(request: HttpRequest) -> dict[str, str]:
    """Store one photo for 15 minutes at an address that nobody can guess, for use in `/face/analyze`."""
    file, _ = parsing.file_in(request, "file")
    report_ignored(request, [*request.POST, *request.FILES, *request.GET], ("file",))
    address = photos.upload(file, here=request.build_absolute_uri("/").rstrip("/"))
    return {"file_url": address, "url": address}
