"""What of a PNG file makes its pixels: the chunks that count, without those that only accompany them.

Pillow refuses a photo for a broken or very long note beside its pixels, which browsers pass over (docs/decisions/0021).
"""

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from landmarks.core.errors import PhotoError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEADER = struct.Struct(">I4s")
FRAME = 12
"""Bytes of a chunk beside its content: length, type and checksum (PNG 5.3)."""
CANDIDATE = 100
"""What the check of a chunk costs beside its bytes, in bytes that are read in the same time."""
TYPE = re.compile(rb"[A-Za-z]{2}[A-Z][A-Za-z]")
CRITICAL = re.compile(rb"[A-Z]")
ANCHOR = re.compile(rb"(?:IHDR|PLTE|IDAT|IEND|tRNS|iCCP|eXIf)")
"""Types at which reading goes on behind a chunk whose length is wrong."""

COLOUR_TYPE = 17
"""Position of the colour type in an IHDR chunk."""
PALETTE = 3
"""The colour type of pictures that are nothing without their PLTE chunk."""
TRANSPARENCY_SIZES = {0: (2,), 2: (6,), PALETTE: range(1, 257)}
"""Bytes of a tRNS chunk, by colour type (PNG 11.3.1.1)."""

MAX_PROFILE = 8_000_000
"""Bytes of an unpacked ICC profile, libpng's own limit for a chunk. Those of cameras and screens have a few hundred KB,
those with tables for printing up to three MB."""
MAX_ORIENTATION_TEXT = 2**20
"""Unpacked bytes of a text with an orientation, Pillow's own limit."""
ORIENTATION_TEXTS = re.compile(rb"(Raw profile type exif|XML:com\.adobe\.xmp)\0")
"""Texts in which older programs keep the orientation."""
TEXTS = frozenset((b"tEXt", b"zTXt", b"iTXt"))
ANCILLARY = frozenset((b"tRNS", b"eXIf", b"iCCP")) | TEXTS
"""The types that are read beside the critical ones."""


@dataclass(frozen=True)
class Png:
    """A PNG file of nothing but its pixels and its orientation, and its colour profile unpacked."""

    data: bytes
    profile: bytes | None


@dataclass
class _Kept:
    chunks: list[bytes] = field(default_factory=lambda: [SIGNATURE])
    types: set[bytes] = field(default_factory=set)
    colour_type: int = -1
    profile: bytes | None = None


def without_extras(data: bytes) -> Png | None:
    """The file without what its pixels do not need; None for a file of another format, or one without its palette.

    A damaged chunk is left out if it may be missing; from one that may not, the file is left as it is. Raises
    PhotoError for pixels with a wrong checksum, which Pillow reads, unlike browsers.
    """
    if not data.startswith(SIGNATURE):
        return None
    kept = _Kept()
    for kind, start, end in _chunks(data):
        if not kind and _is_broken_idat(data, start):
            raise PhotoError("photo_damaged", detail="an IDAT chunk with a wrong checksum")
        if kind not in ANCILLARY and CRITICAL.match(kind or b"A") is None:
            continue
        if kind in TEXTS:
            _keep_orientation(kept, kind, data[start:end])
        elif kind != b"iCCP":
            _keep(kept, kind, data[start:end])
        elif kept.profile is None and b"IDAT" not in kept.types:
            kept.profile = _profile(data[start + 8 : end - 4])
    if kept.colour_type == PALETTE and b"PLTE" not in kept.types:
        return None
    return Png(b"".join(kept.chunks), kept.profile)


def _keep(kept: _Kept, kind: bytes, chunk: bytes) -> None:
    """Keep the first chunk of each type, and all with pixels."""
    if kind in kept.types and kind != b"IDAT":
        return
    if kind == b"IHDR" and len(chunk) > COLOUR_TYPE:
        kept.colour_type = chunk[COLOUR_TYPE]
    if kind == b"tRNS":
        sizes = TRANSPARENCY_SIZES.get(kept.colour_type, ())
        if b"IDAT" in kept.types or len(chunk) - FRAME not in sizes:
            return
    kept.chunks.append(chunk)
    kept.types.add(kind)


def _keep_orientation(kept: _Kept, kind: bytes, chunk: bytes) -> None:
    content = chunk[8:-4]
    keyword = ORIENTATION_TEXTS.match(content)
    if keyword and _is_short(kind, content[keyword.end() :]):
        _keep(kept, keyword[1], chunk)


def _profile(content: bytes) -> bytes | None:
    """The ICC profile in an iCCP chunk, if it can be unpacked and is no bomb (PNG 11.3.2.3)."""
    name, _, rest = content.partition(b"\0")
    return _unpacked(rest[1:], MAX_PROFILE) if 0 < len(name) < 80 and rest[:1] == b"\0" else None


def _is_short(kind: bytes, text: bytes) -> bool:
    """Whether Pillow accepts this text; `text` is the content behind its keyword."""
    if kind == b"tEXt" or (kind == b"iTXt" and text[:1] == b"\0"):
        return len(text) <= MAX_ORIENTATION_TEXT
    if kind == b"iTXt":
        method, packed = text[1:2], b"\0".join(text[2:].split(b"\0", 2)[2:])
    else:
        method, packed = text[:1], text[1:]
    return method == b"\0" and _unpacked(packed, MAX_ORIENTATION_TEXT) is not None


def _unpacked(data: bytes, limit: int) -> bytes | None:
    try:
        unpacker = zlib.decompressobj()
        unpacked = unpacker.decompress(data, limit)
    except zlib.error:
        return None
    return unpacked if unpacker.eof else None


# --- chunks ----------------------------------------------------------------------------------------------------------


@dataclass
class _Search:
    """How much may still be read to find the next sound chunk: several times the file, then the rest is left as it is.

    Otherwise a file of nothing but beginnings of chunks would be read once for each of them.
    """

    data: bytes
    bytes_left: int

    def next_sound(self, start: int, end: int) -> int | None:
        """The position of the first sound chunk that begins between two positions and has one of the ANCHOR types."""
        for found in ANCHOR.finditer(self.data, start + 4, max(start + 4, end)):
            position = found.start() - 4
            if not self.may_read(_length(self.data, position)):
                return None
            if _is_sound(self.data, position):
                return position
        return None

    def may_read(self, length: int) -> bool:
        """Count a chunk of this length, which is read for its checksum; False if it was one too many."""
        self.bytes_left -= CANDIDATE + min(length, len(self.data))
        return self.bytes_left >= 0


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Type, start and end of each sound chunk; the rest of the file without a type from a damaged critical one on."""
    position, search, view = len(SIGNATURE), _Search(data, 8 * len(data)), memoryview(data)
    while position + FRAME <= len(data):
        length, kind = HEADER.unpack_from(data, position)
        end = position + FRAME + length
        # As in _is_sound; written out, because a file may consist of nothing but empty chunks.
        is_whole = end <= len(data) and TYPE.match(kind)
        if is_whole and zlib.crc32(view[position + 4 : end - 4]) == int.from_bytes(view[end - 4 : end]):
            yield kind, position, end
            if kind == b"IEND":
                return
            position = end
            continue
        following = None if CRITICAL.match(kind) else _after_damage(data, position, end, search)
        if following is None:
            yield b"", position, len(data)
            return
        position = following


def _after_damage(data: bytes, position: int, end: int, search: _Search) -> int | None:
    """Where reading goes on after a damaged chunk: at its declared end, unless its length is what is wrong.

    It is, if the chunk contains others, or if nothing that looks like a chunk follows; a whole PNG file within it,
    which begins with IHDR, is its content.
    """
    if not search.may_read(end - position):
        return None
    inside = search.next_sound(position + 8, min(end, len(data))) if end - position > 2 * FRAME else None
    if inside is not None and data[inside + 4 : inside + 8] != b"IHDR":
        return inside
    if end == len(data) or _looks_like_chunk(data, end):
        return end
    return inside or search.next_sound(max(position + 8, min(end, len(data)) - 8), len(data))


def _length(data: bytes, position: int) -> int:
    return int(HEADER.unpack_from(data, position)[0])


def _looks_like_chunk(data: bytes, position: int) -> bool:
    if position + FRAME > len(data) or not TYPE.fullmatch(data, position + 4, position + 8):
        return False
    return position + FRAME + _length(data, position) <= len(data)


def _is_broken_idat(data: bytes, position: int) -> bool:
    """Whether a damaged chunk is all there and has pixels; a file that only breaks off may still have all its rows."""
    return data[position + 4 : position + 8] == b"IDAT" and position + FRAME + _length(data, position) <= len(data)


def _is_sound(data: bytes, position: int) -> bool:
    if not _looks_like_chunk(data, position):
        return False
    end = position + 8 + _length(data, position)
    return zlib.crc32(memoryview(data)[position + 4 : end]) == int.from_bytes(data[end : end + 4])
