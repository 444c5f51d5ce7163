"""How results are kept and deleted: files before rows, never half of either."""

from collections.abc import Mapping
from contextlib import ExitStack

from django.db import transaction
from django.db.models.fields.files import FieldFile

from landmarks import models
from landmarks.core.errors import PhotoError
from landmarks.core.faces import Face
from landmarks.drawing.thumbnail import draw_thumbnail
from landmarks.photos.photo import Photo
from landmarks.storage.files import discard, storage_errors, write

# --- keeping ---------------------------------------------------------------------------------------------------------


def keep(row: models.Result, photo: Photo, digest: str, faces: tuple[Face, ...]) -> models.Result:
    """Store files first and rows after, so that no transaction waits for a disk and no row lacks its file.

    Raises StorageError, and then leaves nothing behind.
    """
    sent = models.Photo(
        owner=row.owner,
        digest=digest,
        width=photo.width,
        height=photo.height,
        format=photo.format,
        orientation=photo.orientation,
    )
    with ExitStack() as undo, storage_errors():
        write(sent.file, photo.image, undo)
        write(row.thumbnail, draw_thumbnail(photo.image, faces), undo)
        unused = insert_with_photo(row, sent, faces)
        undo.pop_all()
    discard(*unused)
    return row


def keep_again(row: models.Result, kept: models.Photo, photo: Photo, faces: tuple[Face, ...]) -> models.Result:
    """Store the result of a further run over a photo that is kept already.

    Raises StorageError, or PhotoError when the photo was deleted meanwhile, and then leaves nothing behind.
    """
    with ExitStack() as undo, storage_errors():
        write(row.thumbnail, draw_thumbnail(photo.image, faces), undo)
        with transaction.atomic():
            row.photo = locked_photo(kept)
            insert(row, faces)
        undo.pop_all()
    return row


def insert_with_photo(row: models.Result, sent: models.Photo, faces: tuple[Face, ...]) -> list[FieldFile]:
    """Insert the rows; the files that are not needed, since the same owner had sent this photo before."""
    facts = {name: getattr(sent, name) for name in ("id", "file", "width", "height", "format", "orientation")}
    with transaction.atomic():
        row.photo, is_new = models.Photo.objects.select_for_update().get_or_create(
            owner=sent.owner, digest=sent.digest, defaults=facts
        )
        is_lost = not is_new and not row.photo.file.storage.exists(str(row.photo.file.name))
        if is_lost:
            row.photo.file = sent.file.name
            row.photo.save(update_fields=["file"])
        insert(row, faces)
    return [] if is_new or is_lost else [sent.file]


def insert(row: models.Result, faces: tuple[Face, ...]) -> None:
    row.save(force_insert=True)
    models.Face.objects.bulk_create(models.faces_of(row, faces))


def locked_photo(kept: models.Photo) -> models.Photo:
    """Its row, which nobody can delete before this transaction ends; raise PhotoError when somebody did."""
    photo = models.Photo.objects.select_for_update().filter(pk=kept.pk).first()
    if photo is None:
        raise PhotoError("photo_gone")
    return photo


def write_words(result: models.Result, words: Mapping[str, str]) -> None:
    """Write what its owner says of a result, by column; raise StorageError."""
    for column, text in words.items():
        setattr(result, column, models.fitting(column, text))
    if words:
        with storage_errors():
            result.save(update_fields=list(words))


# --- reading and deleting --------------------------------------------------------------------------------------------


def photo_of(result: models.Result) -> models.Photo:
    """The row of a result's photo as it is now; raise PhotoError when it is deleted."""
    with storage_errors():
        photo = models.Photo.objects.filter(pk=result.photo_id).first()
    if photo is None:
        raise PhotoError("photo_gone")
    return photo
