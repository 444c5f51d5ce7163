"""Our own API: create results, run them again, list and read them."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Query, Status
from ninja.decorators import decorate_view

from landmarks.api import idempotency, jobs, parsing, serializers
from landmarks.api.auth import owner_of
from landmarks.api.conditional import conditional
from landmarks.api.request_schemas import AgainIn, CreateQuery, DetailQuery, ListQuery, ResultIn
from landmarks.api.result_router import (
    BODY_ERRORS,
    ERRORS,
    KEY_ERRORS,
    NOT_FOUND,
    find_result,
    next_page,
    router,
    visible_results,
)
from landmarks.api.schemas import ErrorBody, JobOut, ResultOut, ResultPage
from landmarks.api.webhooks import new_webhook
from landmarks.core.errors import MediaUnsupported, RequestInvalid
from landmarks.http.history_query import HistoryQuery, owner_filter
from landmarks.models import Job, Result
from landmarks.services import engines, importing, photos, runs
from landmarks.services import jobs as job_service
from landmarks.storage import search

AUTO = "auto"

# --- create ----------------------------------------------------------------------------------------------------------

RESULT_FORM = {
    "type": "object",
    "required": ["photo"],
    "properties": {
        "photo": {"type": "string", "format": "binary", "description": "The file, at most `MAX_UPLOAD_MB`."},
        "mode": {"type": "integer", "enum": [0, 1]},
        "need_rotate_detection": {"type": "integer", "enum": [0, 1]},
        "face_model_version": {"type": "string", "enum": ["2.0", "3.0"]},
        "dense": {"type": "integer", "enum": [0, 1]},
        "engine": {"type": "string"},
        "name": {"type": "string"},
        "note": {"type": "string"},
        "webhook_url": {"type": "string", "format": "uri"},
    },
}


@router.post(
    "/api/results",
    response={201: ResultOut, 202: JobOut, ERRORS | BODY_ERRORS | KEY_ERRORS: ErrorBody},
    operation_id="createResult",
    summary="Create a result",
    url_name="results",
    openapi_extra=parsing.request_body(ResultIn),
)
def create(request: HttpRequest, response: HttpResponse, query: Query[CreateQuery]) -> Status[dict[str, Any]]:
    """Analyse one photo and keep the result, even without a face. If the engine failed, `error` says why.

    A form with the file, as for `/api/results/upload`, is also accepted here. With `async=1` the photo is stored and
    the response is 202, with a job to poll.
    """
    return create_from(request, response, query)


@router.post(
    "/api/results/upload",
    response={201: ResultOut, 202: JobOut, ERRORS | BODY_ERRORS | KEY_ERRORS: ErrorBody},
    operation_id="uploadResult",
    summary="Create a result from a file",
    url_name="upload-result",
    openapi_extra=parsing.request_body(form=RESULT_FORM),
)
def upload(request: HttpRequest, response: HttpResponse, query: Query[CreateQuery]) -> Status[dict[str, Any]]:
    """The same with a file, sent as a form. The other fields mean the same as in `ResultIn`."""
    if not parsing.is_form(request):
        raise MediaUnsupported("body_not_form", accepted=parsing.FORM, field="photo")
    return create_from(request, response, query)


def create_from(request: HttpRequest, response: HttpResponse, query: CreateQuery) -> Status[dict[str, Any]]:
    is_form = parsing.is_form(request)
    body = parsing.read_form(request, ResultIn, "photo") if is_form else parsing.read_large_json(request, ResultIn)
    is_upload = is_form and "photo" in request.FILES
    if [is_upload, bool(body.image_url), bool(body.image_base64)].count(True) != 1:
        raise RequestInvalid("one_photo")
    file, name, sent = read_photo(request, body)
    options = replace(parsing.engine_options(body), dense=body.dense == 1)
    owner, engine = owner_of(request), engine_name(body.engine)
    note = body.note or ""
    if body.webhook_url and not query.is_async:
        raise RequestInvalid("webhook_needs_async")
    service = job_service if query.is_async else runs
    more = {"webhook": new_webhook(request, body.webhook_url)} if query.is_async else {}
    run: Callable[[], Result | Job]
    if body.image_url:
        run = partial(service.submit_address, body.image_url, owner, options, engine, name=body.name or "", note=note)
    else:
        run = partial(service.submit, file, body.name or name, owner, options, engine, note=note)
    run = partial(run, **more)
    return created(request, response, idempotency.run_once(request, body, run, sent).made)


def read_photo(request: HttpRequest, body: ResultIn) -> tuple[photos.PhotoFile, str, Callable[[], bytes]]:
    """The photo that was sent, its name, and what tells it from another; all empty if its address was sent instead."""
    if body.image_url:
        return b"", "", bytes
    if body.image_base64:
        data = parsing.read_base64(body.image_base64)
        return data, "photo", lambda: data
    file, name = parsing.file_in(request, "photo")
    return file, name, lambda: parsing.file_digest(request, "photo") + name.encode()


def created(request: HttpRequest, response: HttpResponse, made: Result | Job) -> Status[dict[str, Any]]:
    if isinstance(made, Job):
        return jobs.queued(request, response, made)
    response["Location"] = serializers.result_path(made)
    return Status(201, serializers.result_to_json(request, made))


def engine_name(requested: str) -> str:
    if requested == AUTO:
        return engines.default_engine()
    if requested not in engines.engine_names():
        raise RequestInvalid("engine_not_one_of", engines=", ".join((AUTO, *engines.engine_names())))
    return requested


@router.post(
    "/api/results/{uuid:id}/again",
    response={201: ResultOut, ERRORS | NOT_FOUND | BODY_ERRORS | KEY_ERRORS: ErrorBody},
    operation_id="runAgain",
    summary="Run an engine on the photo of a result again",
    url_name="again",
    openapi_extra=parsing.request_body(AgainIn),
)
def again(request: HttpRequest, response: HttpResponse, id: UUID) -> Status[dict[str, Any]]:
    """Create another result for the same photo. What isn't sent stays as in the first run, so `{}` repeats it."""
    body = parsing.read_json(request, AgainIn)
    result = find_result(request, id)
    # Corrected points were not found by an engine that could run again.
    same = AUTO if result.engine == importing.ENGINE else result.engine
    requested = same if body.engine is None else body.engine
    run = partial(
        runs.run_again, result, engine_name(requested), parsing.options_again(body, result), by=owner_of(request)
    )
    return created(request, response, idempotency.run_once(request, body, run).made)


# --- read ------------------------------------------------------------------------------------------------------------


@router.api_operation(
    ["GET", "HEAD"],
    "/api/results",
    response={200: ResultPage, ERRORS: ErrorBody},
    operation_id="listResults",
    summary="List results",
)
@decorate_view(conditional)
def index(request: HttpRequest, response: HttpResponse, query: Query[ListQuery]) -> dict[str, Any]:
    """Newest first, with the filters of the history. `next` and the header `Link` with `rel="next"` lead to more.

    A page may have fewer results than `limit`, or none, although more follow: each request searches a limited number
    of results. For the same reason, `total` is null in a search for `words`.
    """
    form, owner = HistoryQuery(request.GET), owner_of(request)
    if not form.is_valid():
        raise RequestInvalid("form_invalid", reason=form.sentences()[0])
    visible, filters = visible_results(request).select_related("photo"), form.filters()
    found = search.find_older(visible, owner_filter(owner), filters, form.cleaned_data["before"], query.limit)
    address = None
    if found.rest is not None:
        address = next_page(request, response, reverse("api:results"), before=found.rest)
    return {
        "results": [serializers.summary_to_json(request, result) for result in found.results],
        "next": address,
        "total": search.count(visible, filters),
    }


@router.api_operation(
    ["GET", "HEAD"],
    "/api/results/{uuid:id}",
    response={200: ResultOut, ERRORS | NOT_FOUND: ErrorBody},
    operation_id="readResult",
    summary="Read a result",
    url_name="result",
)
@decorate_view(conditional)
def read(request: HttpRequest, id: UUID, query: Query[DetailQuery]) -> dict[str, Any]:
    """Everything that is known about it. Somebody else's result is a 404."""
    return serializers.result_to_json(request, find_result(request, id), dense=query.dense == 1, scheme=query.scheme)
