"""Collections: create, list and read them, retry, cancel and delete."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from ninja import Query, Status
from ninja.decorators import decorate_view

from landmarks.api import idempotency, parsing
from landmarks.api.auth import owner_of
from landmarks.api.collection_router import PATH, find_collection, router
from landmarks.api.collection_schemas import CollectionIn, CollectionOut, CollectionPage, CollectionsQuery
from landmarks.api.conditional import conditional
from landmarks.api.export_schemas import ExportQuery
from landmarks.api.file_operations import content
from landmarks.api.result_router import BODY_ERRORS, ERRORS, KEY_ERRORS, NOT_FOUND, next_page
from landmarks.api.results import engine_name
from landmarks.api.schemas import ErrorBody
from landmarks.api.webhooks import new_webhook, webhook_of, webhook_to_json
from landmarks.http.export_responses import export_several
from landmarks.models import Collection
from landmarks.services import collections, exporting, jobs
from landmarks.storage import collection_counts
from landmarks.storage import collections as storage
from landmarks.storage.errors import storage_errors

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def collection_to_json(request: HttpRequest, collection: Collection) -> dict[str, Any]:
    """Raises StorageError."""
    counts = collection_counts.count(collection)
    return {
        "id": collection.pk,
        "name": collection.name,
        "created": collection.created,
        "engine": collection.engine,
        "mode": int(collection.largest_only),
        "need_rotate_detection": int(collection.rotate),
        "dense": int(collection.dense),
        "face_model_version": collection.face_model_version,
        "paused": collection.is_paused,
        "total": counts.total,
        "counts": {state.value: number for state, number in counts.by_state.items()},
        "progress": round(counts.over / counts.total, 4) if counts.total else 0.0,
        "url": request.build_absolute_uri(collection_path(collection)),
        "photos": request.build_absolute_uri(reverse("api:collection-photos", args=[collection.pk])),
        "webhook": webhook_to_json(webhook_of(collection)),
    }


def collection_path(collection: Collection) -> str:
    return reverse("api:collection", args=[collection.pk])


@router.post(
    "/api/collections",
    response={201: CollectionOut, ERRORS | BODY_ERRORS | KEY_ERRORS: ErrorBody},
    operation_id="createCollection",
    summary="Create a collection",
    url_name="collections",
    openapi_extra=parsing.request_body(CollectionIn),
)
def create(request: HttpRequest, response: HttpResponse) -> Status[dict[str, Any]]:
    """It is empty. Send its photos one by one, as many as you like and whenever you like."""
    body = parsing.read_json(request, CollectionIn)
    options = replace(parsing.engine_options(body), dense=body.dense == 1)
    owner, engine = owner_of(request), engine_name(body.engine)
    make = partial(collections.create, owner, body.name, options, engine, new_webhook(request, body.webhook_url))
    collection = idempotency.run_once(request, body, make).made
    response["Location"] = collection_path(collection)
    return Status(201, collection_to_json(request, collection))


@router.api_operation(
    ["GET", "HEAD"],
    "/api/collections",
    response={200: CollectionPage, ERRORS: ErrorBody},
    operation_id="listCollections",
    summary="List collections",
)
@decorate_view(conditional)
def index(request: HttpRequest, response: HttpResponse, query: Query[CollectionsQuery]) -> dict[str, Any]:
    """Newest first. `next` and the header `Link` with `rel="next"` lead to more."""
    rows = storage.collections_of(owner_of(request))
    with storage_errors():
        part = storage.older_than(rows, *read_position(query.before)) if query.before else rows
        found = list(part[: query.limit + 1])
        total = rows.count()
    shown, address = found[: query.limit], None
    if len(found) > query.limit:
        address = next_page(request, response, reverse("api:collections"), before=position_of(shown[-1]))
    return {
        "collections": [collection_to_json(request, collection) for collection in shown],
        "next": address,
        "total": total,
    }


def position_of(collection: Collection) -> str:
    """Its moment in microseconds and its id, which tells collections of the same moment apart."""
    return f"{(collection.created - EPOCH) // MICROSECOND}-{collection.pk.hex}"


def read_position(text: str) -> tuple[datetime, UUID]:
    moment, _, id = text.partition("-")
    return EPOCH + int(moment) * MICROSECOND, UUID(id)


@router.api_operation(
    ["GET", "HEAD"],
    PATH,
    response={200: CollectionOut, ERRORS | NOT_FOUND: ErrorBody},
    operation_id="readCollection",
    summary="Read a collection",
    url_name="collection",
)
@decorate_view(conditional)
def read(request: HttpRequest, id: UUID) -> dict[str, Any]:
    """How many of its photos are done. Poll it about once a second, until `progress` is 1. Somebody else's is a 404."""
    return collection_to_json(request, find_collection(request, id))


@router.delete(
    PATH,
    response={204: None, ERRORS | NOT_FOUND: ErrorBody},
    operation_id="deleteCollection",
    summary="Delete a collection",
)
def delete(request: HttpRequest, id: UUID) -> Status[None]:
    """What is still queued is not analysed. Its results stay."""
    collection = find_collection(request, id)
    with storage_errors():
        collection.delete()
    return Status(204, None)


@router.post(
    f"{PATH}/cancel",
    response={200: CollectionOut, ERRORS | NOT_FOUND: ErrorBody},
    operation_id="cancelCollection",
    summary="Cancel what is left of a collection",
    url_name="cancel-collection",
)
def cancel(request: HttpRequest, id: UUID) -> dict[str, Any]:
    """Photos that are over stay as they are. Cancelled ones can be sent again."""
    collection = find_collection(request, id)
    storage.cancel(collection)
    return collection_to_json(request, collection)


@router.post(
    f"{PATH}/pause",
    response={200: CollectionOut, ERRORS | NOT_FOUND: ErrorBody},
    operation_id="pauseCollection",
    summary="Pause a collection",
    url_name="pause-collection",
)
def pause(request: HttpRequest, id: UUID) -> dict[str, Any]:
    """Photos that are running are finished, the others stay queued, and so do those that are added meanwhile."""
    collection = find_collection(request, id)
    storage.pause(collection)
    return collection_to_json(request, collection)


@router.post(
    f"{PATH}/resume",
    response={200: CollectionOut, ERRORS | NOT_FOUND: ErrorBody},
    operation_id="resumeCollection",
    summary="Resume a paused collection",
    url_name="resume-collection",
)
def resume(request: HttpRequest, id: UUID) -> dict[str, Any]:
    """Its photos come after those that you have queued meanwhile. If it isn't paused, nothing changes."""
    collection = find_collection(request, id)
    storage.resume(collection)
    jobs.announce()
    return collection_to_json(request, collection)


@router.post(
    f"{PATH}/retry",
    response={200: CollectionOut, ERRORS | NOT_FOUND: ErrorBody},
    operation_id="retryCollection",
    summary="Try the failed photos of a collection again",
    url_name="retry-collection",
)
def retry(request: HttpRequest, id: UUID) -> dict[str, Any]:
    """All that failed are queued again. Without any, nothing changes."""
    collection = find_collection(request, id)
    storage.retry(collection)
    jobs.announce()
    return collection_to_json(request, collection)


@router.api_operation(
    ["GET", "HEAD"],
    f"{PATH}/export/{{format_name}}",
    response={200: None, ERRORS | NOT_FOUND: ErrorBody},
    operation_id="exportCollection",
    summary="Export the results of a collection as one file",
    url_name="export-collection",
    openapi_extra=content(*exporting.export_content_types()),
)
def export(request: HttpRequest, id: UUID, format_name: str, query: Query[ExportQuery]) -> HttpResponseBase:
    """All that there are until now, but none that failed. Without any it is a 404.

    The file is sent while it is made. If that fails, the connection breaks off before the end of the body.
    """
    results = collections.results_of(find_collection(request, id))
    return export_several(request, exporting.positions_of(results), format_name)
