"""Whether the database is the one of this program and of the stored photos, before anything is changed."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from landmarks.core.errors import StorageError
from landmarks.models import Photo, Result
from landmarks.storage import files

APP = "landmarks"
PHOTOS, THUMBNAILS = "photos", "thumbnails"


def check_existing_data() -> None:
    """Raise CommandError for a newer database, and for one without photos beside stored ones.

    Otherwise an old program would run on tables that it does not know, and a lost database would be replaced by an
    empty one, with which `manage.py sweep` takes all photos for orphans.
    """
    if _is_missing_file() and _has_file(PHOTOS):
        raise _lost()
    loader = MigrationLoader(connection)
    applied = {name for app, name in loader.applied_migrations or () if app == APP}
    known = {name for (app, name), migration in loader.disk_migrations.items() if app == APP}
    replaced = {name for migration in loader.disk_migrations.values() for app, name in migration.replaces if app == APP}
    if unknown := sorted(applied - known - replaced):
        raise CommandError(
            f"A newer version of facesite has used this database: it has the migration {unknown[-1]}. Install that "
            "version again, or restore a backup that was made before the upgrade."
        )
    if _is_lost(is_migrated=bool(applied)):
        raise _lost()


def _is_missing_file() -> bool:
    """Seen before anything connects, which would make an empty one, if it can."""
    path = Path(str(connection.settings_dict["NAME"]))
    return connection.vendor == "sqlite" and path.parent.is_dir() and not path.exists()


def _is_lost(is_migrated: bool) -> bool:
    if not is_migrated:
        return _has_file(PHOTOS)
    if Photo.objects.exists() or Result.objects.exists():
        return False
    # A process that was killed while it stored the first photo leaves that file alone; a result has a thumbnail, too.
    return _has_file(PHOTOS) and _has_file(THUMBNAILS)


def _has_file(folder: str) -> bool:
    try:
        folders, names = files.list_folder(folder)
    except StorageError as exc:
        raise CommandError(f"The folder {settings.MEDIA_ROOT} cannot be read ({exc.detail}).") from exc
    return bool(names) or any(_has_file(f"{folder}/{inner}") for inner in folders)


def _lost() -> CommandError:
    return CommandError(
        f"There are photos in {settings.MEDIA_ROOT}, but the database has none: it is missing, empty, or another one. "
        f"Restore it from a backup, or correct DATABASE_URL. To start anew, move {settings.MEDIA_ROOT} away first."
    )
