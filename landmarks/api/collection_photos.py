"""The photos of a collection: add, list and recognise them."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Query, Status
from ninja.decorators import decorate_view

from landmarks.api import parsing
from landmarks.api.collection_router import PATH, find_collection, router
from landmarks.api.collection_schemas import (
    AddedPhoto,
    AddressIn,
    CollectionPhotoPage,
    DigestsIn,
    KnownOut,
    PhotosQuery,
    UploadIn,
)
from landmarks.api.conditional import conditional
from landmarks.api.jobs import job_path, job_to_json
from landmarks.api.result_router import BODY_ERRORS, ERRORS, NOT_FOUND, next_page
from landmarks.api.schemas import ErrorBody
from landmarks.core.errors import MediaUnsupported
from landmarks.models import Collection, Job
from landmarks.services import collections
from landmarks.storage import collections as storage
from landmarks.storage.collection_counts import State, state_of
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
    fields, result = job_to_json(request, job), job.result
    del fields["progress"]
    return fields | {
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
    response={202: AddedPhoto, ERRORS | NOT_FOUND | BODY_ERRORS: ErrorBody},
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
    return added(request, response, *collections.submit_address(collection, body.image_url, body.name or ""))


@router.post(
    f"{PATH}/photos/upload",
    response={202: AddedPhoto, ERRORS | NOT_FOUND | BODY_ERRORS: ErrorBody},
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
    return added(request, response, *collections.submit(collection, file, body.name or name))


def added(request: HttpRequest, response: HttpResponse, job: Job, is_new: bool) -> Status[dict[str, Any]]:
    response["Location"] = job_path(job)
    return Status(202, photo_to_json(request, job) | {"is_new": is_new})


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
