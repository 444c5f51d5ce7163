"""Changing results: name and note, delete and restore, one or many."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Status

from landmarks.access import visibility
from landmarks.api import parsing, serializers
from landmarks.api.auth import owner_of
from landmarks.api.request_schemas import IdsIn, ResultPatch
from landmarks.api.result_router import (
    BODY_ERRORS,
    ERRORS,
    NOT_FOUND,
    find_result,
    router,
    split_by_presence,
    visible_results,
)
from landmarks.api.schemas import DeletedOut, ErrorBody, RestoredOut, ResultOut
from landmarks.core.errors import NotFound
from landmarks.models import ResultQuerySet
from landmarks.services import descriptions
from landmarks.storage import deletion


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
    """It disappears at once and can be restored for ten seconds. Then its files are deleted, and the photo with its
    last result."""
    if not deletion.mark_deleted(visible_results(request).filter(pk=id), timezone.now()):
        raise NotFound("result_not_found")
    return Status(204, None)


@router.post(
    "/api/results/{uuid:id}/restore",
    response={200: ResultOut, ERRORS | NOT_FOUND: ErrorBody},
    operation_id="restoreResult",
    summary="Restore a deleted result",
    url_name="restore",
)
def restore(request: HttpRequest, id: UUID) -> dict[str, Any]:
    """Possible for ten seconds after its deletion, then it is a 404. A result that isn't deleted stays as it is."""
    deletion.restore(deleted_results(request).filter(pk=id), timezone.now())
    return serializers.result_to_json(request, find_result(request, id))


@router.post(
    "/api/results/delete",
    response={200: DeletedOut, ERRORS | BODY_ERRORS: ErrorBody},
    operation_id="deleteResults",
    summary="Delete several results",
    url_name="delete-many",
    openapi_extra=parsing.request_body(IdsIn),
)
def delete_many(request: HttpRequest) -> dict[str, Any]:
    """Results that don't exist are listed in `not_found`; all others are deleted."""
    ids = parsing.read_json(request, IdsIn).ids
    found, missing = split_by_presence(visible_results(request), ids)
    deletion.mark_deleted(visible_results(request).filter(pk__in=found), timezone.now())
    return {"deleted": found, "not_found": missing}


@router.post(
    "/api/results/restore",
    response={200: RestoredOut, ERRORS | BODY_ERRORS: ErrorBody},
    operation_id="restoreResults",
    summary="Restore several deleted results",
    url_name="restore-many",
    openapi_extra=parsing.request_body(IdsIn),
)
def restore_many(request: HttpRequest) -> dict[str, Any]:
    """Possible for ten seconds after their deletion. Results that no longer exist are listed in `not_found`."""
    ids = parsing.read_json(request, IdsIn).ids
    deletion.restore(deleted_results(request).filter(pk__in=ids), timezone.now())
    found, missing = split_by_presence(visible_results(request), ids)
    return {"restored": found, "not_found": missing}


def deleted_results(request: HttpRequest) -> ResultQuerySet:
    return visibility.visible_results_with_deleted(owner_of(request))
