"""Server-sent events: follow a job or a collection instead of polling it."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from ninja.responses import NinjaJSONEncoder
from pydantic import BaseModel

from landmarks.api import collection_router
from landmarks.api.collection_router import find_collection
from landmarks.api.collection_schemas import CollectionOut
from landmarks.api.collections import collection_to_json
from landmarks.api.file_operations import content
from landmarks.api.jobs import find_job, job_to_json
from landmarks.api.parsing import JSON
from landmarks.api.result_router import ERRORS, NOT_FOUND, router
from landmarks.api.schemas import ErrorBody, JobOut
from landmarks.http.event_stream import LAST_SEEN, event_stream
from landmarks.http.response_headers import EVENT_STREAM

PARAMETER = {
    "in": "header",
    "name": LAST_SEEN,
    "required": False,
    "description": "The `id` of the last event that you have. The state isn't sent again if it is still the same.",
    "schema": {"type": "string"},
}
EVENT = {
    "type": "object",
    "required": ["id", "data"],
    "properties": {
        "id": {"type": "string", "description": "For `Last-Event-ID`."},
        "data": {
            "type": "string",
            "contentMediaType": JSON,
            "description": "JSON, as in the response to a poll.",
        },
    },
}


def stream_content() -> dict[str, Any]:
    """For the OpenAPI document: each event as an object, as is usual; generated clients read the whole as bytes."""
    described: dict[str, Any] = content(EVENT_STREAM)
    described["responses"][200]["content"][EVENT_STREAM] = {"schema": EVENT}
    return described


@router.get(
    "/api/jobs/{uuid:id}/events",
    response={200: None, 204: None, ERRORS | NOT_FOUND: ErrorBody},
    operation_id="followJob",
    summary="Follow a job",
    url_name="job-events",
    openapi_extra=stream_content(),
)
def follow_job(request: HttpRequest, id: UUID) -> HttpResponseBase:
    """Server-sent events: the job as in `readJob`, at once and whenever it has changed, until it is over.

    A stream ends after a minute, or at once if too many are open; connect again after its `retry`, as browsers do by
    themselves. The response is 204 if the last state was seen.
    """

    def read() -> tuple[str, bool]:
        job = find_job(request, id)
        return encoded(JobOut, job_to_json(request, job)), job.is_over

    return event_stream(request, read)


@collection_router.router.get(
    f"{collection_router.PATH}/events",
    response={200: None, 204: None, ERRORS | NOT_FOUND: ErrorBody},
    operation_id="followCollection",
    summary="Follow a collection",
    url_name="collection-events",
    openapi_extra=stream_content(),
)
def follow_collection(request: HttpRequest, id: UUID) -> HttpResponseBase:
    """The same of a collection, as in `readCollection`, until nothing of it is queued or running."""

    def read() -> tuple[str, bool]:
        fields = collection_to_json(request, find_collection(request, id))
        return encoded(CollectionOut, fields), not (fields["counts"]["queued"] or fields["counts"]["running"])

    return event_stream(request, read)


def encoded(model: type[BaseModel], fields: dict[str, Any]) -> str:
    """As in the response to a poll."""
    return json.dumps(model.model_validate(fields).model_dump(), cls=NinjaJSONEncoder)
