"""The types of what is sent to webhooks, from which the OpenAPI document is generated."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from landmarks.api.collection_schemas import StatusCounts
from landmarks.api.schemas import Uri


class EndedJob(BaseModel):
    """A job that is over, by its addresses only."""

    id: UUID
    status: Literal["done", "failed", "cancelled"]
    url: Uri = Field(description="Address of the job.")
    result: UUID | None = Field(description="Id of its result, if there is one.")
    result_url: Uri | None = Field(description="Address of its result.")
    error_code: str | None = Field(description="Why it failed; null if it did not.")


class JobReport(BaseModel):
    """What is sent to `webhook_url` when a job is over."""

    type: Literal["job.done", "job.failed", "job.cancelled"]
    timestamp: datetime = Field(description="When it ended.")
    data: EndedJob


class EndedCollection(BaseModel):
    """A collection of which nothing is queued or running, by its addresses only."""

    id: UUID
    url: Uri = Field(description="Address of the collection.")
    photos: Uri = Field(description="Address of the list of its photos.")
    total: int = Field(description="Photos that were added.")
    counts: StatusCounts


class CollectionReport(BaseModel):
    """What is sent to `webhook_url` whenever all photos of a collection are over."""

    type: Literal["collection.finished"]
    timestamp: datetime = Field(description="When that was seen.")
    data: EndedCollection


REPORTS: dict[str, type[BaseModel]] = {"jobEnded": JobReport, "collectionFinished": CollectionReport}
HEADERS = {
    "webhook-id": "The same whenever this report is sent again.",
    "webhook-timestamp": "When it was sent, in seconds since 1970.",
    "webhook-signature": "One or several of `v1,` and base64 of HMAC-SHA256, as in Standard Webhooks.",
}


def describe(name: str, reference: str) -> dict[str, Any]:
    """The request that a receiver gets, for the OpenAPI document."""
    report = REPORTS[name]
    return {
        "post": {
            "operationId": name,
            "summary": (report.__doc__ or "").strip(),
            "parameters": [
                {"in": "header", "name": header, "required": True, "description": text, "schema": {"type": "string"}}
                for header, text in HEADERS.items()
            ],
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": {"$ref": reference.format(model=report.__name__)}}},
            },
            "responses": {"204": {"description": "It was received. Any other status from 200 to 299 says the same."}},
        }
    }
