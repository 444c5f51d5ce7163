"""The photos of a collection: add, list, recognise, retry and cancel them."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Query, Status
from ninja.decorators import decorate_view
from pydantic import BaseModel

from landmarks.api import idempotency, parsing
from landmarks.api.collection_router import PATH, find_collection, router
from landmarks.api.collection_schemas import (
    AddedPhoto,
    AddressIn,
    CollectionPhoto,
    CollectionPhotoPage,
    DigestsIn,
    KnownOut,
    PhotosQuery,
    UploadIn,
)
from landmarks.api.conditional import conditional
from landmarks.api.jobs import job_fields, job_path
from landmarks.api.result_router import BODY_ERRORS, ERRORS, KEY_ERRORS, NOT_FOUND, next_page
from landmarks.api.schemas import ErrorBody
from landmarks.core.errors import MediaUnsupported, NotFound
from landmarks.models import Collection, Job, JobQuerySet
from landmarks.services import collections, jobs
from landmarks.storage import collections as storage
from landmarks.storage.collection_counts import State, state_of
from landmarks.storage.errors import storage_errors
from landmarks.storage.search import LAST_POSITION

PHOTO_FORM = {
    "type": "object",
    "required": ["photo"],
    "properties": {
        "photo": {"type": "string", "format": "binary", "description": "The file, at most `MAX_UPLOAD_MB`."},
        "name": {"type": "string", "description": "By default, the name of the file."},
    },
}


def photo_to_json(request: HttpRequest, job: Job) -> dict[str, Any]:
    result = job.result
    return job_fields(request, job) | {
        "name": job.name,
        "status": state_of(job.status, job.has_faces).value,
        "address": job.address,
        "digest": job.photo.digest if job.photo else None,
        "result": result.pk if result else None,
        "face_count": result.face_count if result else None,
    }


# --- add -------------------------------------------------------------------------------------------------------------


@router.post(
    f"{PATH}/photos",
    response={202: AddedPhoto, ERRORS | NOT_FOUND | BODY_ERRORS | KEY_ERRORS: ErrorBody},
    operation_id="addAddress",
    summary="Add a photo to a collection",
    url_name="collection-photos",
    openapi_extra=parsing.request_body(AddressIn),
)
def add(request: HttpRequest, response: HttpResponse, id: UUID) -> Status[dict[str, Any]]:
    """One photo by its address, which is fetched and analysed when it is its turn; what fails is in the list of photos.

    A form with the file, as for `/photos/upload`, is also accepted here. A photo that the collection has already is
    passed over: `is_new` is false. So it is safe to send everything again after an interruption. An address whose photo
    turns out to be in the collection already disappears from it.
    """
    collection = find_collection(request, id)
    if parsing.is_form(request) and "photo" in request.FILES:
        return add_file(request, response, collection)
    is_form = parsing.is_form(request)
    body = parsing.read_form(request, AddressIn, "photo") if is_form else parsing.read_json(request, AddressIn)
    submit = partial(collections.submit_address, collection, body.image_url, body.name or "")
    return added(request, response, body, submit)


@router.post(
    f"{PATH}/photos/upload",
    response={202: AddedPhoto, ERRORS | NOT_FOUND | BODY_ERRORS | KEY_ERRORS: ErrorBody},
    operation_id="uploadPhoto",
    summary="Add a file to a collection",
    url_name="upload-photo",
    openapi_extra=parsing.request_body(form=PHOTO_FORM),
)
def upload(request: HttpRequest, response: HttpResponse, id: UUID) -> Status[dict[str, Any]]:
    """The same with a file, sent as a form. It is stored at once, and what is wrong with it is the response.

    A photo that was analysed in the same way before is done at once.
    """
    collection = find_collection(request, id)
    if not parsing.is_form(request):
        raise MediaUnsupported("body_not_form", accepted=parsing.FORM, field="photo")
    return add_file(request, response, collection)


def add_file(request: HttpRequest, response: HttpResponse, collection: Collection) -> Status[dict[str, Any]]:
    body = parsing.read_form(request, UploadIn, "photo")
    file, name = parsing.file_in(request, "photo")
    submit = partial(collections.submit, collection, file, body.name or name)
    return added(request, response, body, submit, lambda: parsing.file_digest(request, "photo") + name.encode())


def added(
    request: HttpRequest,
    response: HttpResponse,
    body: BaseModel,
    submit: Callable[[], tuple[Job, bool]],
    sent: Callable[[], bytes] = bytes,
) -> Status[dict[str, Any]]:
    """Add the photo, unless the request was sent before with its key: then the response is that of the first one."""
    were_new: list[bool] = []

    def add() -> Job:
        job, is_new = submit()
        were_new.append(is_new)
        return job

    job, first_sent = idempotency.run_once(request, body, add, sent)
    # Whether the first request made the job, or found it.
    is_new = first_sent <= job.created if first_sent else were_new[0]
    response["Location"] = job_path(job)
    return Status(202, photo_to_json(request, storage.read(job.pk) or job) | {"is_new": is_new})


@router.post(
    f"{PATH}/known",
    response={200: KnownOut, ERRORS | NOT_FOUND | BODY_ERRORS: ErrorBody},
    operation_id="findKnown",
    summary="Which photos a collection has already",
    url_name="known-photos",
    openapi_extra=parsing.request_body(DigestsIn),
)
def find_known(request: HttpRequest, id: UUID) -> dict[str, Any]:
    """By the SHA-256 of their files. These need not be sent."""
    collection = find_collection(request, id)
    digests = parsing.read_json(request, DigestsIn).digests
    known = storage.known_digests(collection, digests)
    return {"known": [digest for digest in dict.fromkeys(digests) if digest in known]}


# --- list ------------------------------------------------------------------------------------------------------------


@router.api_operation(
    ["GET", "HEAD"],
    f"{PATH}/photos",
    response={200: CollectionPhotoPage, ERRORS | NOT_FOUND: ErrorBody},
    operation_id="listPhotos",
    summary="List the photos of a collection",
)
@decorate_view(conditional)
def index(request: HttpRequest, response: HttpResponse, id: UUID, query: Query[PhotosQuery]) -> dict[str, Any]:
    """In the order in which they were added. `next` and the header `Link` with `rel="next"` lead to more."""
    state = State(query.status) if query.status else None
    after = min(int(query.after), LAST_POSITION) if query.after else None
    page = storage.read_page(find_collection(request, id), query.limit, state, after)
    address = None
    if page.after is not None:
        address = next_page(request, response, reverse("api:collection-photos", args=[id]), after=page.after)
    return {"photos": [photo_to_json(request, job) for job in page.jobs], "next": address}


# --- one photo -------------------------------------------------------------------------------------------------------


@router.post(
    f"{PATH}/photos/{{uuid:job}}/retry",
    response={200: CollectionPhoto, ERRORS | NOT_FOUND: ErrorBody},
    operation_id="retryPhoto",
    summary="Try a failed photo of a collection again",
    url_name="retry-photo",
)
def retry(request: HttpRequest, id: UUID, job: UUID) -> dict[str, Any]:
    """It is queued again if it failed. Otherwise, nothing changes."""
    collection = find_collection(request, id)
    rows = find_photo(collection, job)
    storage.retry(collection, job)
    jobs.announce()
    return photo_to_json(request, rows.get())


@router.post(
    f"{PATH}/photos/{{uuid:job}}/cancel",
    response={200: CollectionPhoto, ERRORS | NOT_FOUND: ErrorBody},
    operation_id="cancelPhoto",
    summary="Cancel a photo of a collection",
    url_name="cancel-photo",
)
def cancel(request: HttpRequest, id: UUID, job: UUID) -> dict[str, Any]:
    """A photo that is over stays as it is. A cancelled one can be sent again."""
    rows = find_photo(find_collection(request, id), job)
    jobs.cancel(rows.get())
    return photo_to_json(request, rows.get())


def find_photo(collection: Collection, job: UUID) -> JobQuerySet:
    """The one row. Raises NotFound or StorageError."""
    rows = storage.with_results(storage.jobs_of(collection).filter(pk=job))
    with storage_errors():
        if not rows.exists():
            raise NotFound("collection_photo_not_found")
    return rows
