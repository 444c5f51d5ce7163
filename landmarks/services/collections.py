"""Collections: photos that are sent together, each analysed once, however often they are sent."""

import codecs
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import BinaryIO

from landmarks.core.errors import (
    AddressInvalid,
    Busy,
    LandmarksError,
    QuotaExceeded,
    RateExceeded,
    RequestInvalid,
    StorageError,
)
from landmarks.core.finding import Options
from landmarks.core.names import composed
from landmarks.core.text import clean_line
from landmarks.models import Collection, Job, Owner, Result, ResultQuerySet, Webhook, truncate
from landmarks.net.fetch import name_in
from landmarks.net.ssrf_guard import parse_address
from landmarks.photos import zip_archive
from landmarks.runtime import concurrency
from landmarks.services import engines, jobs, photos, runs
from landmarks.services.photos import PhotoFile
from landmarks.storage import collections as storage
from landmarks.storage.errors import storage_errors
from landmarks.storage.results import PhotoGone

UNNAMED = "Collection"
LIST_SUFFIXES = (".csv", ".tsv", ".txt")
MOST_ADDRESSES = 10_000
"""In one list; another one can follow."""
LONGEST_LIST = 4_000_000
"""Bytes of a file, or characters that are typed."""
SECONDS = 20.0
"""For the photos of one archive in one request. Who sends it again goes on where it ended."""


@dataclass
class Added:
    """What became of photos that were sent."""

    new: int = 0
    known: int = 0
    """Those that were in the collection already."""
    refused: list[tuple[str, LandmarksError]] = field(default_factory=list)
    """Names and reasons."""
    is_cut_short: bool = False
    """Whether there was no time for all."""
    stopped_by: LandmarksError | None = None
    """What would keep the rest from being added as well."""


def create(owner: Owner, name: str, options: Options, engine_name: str, webhook: Webhook | None = None) -> Collection:
    """Raises StorageError, or RequestInvalid where the engine takes no files."""
    engines.require_files(engine_name)
    with storage_errors():
        owner = owner.saved()
    collection = Collection(
        owner=owner,
        name=clean_name(name),
        engine=engine_name,
        largest_only=options.largest_only,
        rotate=options.rotate,
        dense=options.dense,
        face_model_version=options.face_model_version,
    )
    storage.create(collection, webhook)
    return collection


def clean_name(name: str) -> str:
    return clean_line(truncate("name", composed(name))) or UNNAMED


def options_of(collection: Collection) -> Options:
    """With today's limits."""
    return runs.run_options(
        largest_only=collection.largest_only,
        rotate=collection.rotate,
        dense=collection.dense,
        face_model_version=collection.face_model_version,
    )


def make_job(collection: Collection, name: str) -> Job:
    job = jobs.make_job(
        name, collection.owner, options_of(collection), collection.engine, "", storage.queue_of(collection)
    )
    job.collection = collection
    return job


def do_not_count() -> None:
    """Where photos are counted when they arrive."""


def add(collection: Collection, file: PhotoFile, name: str, count: Callable[[], object] = do_not_count) -> bool:
    """Whether the photo is new in the collection. Raises what `submit` raises."""
    return submit(collection, file, name, count)[1]


def submit(
    collection: Collection, file: PhotoFile, name: str, count: Callable[[], object] = do_not_count
) -> tuple[Job, bool]:
    """Store a photo and queue a job for it, unless the collection has one; the job, and whether it is new.

    A photo that the owner had analysed in the same way before is done at once. `count` is called before a new one is
    decoded, and may raise RateExceeded.

    Raises PhotoError, Busy, QuotaExceeded or StorageError, and then adds nothing.
    """
    with concurrency.REQUESTS.slot():
        data = photos.read(file)
        if known := storage.find(collection, photos.digest(data)):
            return known, False
        count()
        photos.check_room(collection.owner)
        job = make_job(collection, name)
        with photos.slot(engines.EMBEDDED) as slot:
            photo = photos.store(data, collection.owner, slot, name=name).row
    with ExitStack() as undo:
        undo.callback(runs.discard, photo)
        job.photo = photo
        is_new = storage.insert(job, storage.earlier_result(job))
        undo.pop_all()
    jobs.announce()
    if is_new:
        return job, True
    if known := storage.find(collection, photo.digest):
        return known, False
    raise PhotoGone  # whoever sent it at the same moment has cancelled it


def submit_address(collection: Collection, address: str, name: str) -> tuple[Job, bool]:
    """Queue a job for an address, unless the collection has one; the job, and whether it is new.

    Raises AddressInvalid or StorageError.
    """
    parsed = parse_address(address)
    if known := storage.find_address(collection, address):
        return known, False
    job = make_job(collection, name or name_in(parsed))
    job.address = address
    storage.insert_addresses(collection, [job])
    jobs.announce()
    return job, True


def add_addresses(collection: Collection, lines: Iterable[str], count: Callable[[], object]) -> Added:
    """Queue a job for each address; the photos are fetched when it is their turn. Raises StorageError.

    `count` is called before each new one, and may raise RateExceeded.
    """
    added, rows, known = Added(), [], storage.known_addresses(collection)
    for address in lines:
        if address in known:
            added.known += 1
            continue
        try:
            parsed = parse_address(address)
            count()
        except AddressInvalid as exc:
            added.refused.append((clean_line(address)[:80], exc))
            continue
        except RateExceeded as exc:
            added.stopped_by = exc
            break
        known.add(address)
        rows.append(job := make_job(collection, name_in(parsed)))
        job.address = address
    storage.insert_addresses(collection, rows)
    added.new = len(rows)
    jobs.announce()
    return added


def add_archive(collection: Collection, file: BinaryIO, count: Callable[[], object]) -> Added:
    """The photos of a zip archive, as far as there is time. Raises RequestInvalid for what is none.

    `count` is called before each new one, and may raise RateExceeded.
    """
    added, end = Added(), time.monotonic() + SECONDS
    for entry in zip_archive.photo_entries(file, photos.max_upload_bytes()):
        if time.monotonic() > end:
            added.is_cut_short = True
            break
        try:
            is_new = add(collection, entry.read, entry.name, count)
        except (RateExceeded, QuotaExceeded, Busy, StorageError) as exc:
            added.stopped_by = exc
            break
        except LandmarksError as exc:
            added.refused.append((entry.name, exc))
            continue
        added.new += is_new
        added.known += not is_new
    return added


def add_list(collection: Collection, file: BinaryIO, count: Callable[[], object]) -> Added:
    """The addresses of a text or CSV file. Raises RequestInvalid for one that is too long, or StorageError."""
    data = file.read(LONGEST_LIST + 1)
    lines = list(addresses_in(decode_list(data)))
    if len(data) > LONGEST_LIST or len(lines) > MOST_ADDRESSES:
        raise RequestInvalid("list_too_long", most=MOST_ADDRESSES)
    return add_addresses(collection, lines, count)


def decode_list(data: bytes) -> str:
    """Spreadsheets write UTF-16 and UTF-8 with a mark, or the encoding of the machine; addresses are ASCII anyway."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "replace")


def addresses_in(text: str) -> Iterator[str]:
    """Those of a list, one a line, or of a table, the first one of each row; the heads of its columns are none."""
    lines = [line for line in text.replace("\r", "\n").split("\n") if line.strip().strip("\"'")]
    for number, line in enumerate(lines):
        cells = [cell.strip().strip("\"'").strip() for cell in line.replace(";", ",").replace("\t", ",").split(",")]
        web = [cell for cell in cells if cell.lower().startswith(("http://", "https://"))]
        # A comma may be a part of an address.
        whole = line.strip().strip("\"'")
        is_head = number == 0 < len(lines) - 1 and "." not in line and "/" not in line
        if web and whole.lower().startswith("http") and len(web) == 1 and " " not in whole and ";" not in whole:
            yield whole
        elif web:
            yield web[0]
        elif not is_head:
            yield whole


def results_of(collection: Collection) -> ResultQuerySet:
    """Those that have an answer."""
    return Result.objects.kept().done().filter(jobs__collection=collection)
