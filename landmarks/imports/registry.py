"""The formats that can be imported, and the files in an archive of them."""

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from itertools import groupby
from pathlib import PurePath
from typing import IO

from landmarks.core.errors import RequestInvalid
from landmarks.imports import coco, cvat, pts
from landmarks.imports.corrections import MOST_FACES, CorrectedPhoto
from landmarks.photos.zip_archive import DAMAGED

READERS: dict[str, Callable[[bytes, str], Iterator[CorrectedPhoto]]] = {
    ".json": coco.read,
    ".xml": cvat.read,
    ".pts": pts.read,
}
"""By the ends of the names of files."""
MOST_BYTES = 200 * 2**20
"""Of a file, or of those in an archive together. Ten thousand faces in COCO are 60 MB."""


def read_file(file: IO[bytes], name: str) -> Iterator[CorrectedPhoto]:
    """The photos in it, those of single faces together. Raises RequestInvalid, also later."""
    suffix = PurePath(name).suffix.lower()
    if suffix == ".zip":
        photos = read_archive(file)
    elif suffix in READERS:
        photos = READERS[suffix](read_within(file, MOST_BYTES), name)
    else:
        raise RequestInvalid("import_suffix", suffixes=", ".join((*READERS, ".zip")))
    return together(photos)


def read_within(file: IO[bytes], most: int) -> bytes:
    data = file.read(most + 1)
    if len(data) > most:
        raise RequestInvalid("import_too_large", most=MOST_BYTES // 2**20)
    return data


def read_archive(file: IO[bytes]) -> Iterator[CorrectedPhoto]:
    """Photos and others are passed over. The sizes that an archive states are not relied on."""
    left = MOST_BYTES
    try:
        with zipfile.ZipFile(BytesIO(read_within(file, MOST_BYTES))) as archive:
            entries = [entry for entry in archive.infolist() if PurePath(entry.filename).suffix.lower() in READERS]
            if not entries or len(entries) > MOST_FACES:
                raise RequestInvalid("import_archive", count=len(entries))
            for entry in entries:
                with archive.open(entry) as opened:
                    data = read_within(opened, left)
                left -= len(data)
                yield from READERS[PurePath(entry.filename).suffix.lower()](data, entry.filename)
    except DAMAGED as exc:
        raise RequestInvalid("import_zip", reason=str(exc)[:200] or type(exc).__name__) from exc


def together(photos: Iterator[CorrectedPhoto]) -> Iterator[CorrectedPhoto]:
    """Files of single faces of one photo follow one another, and are one correction."""
    for (is_whole, _), group in groupby(photos, key=lambda photo: (photo.is_whole, photo.result or photo.name)):
        if is_whole:
            yield from group
        else:
            first, *others = group
            yield replace(first, faces=(*first.faces, *(face for other in others for face in other.faces)))
