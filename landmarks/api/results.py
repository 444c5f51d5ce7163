"""Our own API: create, list, read, export, rename and delete results."""

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
from landmarks.api.schemas import ErrorBody, ListQuery, ResultIn, ResultOut, ResultPage, ResultPatch
from landmarks.api.unknown_names import refuse_unknown_query
from landmarks.api.versioning import versioned
from landmarks.core.errors import NotFound, RequestInvalid
from landmarks.http.history_query import HistoryQuery, owner_filter
from landmarks.models import Result, ResultQuerySet
from landmarks.services import descriptions, engines, exporting, runs
from landmarks.storage import deletion, search

router = Router(tags=["Results"], auth=BearerToken(ALL))
router.add_decorator(versioned, mode="view")
router.add_decorator(refuse_unknown_query, mode="operation")  # after the token is checked

AUTO = "auto"
ERRORS = frozenset((400, 401, 403, 429, 500, 503))
NOT_FOUND = frozenset((404,))
BODY_ERRORS = frozenset((413, 415))

# --- create ----------------------------------------------------------------------------------------------------------

RESULT_FORM = {
    "type": "object",
    "properties": {
        "photo": {"type": "string", "format": "binary", "description": "The photo, unless there is an `image_url`."},
        "image_url": {"type": "string", "description": "Address of the photo, unless there is a `photo`."},
        "mode": {"enum": ["0", "1"]},
        "need_rotate_detection": {"enum": ["0", "1"]},
        "face_model_version": {"type": "string"},
        "engine": {"type": "string"},
        "name": {"type": "string"},
        "note": {"type": "string"},
    },
}


@router.post(
    "/api/results",
    response={201: ResultOut, ERRORS | BODY_ERRORS: ErrorBody},
    operation_id="createResult",
    summary="Create a result",
    url_name="results",
    openapi_extra=parsing.request_body(ResultIn, RESULT_FORM),
)
def create(request: HttpRequest, response: HttpResponse) -> Status[dict[str, Any]]:
    """Analyse one photo and keep the result, also if it has no faces, or if the engine failed and `error` says why."""
    is_form = parsing.is_form(request)
    body = parsing.read_form(request, ResultIn, "photo") if is_form else parsing.read_large_json(request, ResultIn)
    is_upload = is_form and "photo" in request.FILES
    if [is_upload, bool(body.image_url), bool(body.image_base64)].count(True) != 1:
        raise RequestInvalid("one_photo")
    result = create_result(request, body)
    response["Location"] = serializers.result_path(result)
    return Status(201, serializers.result_to_json(request, result))


def create_result(request: HttpRequest, body: ResultIn) -> Result:
    options, engine, owner = parsing.engine_options(body), engine_name(body.engine), owner_of(request)
    given, note = body.name or "", body.note or ""
    if body.image_url:
        return runs.submit_address(body.image_url, owner, options, engine, name=given, note=note)
    if body.image_base64:
        data, name = parsing.read_base64(body.image_base64), "photo"
    else:
        data, name = parsing.read_file(request, "photo")
    return runs.submit(data, given or name, owner, options, engine, note=note)


def engine_name(requested: str) -> str:
    if requested == AUTO:
        return engines.default_engine()
    if requested not in engines.engine_names():
        raise RequestInvalid("engine_not_one_of", engines=", ".join((AUTO, *engines.engine_names())))
    return requested


# --- read ------------------------------------------------------------------------------------------------------------


@router.api_operation(
    ["GET", "HEAD"],
    "/api/results",
    response={200: ResultPage, ERRORS: ErrorBody},
    operation_id="listResults",
    summary="List results",
)
def index(request: HttpRequest, response: HttpResponse, query: Query[ListQuery]) -> dict[str, Any]:
    """Newest first, with the filters of the history. `next` and the `Link` header with `rel="next"` have the next page.

    A page can have fewer results than `limit`, or none, and still be followed by others, because one search covers a
    limited number of results.
    """
    form, owner = HistoryQuery(request.GET), owner_of(request)
    if not form.is_valid():
        raise RequestInvalid("form_invalid", reason=form.sentences()[0])
    visible = visible_results(request).select_related("photo")
    found = search.find_older(visible, owner_filter(owner), form.filters(), form.cleaned_data["before"], query.limit)
    next_page = None
    if found.rest is not None:
        parameters = request.GET.copy()
        parameters["before"] = str(found.rest)
        next_page = request.build_absolute_uri(f"{reverse('api:results')}?{parameters.urlencode()}")
        response["Link"] = f'<{next_page}>; rel="next"'
    return {"results": [serializers.summary_to_json(request, result) for result in found.results], "next": next_page}


@router.api_operation(
    ["GET", "HEAD"],
    "/api/results/{uuid:id}",
    response={200: ResultOut, ERRORS | NOT_FOUND: ErrorBody},
    operation_id="readResult",
    summary="Read a result",
    url_name="result",
)
def read(request: HttpRequest, id: UUID) -> dict[str, Any]:
    """Everything that is known about it. A result of somebody else is a 404."""
    return serializers.result_to_json(request, find_result(request, id))


@router.api_operation(
    ["GET", "HEAD"],
    "/api/results/{uuid:id}/export/{format_name}",
    response={200: None, ERRORS | NOT_FOUND: ErrorBody},
    operation_id="exportResult",
    summary="Export a result",
    url_name="export",
    openapi_extra={"responses": {200: {"content": {each: {} for each in exporting.export_content_types()}}}},
)
def export(request: HttpRequest, id: UUID, format_name: str) -> HttpResponse:
    """In one of the formats in `exports` of a result."""
    result = find_result(request, id)
    if format_name not in exporting.export_formats():
        raise NotFound("format_not_found", formats=", ".join(exporting.export_formats()))
    export = exporting.export(result, format_name)
    return HttpResponse(export.content, content_type=export.content_type)


# --- change ----------------------------------------------------------------------------------------------------------


@router.patch(
    "/api/results/{uuid:id}",
    response={200: ResultOut, ERRORS | NOT_FOUND | BODY_ERRORS: ErrorBody},
    operation_id="nameResult",
    summary="Change the name or note of a result",
    openapi_extra=parsing.request_body(ResultPatch),
)
def change(request: HttpRequest, id: UUID) -> dict[str, Any]:
    """Fields that are null or not sent stay as they are."""
    body = parsing.read_json(request, ResultPatch)
    result = find_result(request, id)
    descriptions.describe(result, name=body.name, note=body.note)
    return serializers.result_to_json(request, result)


@router.delete(
    "/api/results/{uuid:id}",
    response={204: None, ERRORS | NOT_FOUND: ErrorBody},
    operation_id="deleteResult",
    summary="Delete a result",
)
def delete(request: HttpRequest, id: UUID) -> Status[None]:
    """It disappears at once. Its files are deleted within seconds, and the photo with its last result."""
    if not deletion.mark_deleted(visible_results(request).filter(pk=id), timezone.now()):
        raise NotFound("result_not_found")
    return Status(204, None)


# --- lookup ----------------------------------------------------------------------------------------------------------


def visible_results(request: HttpRequest) -> ResultQuerySet:
    return visibility.visible_results(owner_of(request))


def find_result(request: HttpRequest, id: UUID) -> Result:
    result = visible_results(request).select_related("photo").filter(pk=id).first()
    if result is None:
        raise NotFound("result_not_found")
    return result
