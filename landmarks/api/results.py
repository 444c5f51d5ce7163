"""Our own API: make a result, go through them, read one, take it away, name it, delete it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Router, Status

from landmarks.access import visibility
from landmarks.access.tokens import ALL
from landmarks.api import parsing, serializers
from landmarks.api.auth import BearerToken, owner_of
from landmarks.api.schemas import ListQuery, Refusal, ResultIn, ResultOut, ResultPage, ResultPatch
from landmarks.api.versioning import versioned
from landmarks.core.errors import NotFound, RequestInvalid
from landmarks.http.history_query import HistoryQuery, owner_sought
from landmarks.models import Result, ResultQuerySet
from landmarks.services import descriptions, engines, exporting, runs
from landmarks.storage import deletion, search

router = Router(tags=["Results"], auth=BearerToken(ALL))
router.add_decorator(versioned, mode="view")

AUTO = "auto"
REFUSALS = frozenset((400, 401, 403, 429, 500, 503))
NOT_THERE = frozenset((404,))
BODY = frozenset((413, 415))

# --- making ----------------------------------------------------------------------------------------------------------

RESULT_FORM = {
    "type": "object",
    "properties": {
        "photo": {"type": "string", "format": "binary", "description": "The photo; or else `image_url`."},
        "image_url": {"type": "string", "description": "Where the photo is; or else `photo`."},
        "mode": {"enum": ["0", "1"]},
        "need_rotate_detection": {"enum": ["0", "1"]},
        "face_model_version": {"type": "string"},
        "engine": {"type": "string"},
    },
}


@router.post(
    "/api/results",
    response={201: ResultOut, REFUSALS | BODY: Refusal},
    operation_id="createResult",
    summary="Make a result",
    url_name="results",
    openapi_extra=parsing.described(ResultIn, RESULT_FORM),
)
def create(request: HttpRequest, response: HttpResponse) -> Status[dict[str, Any]]:
    """Look at one photo and keep the result, also one without faces, and one that tells why the engine failed."""
    if "async" in request.GET:
        raise RequestInvalid("async_unsupported")
    body = parsing.read_form(request, ResultIn) if parsing.is_form(request) else parsing.read_json(request, ResultIn)
    is_sent = parsing.is_form(request) and "photo" in request.FILES
    if is_sent == bool(body.image_url):
        raise RequestInvalid("image_and_photo")
    asked, engine, owner = parsing.options(body), engine_name(body.engine), owner_of(request)
    if is_sent:
        data, name = parsing.read_file(request, "photo")
        result = runs.submit(data, name, owner, asked, engine)
    else:
        result = runs.submit_address(str(body.image_url), owner, asked, engine)
    response["Location"] = address(result)
    return Status(201, whole(request, result))


def engine_name(asked: str) -> str:
    if asked == AUTO:
        return engines.default_engine()
    if asked not in engines.engine_names():
        raise RequestInvalid("engine_not_one_of", engines=", ".join((AUTO, *engines.engine_names())))
    return asked


# --- reading ---------------------------------------------------------------------------------------------------------


@router.api_operation(
    ["GET", "HEAD"],
    "/api/results",
    response={200: ResultPage, REFUSALS: Refusal},
    operation_id="listResults",
    summary="Go through the results",
)
def index(request: HttpRequest, response: HttpResponse, query: Query[ListQuery]) -> dict[str, Any]:
    """Newest first, filtered as the history is. `next` and the header `Link` with `rel="next"` name the next page.

    A page may hold fewer results than `limit`, or none, and still be followed by others: a search looks only so far at
    a time.
    """
    form, owner = HistoryQuery(request.GET), owner_of(request)
    if not form.is_valid():
        raise RequestInvalid("form_invalid", reason=form.sentences()[0])
    seen = seen_by(request).select_related("photo")
    found = search.find_older(seen, owner_sought(owner), form.wanted(), form.cleaned_data["before"], query.limit)
    following = None
    if found.rest is not None:
        parameters = request.GET.copy()
        parameters["before"] = str(found.rest)
        following = request.build_absolute_uri(f"{reverse('api:results')}?{parameters.urlencode()}")
        response["Link"] = f'<{following}>; rel="next"'
    return {"results": [summary(request, result) for result in found.results], "next": following}


@router.api_operation(
    ["GET", "HEAD"],
    "/api/results/{uuid:id}",
    response={200: ResultOut, REFUSALS | NOT_THERE: Refusal},
    operation_id="readResult",
    summary="Read a result",
    url_name="result",
)
def read(request: HttpRequest, id: UUID) -> dict[str, Any]:
    """Everything that is known of it. What belongs to somebody else is not there."""
    return whole(request, result_of(request, id))


@router.api_operation(
    ["GET", "HEAD"],
    "/api/results/{uuid:id}/export/{format_name}",
    response={200: None, REFUSALS | NOT_THERE: Refusal},
    operation_id="exportResult",
    summary="Take a result away",
    url_name="export",
    openapi_extra={"responses": {200: {"content": {each: {} for each in exporting.export_content_types()}}}},
)
def export(request: HttpRequest, id: UUID, format_name: str) -> HttpResponse:
    """In one of the forms that `exports` of a result names."""
    result = result_of(request, id)
    if format_name not in exporting.export_formats():
        raise NotFound("format_not_found", formats=", ".join(exporting.export_formats()))
    export = exporting.export(result, format_name)
    return HttpResponse(export.content, content_type=export.content_type)


# --- changing --------------------------------------------------------------------------------------------------------


@router.patch(
    "/api/results/{uuid:id}",
    response={200: ResultOut, REFUSALS | NOT_THERE | BODY: Refusal},
    operation_id="nameResult",
    summary="Name a result, or note something about it",
    openapi_extra=parsing.described(ResultPatch),
)
def change(request: HttpRequest, id: UUID) -> dict[str, Any]:
    """What is not sent, or null, stays as it is."""
    body = parsing.read_json(request, ResultPatch)
    result = result_of(request, id)
    descriptions.describe(result, name=body.name, note=body.note)
    return whole(request, result)


@router.delete(
    "/api/results/{uuid:id}",
    response={204: None, REFUSALS | NOT_THERE: Refusal},
    operation_id="deleteResult",
    summary="Delete a result",
)
def delete(request: HttpRequest, id: UUID) -> Status[None]:
    """Nobody sees it from now on; its files go within seconds, and its photo with the last of its results."""
    if not deletion.mark_deleted(seen_by(request).filter(pk=id), timezone.now()):
        raise NotFound("result_not_found")
    return Status(204, None)


# --- telling ---------------------------------------------------------------------------------------------------------


def seen_by(request: HttpRequest) -> ResultQuerySet:
    return visibility.results_seen_by(owner_of(request))


def result_of(request: HttpRequest, id: UUID) -> Result:
    result = seen_by(request).select_related("photo").filter(pk=id).first()
    if result is None:
        raise NotFound("result_not_found")
    return result


def whole(request: HttpRequest, result: Result) -> dict[str, Any]:
    return summary(request, result) | {"attempts": result.attempts, "faces": serializers.faces(result.found_faces())}


def summary(request: HttpRequest, result: Result) -> dict[str, Any]:
    photo = result.photo
    facts = ("id", "name", "note", "created", "engine", "engine_version", "face_model_version", "elapsed_ms")
    more = ("trace_id", "remark", "address", "face_count", "face_total")
    return {
        **{fact: getattr(result, fact) for fact in facts + more},
        "photo": {fact: getattr(photo, fact) for fact in ("width", "height", "format", "orientation")},
        "mode": int(result.largest_only),
        "need_rotate_detection": int(result.rotate),
        "error": {"code": result.error_code, "message": result.error_message} if result.is_failed else None,
        "url": request.build_absolute_uri(address(result)),
        "exports": {
            name: request.build_absolute_uri(reverse("api:export", args=[result.pk, name]))
            for name in exporting.export_formats()
        },
    }


def address(result: Result) -> str:
    return reverse("api:result", args=[result.pk])
