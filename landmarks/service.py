"""The sequence told once: intake, engine, store, derived files; what doors call."""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import DatabaseError, transaction
from django.db.models.fields.files import FieldFile
from PIL import Image

from landmarks import models
from landmarks.drawing.overlay import draw_overlay, draw_thumbnail
from landmarks.drawing.style import Style
from landmarks.drawing.svg import draw_standalone_svg
from landmarks.engines import ENGINES, Engine, Finding, Options, load_engine
from landmarks.errors import EngineError, EngineUnavailable, StorageError
from landmarks.exports import FORMATS
from landmarks.exports.sheet import Sheet
from landmarks.exports.vendor_json import Answer, to_answer
from landmarks.faces import Face
from landmarks.intake.fetch import Fetched, FetchLimits, fetch_photo
from landmarks.intake.photo import Photo, PhotoLimits, encode_photo, read_photo
from landmarks.sources import Source, read_file

logger = logging.getLogger(__name__)

# --- engines ---------------------------------------------------------------------------------------------------------


def default_engine() -> str:
    """The engine that runs when nobody chooses another."""
    return next(iter(ENGINES)) if settings.ENGINE == "auto" else str(settings.ENGINE)


def engine_names() -> tuple[str, ...]:
    """The engines that can be chosen here."""
    return tuple(ENGINES)


@cache
def engine(name: str) -> Engine:
    """The one engine of that name in this process; raise EngineUnavailable when it cannot run here."""
    arguments: dict[str, dict[str, Any]] = {"local": {"models_dir": Path(settings.MODELS_DIR)}}
    if name not in ENGINES:
        raise EngineUnavailable(f"There is no engine called {name!r}. Choose one of: {', '.join(ENGINES)}.")
    return load_engine(name, **arguments[name])


def engine_label(name: str) -> str:
    return engine(name).label


def engine_ready() -> bool:
    return engine(default_engine()).is_ready()


def warm_engine() -> None:
    """Let the engine load its models and look at little, so that no visitor waits for that."""
    blank = Photo(Image.new("RGB", (64, 64)), "PNG", 1)
    engine(default_engine()).find(blank, ask())


# --- from a photo to a result ----------------------------------------------------------------------------------------


def ask(*, largest_only: bool = False, rotate: bool = False, face_model_version: str = "3.0") -> Options:
    return Options(settings.MAX_FACES, largest_only, rotate, face_model_version)


def max_upload_mb() -> int:
    return int(settings.MAX_UPLOAD_MB)


def max_upload_bytes() -> int:
    return max_upload_mb() * 2**20


def read(data: bytes) -> Photo:
    """Raises PhotoError."""
    return read_photo(data, PhotoLimits(max_upload_bytes(), settings.MAX_PIXELS))


def fetch(address: str) -> Fetched:
    """Raises FetchError, or PhotoTooLarge."""
    return fetch_photo(address, FetchLimits(max_upload_bytes(), allowed_networks=settings.FETCH_ALLOW_NETWORKS))


def read_source(source: Source) -> bytes:
    """The bytes behind a file's name or an address; raise PhotoError or FetchError."""
    return read_file(source.path, max_upload_bytes()) if source.path else fetch(source.name).data


def look(data: bytes, asked: Options, engine_name: str) -> tuple[Photo, Finding]:
    """Look at a photo and keep nothing; raise PhotoError or EngineError."""
    photo = read(data)
    return photo, engine(engine_name).find(photo, asked)


def submit_address(address: str, owner: str, asked: Options, engine_name: str) -> models.Result:
    """Fetch a photo, look at it and keep the result; raise FetchError or PhotoError."""
    fetched = fetch(address)
    return submit(fetched.data, fetched.name, owner, asked, engine_name)


def submit(data: bytes, name: str, owner: str, asked: Options, engine_name: str) -> models.Result:
    """Look at a photo and keep the result, also that of an engine that failed; raise PhotoError."""
    photo = read(data)
    row = models.Result(
        owner=owner,
        name=name[:255],
        engine=engine_name,
        face_model_version=asked.face_model_version,
        largest_only=asked.largest_only,
        rotate=asked.rotate,
    )
    try:
        finding = engine(engine_name).find(photo, asked)
    except EngineError as exc:
        logger.error("Engine %s failed (%s): %s %s", engine_name, exc.code, exc.message, exc.detail)
        row.error_code, row.error_message = exc.code, exc.message
        faces: tuple[Face, ...] = ()
    else:
        note_finding(row, finding)
        faces = finding.faces
    return keep(row, photo, hashlib.sha256(data).hexdigest(), faces)


def note_finding(row: models.Result, finding: Finding) -> None:
    row.engine_version = finding.engine_version
    row.elapsed_ms = finding.elapsed_ms
    row.trace_id = finding.trace_id or ""
    row.face_model_version = finding.face_model_version or row.face_model_version
    row.remark = finding.remark
    row.attempts = [asdict(attempt) for attempt in finding.attempts]
    row.face_count = len(finding.faces)


# --- keeping and deleting --------------------------------------------------------------------------------------------


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
        write(sent.file, encode_photo(photo.image), undo)
        write(row.thumbnail, encode_photo(draw_thumbnail(photo.image, faces)), undo)
        unused = insert(row, sent, faces)
        undo.pop_all()
    discard(*unused)
    return row


def write(file: FieldFile, content: bytes, undo: ExitStack) -> None:
    """Store the content under the name that the field gives; `undo` takes it away again, also if only half is there."""
    name = file.field.generate_filename(file.instance, "file.jpg")
    undo.callback(remove, file.storage, name)
    file.save("file.jpg", ContentFile(content), save=False)


def insert(row: models.Result, sent: models.Photo, faces: tuple[Face, ...]) -> list[FieldFile]:
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
        row.save(force_insert=True)
        models.Face.objects.bulk_create(models.faces_of(row, faces))
    return [] if is_new or is_lost else [sent.file]


def delete(result: models.Result) -> None:
    """Delete a result with its files, if nobody did before; the photo goes with its last result.

    Raises StorageError when the rows cannot be deleted.
    """
    with storage_errors(), transaction.atomic():
        photo = models.Photo.objects.select_for_update().filter(pk=result.photo_id).first()
        if photo is None or not photo.results.filter(pk=result.pk).delete()[0]:
            return
        files = [result.thumbnail]
        if not photo.results.exists():
            files.append(photo.file)
            photo.delete()
        transaction.on_commit(lambda: discard(*files))


def discard(*files: FieldFile) -> None:
    """Remove files that no row names any more; one that cannot be removed is left to the log."""
    for file in files:
        remove(file.storage, str(file.name))


def remove(storage: Storage, name: str) -> None:
    try:
        storage.delete(name)
    except OSError as exc:
        logger.error("The file %s could not be removed (%s). Remove it by hand.", name, exc.strerror)


@contextmanager
def storage_errors() -> Iterator[None]:
    """Translate what disks and databases say into StorageError."""
    try:
        yield
    except (OSError, DatabaseError) as exc:
        logger.error("Nothing could be stored: %s", exc)
        raise StorageError(
            "This site cannot store anything at the moment: its disk may be full or its database locked. "
            "Try again later, or tell whoever runs it.",
            detail=str(exc),
        ) from exc


# --- looking at results ----------------------------------------------------------------------------------------------


def is_history_shared() -> bool:
    return bool(settings.HISTORY == "shared")


def results_seen_by(owner: str | None) -> models.ResultQuerySet:
    """What this owner may see: its own results, or everybody's in a shared history."""
    if is_history_shared():
        return models.Result.objects.all()
    return models.Result.objects.owned_by(owner) if owner else models.Result.objects.none()


def draw(result: models.Result, style: Style) -> bytes:
    """PNG of the photo with its overlay."""
    with result.photo.file.open("rb") as file, Image.open(file, formats=["JPEG"]) as image:
        picture = draw_overlay(image, result.found_faces(), style)
    stream = BytesIO()
    picture.save(stream, "PNG", compress_level=3)
    return stream.getvalue()


def draw_vector(result: models.Result, style: Style) -> str:
    """The overlay alone as an SVG file in the photo's size."""
    return draw_standalone_svg(result.photo.width, result.photo.height, result.found_faces(), style)


@dataclass(frozen=True)
class Export:
    """A result in a form to take away."""

    content: bytes
    content_type: str
    suffix: str


def export_formats() -> tuple[str, ...]:
    return tuple(FORMATS)


def sheet_of(result: models.Result) -> Sheet:
    photo = result.photo
    return Sheet(result.name, photo.width, photo.height, result.face_model_version, result.found_faces())


def answer(result: models.Result) -> Answer:
    """What the vendor's API would answer."""
    return to_answer(sheet_of(result))


def export(result: models.Result, format_name: str) -> Export:
    """Raises KeyError for a format that does not exist."""
    chosen = FORMATS[format_name]
    return Export(chosen.write(sheet_of(result)), chosen.content_type, chosen.suffix)
