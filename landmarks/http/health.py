"""Health checks: whether the site is alive, and whether it is ready."""

import logging

from django.core.files.base import ContentFile
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from landmarks.core.errors import StorageError
from landmarks.http.methods import require_safe
from landmarks.models import Result
from landmarks.services import engines
from landmarks.storage import files

PROBE = 64 * 1024
"""Bytes that are written to test the storage; an empty file would fit on a full disk."""

logger = logging.getLogger(__name__)


@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 if everything that a photo needs is available, else 503; the body says what is not."""
    parts = {
        "database": is_database_ready(),
        "storage": is_storage_writable(),
        "engine": engines.engine_ready(),
    }
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def is_database_ready() -> bool:
    try:
        with transaction.atomic():  # in SQLite this asks for the right to write
            Result.objects.exists()
    except DatabaseError as exc:
        logger.warning("The database does not answer: %s", exc)
        return False
    return True


def is_storage_writable() -> bool:
    try:
        return files.delete(files.save("ready", ContentFile(bytes(PROBE))))
    except StorageError:
        return False
