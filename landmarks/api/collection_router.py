"""The router of all operations on collections, and what a request may see of them."""

from uuid import UUID

from django.http import HttpRequest

from landmarks.api.auth import owner_of
from landmarks.api.result_router import make_router
from landmarks.core.errors import NotFound
from landmarks.models import Collection
from landmarks.storage import collections as storage
from landmarks.storage.errors import storage_errors

router = make_router("Collections")
PATH = "/api/collections/{uuid:id}"


def find_collection(request: HttpRequest, id: UUID) -> Collection:
    """Also in a shared history only the owner's: others see its results. Raises NotFound or StorageError."""
    with storage_errors():
        collection = storage.collections_of(owner_of(request)).filter(pk=id).first()
    if collection is None:
        raise NotFound("collection_not_found")
    return collection
