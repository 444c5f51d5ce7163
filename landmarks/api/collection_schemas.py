"""The types of requests and responses about collections, from which the OpenAPI document is generated."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from landmarks.api.request_schemas import Flag, Name, RunOptions, Strict, WebAddress
from landmarks.api.schemas import Cause, Uri, WebhookOut

MOST_DIGESTS = 1000
DIGEST = "^[0-9a-f]{64}$"
Status = Literal["done", "none", "running", "queued", "failed", "cancelled"]
STATUS = "`done`: at least one face was found. `none`: the photo was analysed and has no face."

# --- requests --------------------------------------------------------------------------------------------------------


class CollectionIn(RunOptions, Strict):
    """A new collection: its name, and how faces are detected in all of its photos."""

    name: Name
    dense: Flag = Field(0, description="1: also keep the 478 dense points of each face.")
    engine: str = Field("auto", description="`auto`, or the name of an engine that is available here.")
    webhook_url: WebAddress | None = Field(
        None, description="Where it is reported to whenever all photos are over (docs/api.md#webhooks)."
    )


class AddressIn(Strict):
    """A photo for a collection, by its address."""

    image_url: WebAddress = Field(description="Address of the photo: http or https. It is fetched when it is its turn.")
    name: Name | None = Field(None, description="By default, the last part of the address.")


class UploadIn(BaseModel):
    """What a form has beside the file."""

    name: Name | None = None


class DigestsIn(Strict):
    """Photos, by their SHA-256."""

    digests: list[Annotated[str, Field(pattern=DIGEST)]] = Field(
        min_length=1, max_length=MOST_DIGESTS, description="SHA-256 of files, as 64 lowercase hexadecimal digits."
    )


class CollectionsQuery(BaseModel):
    """A part of the collections."""

    before: str | None = Field(
        None, pattern="^[0-9]{1,16}-[0-9a-f]{32}$", description="A position in the list, as in `next`."
    )
    limit: int = Field(30, ge=1, le=100, description="Maximum number of collections in the response.")


class PhotosQuery(BaseModel):
    """A part of the photos of a collection."""

    status: Status | None = Field(None, description="Only photos with this status.")
    after: str | None = Field(None, pattern="^[0-9]{1,19}$", description="A position in the list, as in `next`.")
    limit: int = Field(100, ge=1, le=500, description="Maximum number of photos in the response.")


# --- responses -------------------------------------------------------------------------------------------------------


class StatusCounts(BaseModel):
    """How many photos have each status."""

    done: int = Field(description="With at least one face.")
    none: int = Field(description="Analysed, and without a face.")
    running: int
    queued: int
    failed: int
    cancelled: int


class CollectionOut(BaseModel):
    """Photos that were sent together, each analysed once."""

    id: UUID
    name: str
    created: datetime
    engine: str
    mode: Literal[0, 1]
    need_rotate_detection: Literal[0, 1]
    dense: Literal[0, 1]
    face_model_version: str
    paused: bool = Field(description="Whether its photos wait until it is resumed.")
    total: int = Field(description="Photos that were added.")
    counts: StatusCounts
    progress: float = Field(description="0 to 1: the share of its photos that are over. 0 without photos.")
    url: Uri = Field(description="Address of the collection in this API.")
    photos: Uri = Field(description="Address of the list of its photos, to which photos are sent as well.")
    webhook: WebhookOut | None = Field(description="Where its ends are reported to; null if nowhere.")


class CollectionPage(BaseModel):
    """Collections, newest first."""

    collections: list[CollectionOut]
    next: Uri | None = Field(description="Address of the next page, with older collections; null at the end.")
    total: int = Field(description="Collections on all pages.")


class CollectionPhoto(BaseModel):
    """A photo of a collection."""

    id: UUID = Field(description="Of its job.")
    name: str
    status: Status = Field(description=STATUS)
    url: Uri = Field(description="Address of its job, by which it can be cancelled alone.")
    address: str = Field(description="Where the photo is fetched from; empty for an upload.")
    digest: str | None = Field(
        description="SHA-256 of the file as it was sent; null before it is fetched, and if it was cancelled."
    )
    created: datetime
    finished: datetime | None = Field(description="When it ended; null before.")
    attempts: int = Field(description="How often it was begun, three times at most.")
    result: UUID | None = Field(description="Id of its result, once there is one.")
    face_count: int | None = Field(description="Faces in its result.")
    error: Cause | None = Field(description="Why it failed; null if it did not.")


class AddedPhoto(CollectionPhoto):
    """A photo that was sent to a collection."""

    is_new: bool = Field(description="False if the collection has this photo already; it isn't analysed again.")


class CollectionPhotoPage(BaseModel):
    """Photos of a collection, in the order in which they were added."""

    photos: list[CollectionPhoto]
    next: Uri | None = Field(description="Address of the next page, with later photos; null at the end.")


class KnownOut(BaseModel):
    """Which photos need not be sent."""

    known: list[str] = Field(description="Those of `digests` that the collection has, in the order in which they came.")
