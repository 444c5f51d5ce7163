"""The markers of JPEG files, and files whose last bytes are missing (ITU-T T.81, annex B)."""

import re
from collections.abc import Iterator

from PIL import Image

MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])", re.DOTALL)
"""Without the restarts within the pixels: there may be one for every 64 of them."""
START_OF_IMAGE = 0xD8
END_OF_IMAGE = 0xD9
START_OF_SCAN = 0xDA
WITHOUT_LENGTH = frozenset((0x01, START_OF_IMAGE))
FRAMES = frozenset((*range(0xC0, 0xD0),)) - {0xC4, 0xC8, 0xCC}
PROGRESSIVE = frozenset((0xC2, 0xC6, 0xCA, 0xCE))
START = bytes((0xFF, START_OF_IMAGE, 0xFF))
EOI = bytes((0xFF, END_OF_IMAGE))

COEFFICIENTS = 64
"""Of a block; a scan of a progressive file has some bits of some of them."""
MISSING_PART = 16
"""A photo may lack this part of its rows at the bottom: a sixteenth is one row of blocks in a small photo, and too
little for a face that is worth finding. With more missing, a face could be missed without anybody noticing."""
GREY = ((127, 127), (128, 128))
"""What decoders fill missing pixels with: blocks of zeros."""


def markers(data: bytes) -> Iterator[tuple[int, int]]:
    """Each marker up to the end of the image, with the position behind it; segments are stepped over."""
    position = 0
    while found := MARKER.search(data, position):
        marker, position = found[1][0], found.end()
        yield marker, position
        if marker == END_OF_IMAGE:
            return
        if marker not in WITHOUT_LENGTH:
            position += int.from_bytes(data[position : position + 2])


def completed(data: bytes) -> bytes | None:
    """The file up to where its pixels break off, with an end; None if it has one, or if whole scans are missing.

    Bytes that fill up the place of what is missing are dropped: zeros, or what cannot belong to the pixels.
    """
    missing: dict[int, set[int]] = {}
    end = len(data)
    for marker, position in markers(data):
        is_complete = bool(missing) and not any(missing.values())
        if marker == END_OF_IMAGE:
            return None
        if is_complete:
            end = min(end, position - 2)
            if marker == START_OF_IMAGE:
                break  # another photo, which may have its end
        elif marker in FRAMES:
            missing = _coefficients(data, position, is_progressive=marker in PROGRESSIVE)
        elif marker == START_OF_SCAN and not _read_scan(data, position, missing):
            return None
    if not missing or any(missing.values()):
        return None
    pixels = data[:end].rstrip(b"\0")
    # Within pixels a byte of 255 is followed by a zero.
    return pixels + (b"\0" if pixels.endswith(b"\xff") else b"") + EOI


def _coefficients(data: bytes, position: int, *, is_progressive: bool) -> dict[int, set[int]]:
    """The coefficients of each component that no scan has completed yet; in sequential files they come together."""
    count = data[position + 7] if position + 7 < len(data) else 0
    ids = data[position + 8 : position + 8 + 3 * count : 3]
    return {id: set(range(COEFFICIENTS if is_progressive else 1)) for id in ids}


def _read_scan(data: bytes, position: int, missing: dict[int, set[int]]) -> bool:
    """Take what this scan completes out of what is missing; False if its header is cut off."""
    length = int.from_bytes(data[position : position + 2])
    header = data[position + 2 : position + length]
    if len(header) < length - 2 or length < 6 or len(header) < 4 + 2 * header[0]:
        return False
    count = header[0]
    first, last, precision = header[1 + 2 * count : 4 + 2 * count]
    for id in header[1 : 1 + 2 * count : 2]:
        if precision & 15 == 0:  # no bits are left for a later scan
            missing.get(id, set()).difference_update(range(first, last + 1))
    return True


def lacks_rows(image: Image.Image) -> bool:
    """Whether more of a completed file is missing than MISSING_PART, so that this row is nothing but filled up."""
    row = image.height - image.height // MISSING_PART - 1
    extrema = image.crop((0, max(0, row), image.width, max(0, row) + 1)).getextrema()
    channels = extrema if isinstance(extrema[0], tuple) else (extrema,)
    return all(channel in GREY for channel in channels)
