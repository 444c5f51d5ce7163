"""How photos and results are stored: files before rows, never half of either."""

from collections.abc import Callable
from contextlib import ExitStack

from django.conf import settings
from django.db import IntegrityError, transaction
from PIL import Image

from landmarks.core.errors import PhotoError
from landmarks.core.faces import Face
from landmarks.drawing.thumbnail import draw_thumbnail
from landmarks.models import Face as FaceRow
from landmarks.models import Owner, Photo, Result, faces_of, photo_path, thumbnail_path
from landmarks.photos.encode import JPEG_QUALITY
from landmarks.photos.photo import Photo as Picture
from landmarks.storage import disk, files, key_claims, quota
from landmarks.storage.errors import storage_errors

FILE_COLUMNS = ("file", "file_size", "lowered_quality")
"""Of a photo: what is about its file."""


class PhotoGone(PhotoError):
    """The photo of a result is deleted, or its file lost."""

    def __init__(self) -> None:
        super().__init__("photo_gone")


# --- photos ----------------------------------------------------------------------------------------------------------


def store_photo(owner: Owner, digest: str, picture: Picture) -> Photo:
    """The row of a photo, stored as large as an upload may be at most; nothing is written where the owner has a copy.

    Raises PhotoTooLarge, QuotaExceeded or StorageError, and then leaves nothing behind.
    """
    copy = copy_of(owner, digest)
    if copy and files.exists(str(copy.file)):
        return copy
    disk.check_space()
    row = Photo(
        owner=owner,
        digest=digest,
        width=picture.width,
        height=picture.height,
        format=picture.format,
        orientation=picture.orientation,
    )
    with ExitStack() as undo, storage_errors():
        saved = files.save_picture(photo_path(row), picture.image, undo, settings.MAX_UPLOAD_MB * 2**20)
        row.file.name, row.file_size = saved.name, saved.size
        row.lowered_quality = saved.quality if saved.quality < JPEG_QUALITY else None
        kept = insert_photo(row, lost=str(copy.file) if copy else "")
        undo.pop_all()
    if kept.file != row.file:
        files.delete(str(row.file))
    return kept


def copy_of(owner: Owner, digest: str) -> Photo | None:
    """The photo as the owner, who need not have a row yet, sent it before."""
    with storage_errors():
        return Photo.find(owner, digest)


def insert_photo(row: Photo, lost: str) -> Photo:
    """Insert the row, unless a copy was inserted meanwhile; a copy whose file is `lost` gets the new one.

    Raises QuotaExceeded.
    """
    with transaction.atomic():
        row.owner = row.owner.saved()
        if not lost and is_inserted(row):
            quota.add_photo(row.owner_id, row.file_size or 0)
            return row
        copies = Photo.objects.select_for_update()
        facts = {name: getattr(row, name) for name in ("id", *FILE_COLUMNS, "width", "height", "format", "orientation")}
        kept, is_new = copies.get_or_create(owner=row.owner, digest=row.digest, defaults=facts)
        if is_new:
            quota.add_photo(kept.owner_id, kept.file_size or 0)
        elif kept.file == lost:
            quota.add(kept.owner_id, (row.file_size or 0) - (kept.file_size or 0))
            for name in FILE_COLUMNS:
                setattr(kept, name, getattr(row, name))
            kept.save(update_fields=FILE_COLUMNS)
    return kept


def is_inserted(row: Photo) -> bool:
    """Insert the row; False where the owner has a copy."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def photo_of(result: Result) -> Photo:
    """The row of a result's photo as it is now. Raises PhotoGone or StorageError."""
    with storage_errors():
        photo = Photo.objects.select_related("owner").filter(pk=result.photo_id).first()
    if photo is None:
        raise PhotoGone
    return photo


def stored_bytes(photo: Photo) -> bytes:
    """The upright copy. Raises PhotoGone where its file is lost, or StorageError."""
    try:
        return files.read(str(photo.file))
    except files.FileMissing as exc:
        raise PhotoGone from exc


# --- results ---------------------------------------------------------------------------------------------------------


def store_result(
    row: Result, image: Image.Image, faces: tuple[Face, ...], confirm: Callable[[Result], None] = lambda row: None
) -> None:
    """Store a finished run over a stored photo, with a thumbnail of this picture.

    `confirm` is called in the same transaction, which is undone if it raises anything.

    Raises PhotoGone where the photo was deleted meanwhile, KeyInUse or StorageError, and then leaves nothing behind.
    """
    with ExitStack() as undo, storage_errors():
        saved = files.save_picture(thumbnail_path(row), draw_thumbnail(image, faces), undo)
        row.thumbnail.name, row.thumbnail_size = saved.name, saved.size
        with transaction.atomic():
            if Photo.lock(row.photo_id) is None:
                raise PhotoGone
            row.save(force_insert=True)
            FaceRow.objects.bulk_create(faces_of(row, faces))
            quota.add(row.owner_id, saved.size)
            key_claims.settle(row)
            confirm(row)
        undo.pop_all()
