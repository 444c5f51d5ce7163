"""How results are kept and deleted: files before rows, never half of either."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from tempfile import TemporaryFile

from django.core.files.base import File
from django.core.files.storage import Storage
from django.db import DatabaseError, transaction
from django.db.models.fields.files import FieldFile
from PIL import Image

from landmarks import models
from landmarks.drawing.overlay import draw_thumbnail
from landmarks.errors import PhotoError, StorageError
from landmarks.faces import Face
from landmarks.intake.photo import Photo, write_photo

logger = logging.getLogger(__name__)

UNDO = timedelta(seconds=10)
"""So long a deletion can be undone."""
GONE = "The photo of this result is gone: it is being deleted, or its file is lost. Send the photo again."
OUT_OF_ORDER = (
    "This site cannot store anything at the moment: its disk may be full or its database locked. What was kept before "
    "is still there. Try again later, or tell whoever runs it."
)

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


def write(file: FieldFile, image: Image.Image, undo: ExitStack) -> None:
    """Store a picture under the name that the field gives; `undo` takes it away again, also if only half is there."""
    name = file.field.generate_filename(file.instance, "file.jpg")
    with TemporaryFile() as jpeg:
        write_photo(image, jpeg)
        undo.callback(remove, file.storage, name)
        file.save("file.jpg", File(jpeg), save=False)


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
        raise PhotoError(GONE)
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
        raise PhotoError(GONE)
    return photo


def stored_bytes(photo: models.Photo) -> bytes:
    """The upright copy that is kept; raise PhotoError when it is lost, StorageError when it cannot be read."""
    with storage_errors():
        try:
            with photo.file.open("rb") as file:
                return bytes(file.read())
        except FileNotFoundError as exc:
            raise PhotoError(GONE) from exc


def mark_deleted(results: models.ResultQuerySet, now: datetime) -> int:
    """Hide those that are kept from everybody, until the deletion is undone or finished; tells how many they are."""
    with storage_errors():
        return results.kept().update(deleted=now)


def restore(results: models.ResultQuerySet, now: datetime) -> int:
    """Undo the deletion of those whose time is not over; tells how many they are."""
    with storage_errors():
        return results.filter(deleted__gt=now - UNDO).update(deleted=None)


def ended(now: datetime) -> models.ResultQuerySet:
    """Those whose deletion can no longer be undone."""
    return models.Result.objects.filter(deleted__lte=now - UNDO)


def finish_deletions(now: datetime) -> int:
    """Delete for good what can no longer be undone; tells how many results that were. Raises StorageError."""
    with storage_errors():
        results = list(ended(now).only("photo_id"))
    return sum(delete(result, ended(now)) for result in results)


def delete(result: models.Result, among: models.ResultQuerySet | None = None) -> bool:
    """Delete a result for good with its files, if it is still there, among those; the photo goes with its last result.

    Raises StorageError when the rows cannot be deleted.
    """
    rows = models.Result.objects.all() if among is None else among
    with storage_errors(), transaction.atomic():
        photo = models.Photo.objects.select_for_update().filter(pk=result.photo_id).first()
        # Locked before it is deleted: an undo that was faster has taken it out of `among`, a slower one finds no row.
        row = rows.select_for_update().filter(pk=result.pk).first()
        if photo is None or row is None:
            return False
        row.delete()
        files = [row.thumbnail]
        if not photo.results.exists():
            files.append(photo.file)
            photo.delete()
        transaction.on_commit(lambda: discard(*files))
    return True


def discard(*files: FieldFile) -> None:
    """Remove files that no row names any more; one that cannot be removed is left to the log."""
    for file in files:
        remove(file.storage, str(file.name))


def remove(storage: Storage, name: str) -> bool:
    """Whether the file is gone."""
    try:
        storage.delete(name)
    except OSError as exc:
        logger.error("The file %s could not be removed (%s). Remove it by hand.", name, exc.strerror)
        return False
    return True


@contextmanager
def storage_errors() -> Iterator[None]:
    """Translate what disks and databases say into StorageError."""
    try:
        yield
    except (OSError, DatabaseError) as exc:
        logger.error("Nothing could be stored: %s", exc)
        raise StorageError(OUT_OF_ORDER, detail=str(exc)) from exc
