"""Whether the site is alive and whether it is ready, for whoever watches it."""

import logging

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from landmarks.models import Result
from landmarks.services import engines

PROBE = 64 * 1024
"""Bytes written to see that something can be kept; an empty file fits on a full disk."""

logger = logging.getLogger(__name__)


@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when everything that a photo needs is there, else 503; the body says what is missing."""
    parts = {
        "database": database_answers(),
        "storage": storage_keeps(),
        "engine": engines.engine_ready(),
    }
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def database_answers() -> bool:
    try:
        with transaction.atomic():  # in SQLite this asks for the right to write
            Result.objects.exists()
    except DatabaseError as exc:
        logger.warning("The database does not answer: %s", exc)
        return False
    return True


def storage_keeps() -> bool:
    try:
        default_storage.delete(default_storage.save("ready", ContentFile(bytes(PROBE))))
    except OSError as exc:
        logger.warning("The storage keeps nothing: %s", exc)
        return False
    return True
