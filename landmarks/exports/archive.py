"""ZIP archives that are written piece by piece, so that none is in memory as a whole."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

CONTENT_TYPE = "application/zip"
PIECE = 64 * 1024
"""Bytes that are collected before they are handed on."""
MODE = 0o644 << 16
"""Readable by everybody, where an archive is unpacked on Unix."""


@dataclass(frozen=True)
class Entry:
    """A file in an archive; its pieces are read when it is written."""

    path: str
    pieces: Iterable[bytes]
    is_compressed: bool = False
    """As JPEGs are, which a second compression makes no smaller."""


class _Sink(io.RawIOBase):
    """Collects what is written until it is taken."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.pieces.append(bytes(data))
        self.size += len(data)
        return len(data)

    def take(self) -> bytes:
        taken = b"".join(self.pieces)
        self.pieces, self.size = [], 0
        return taken


def zipped(entries: Iterable[Entry]) -> Iterator[bytes]:
    """The archive of those files, in the order given."""
    sink = _Sink()
    with ZipFile(sink, "w") as archive:
        for entry in entries:
            info = ZipInfo(entry.path)
            info.compress_type = ZIP_STORED if entry.is_compressed else ZIP_DEFLATED
            info.external_attr = MODE
            with archive.open(info, "w", force_zip64=True) as file:
                for piece in entry.pieces:
                    file.write(piece)
                    if sink.size >= PIECE:
                        yield sink.take()
    yield sink.take()
