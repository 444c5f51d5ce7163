"""Health checks: whether the site is alive, and whether it is ready. They write nothing and leave nothing."""

import logging
import os
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from landmarks.core.errors import StorageError
from landmarks.http.methods import require_safe
from landmarks.models import Result
from landmarks.services import engines
from landmarks.storage import deletion, disk, files, temporary_files
from landmarks.storage.time_limits import limited

DATABASE_SECONDS = 1.0
"""For the questions to the database; who asks for the site's health soon gives up itself."""
OVERDUE = timedelta(minutes=1)
"""After which what should be deleted by now counts as waiting; until then it is about to be."""
MIB = 2**20

logger = logging.getLogger(__name__)


@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 if everything that a photo needs is available, else 503; `problems` says what is wrong."""
    facts: dict[str, bool | int | None] = {
        "database": None,
        "storage": is_storage_writable(),
        "engine": engines.engine_ready(),
        "free_mb": free_mb(),
        "expired_results": None,
        "expired_files": count_expired_files(),
    }
    with limited(DATABASE_SECONDS):
        facts["database"] = is_database_ready()
        if facts["database"]:
            facts["expired_results"] = count_expired_results()
    problems = find_problems(facts)
    return JsonResponse(facts | {"problems": problems}, status=503 if problems else 200)


def find_problems(facts: dict[str, bool | int | None]) -> list[str]:
    """What keeps photos from being stored. What waits to be deleted doesn't."""
    sentences = {
        "database": "The database can't be read or written.",
        "storage": "The folder of the photos can't be written.",
        "engine": "The default engine can't run.",
    }
    problems = [sentence for name, sentence in sentences.items() if not facts[name]]
    if (free := facts["free_mb"]) is not None and free < settings.MIN_FREE_MB:
        problems.append(f"{free} MB of disk space are free; MIN_FREE_MB is {settings.MIN_FREE_MB}.")
    if (room := temporary_mb()) < settings.MAX_UPLOAD_MB:
        problems.append(
            f"{room} MB are free for temporary files (TMPDIR); one upload can take {settings.MAX_UPLOAD_MB}."
        )
    return problems


def is_database_ready() -> bool:
    """Whether its tables can be read, and, as far as that is known without trying, written."""
    try:
        Result.objects.exists()
    except DatabaseError as exc:
        logger.warning("The database is not ready: %s", exc)
        return False
    name = str(connection.settings_dict["NAME"])
    return connection.vendor != "sqlite" or ":" in name or all(map(can_write, (Path(name), Path(name).parent)))


def is_storage_writable() -> bool:
    root = files.root()
    return root is None or (can_write(disk.nearest(root)) and disk.nearest(root).is_dir())


def can_write(path: Path) -> bool:
    """Nothing can be written on a disk that is mounted read-only either."""
    return os.access(path, os.W_OK)


def free_mb() -> int | None:
    """None where nothing is stored on a disk, or where it can't be asked, which `storage` tells."""
    try:
        free = disk.free_bytes()
    except StorageError:
        return None
    return None if free is None else free // MIB


def temporary_mb() -> int:
    """Space where uploads lie while they arrive, which is often a small disk of its own."""
    try:
        return shutil.disk_usage(tempfile.gettempdir()).free // MIB
    except OSError:
        return 0


def count_expired_results() -> int | None:
    """Results whose deletion should be finished by now."""
    try:
        return Result.objects.filter(deleted__lte=timezone.now() - deletion.UNDO - OVERDUE).count()
    except DatabaseError:
        return None


def count_expired_files() -> int | None:
    """Temporary files that should be deleted by now."""
    try:
        return sum(len(store.expired_paths(OVERDUE)) for store in temporary_files.STORES.values())
    except StorageError:
        return None
