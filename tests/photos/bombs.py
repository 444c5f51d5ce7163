"""Small files that cost much: each is what its format allows, and made so that some decoder works for very long."""

import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image


def encoded(image: Image.Image, format: str, **options: Any) -> bytes:
    stream = BytesIO()
    image.save(stream, format, **options)
    return stream.getvalue()


def png_chunk(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def jpeg_of_empty_segments(byte_count: int) -> bytes:
    """Each segment is read by Pillow in Python, and kept."""
    jpeg = encoded(Image.new("RGB", (64, 64)), "JPEG")
    return jpeg[:2] + b"\xff\xe5\x00\x02" * (byte_count // 4) + jpeg[2:]


def png_of_empty_chunks(byte_count: int) -> bytes:
    png = encoded(Image.new("RGB", (64, 64)), "PNG")
    return png[:-12] + png_chunk(b"abCd") * (byte_count // 12) + png[-12:]


def gif_of_comments(byte_count: int) -> bytes:
    gif = encoded(Image.new("L", (64, 64)), "GIF")
    head = 13 + 3 * 2 ** ((gif[10] & 7) + 1)
    return gif[:head] + b"\x21\xfe\x01a\x00" * (byte_count // 5) + gif[head:]


def bmp_of_short_rows(width: int, height: int) -> bytes:
    """Run-length coded: of each row one pixel, and the rest is filled pixel by pixel."""
    rows = b"\x01\x05\x00\x00" * height + b"\x00\x01"
    start = 14 + 40 + 1024
    head = struct.pack("<2sIHHI", b"BM", start + len(rows), 0, 0, start)
    head += struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, len(rows), 0, 0, 256, 0)
    return head + bytes(1024) + rows


def jpeg_of_scans(image: Image.Image, count: int, **options: Any) -> bytes:
    """A progressive JPEG, its last scan repeated until there are so many more."""
    jpeg = encoded(image, "JPEG", progressive=True, **options)
    last = jpeg[jpeg.rindex(b"\xff\xda") : -2]
    return jpeg[:-2] + last * count + b"\xff\xd9"


def png_of_noise(seed: int, side: int = 7744) -> bytes:
    """A picture in two colours that no JPEG makes small: of 7 MB as it is sent, 140 as it is kept."""
    rows = np.random.default_rng(seed).integers(0, 256, (side, side // 8 + 1), np.uint8)
    rows[:, 0] = 0  # each begins with its filter, which is none
    head = struct.pack(">IIBBBBB", side, side, 1, 3, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", head)
        + png_chunk(b"PLTE", b"\xff\0\0\0\xff\xff")
        + png_chunk(b"IDAT", zlib.compress(rows.tobytes(), 0))
        + png_chunk(b"IEND")
    )


def crowd_on_its_side(seed: int, side: int = 7740) -> bytes:
    """Small faces in a very large photo that is brighter on its left, so that the mirror image is analysed."""
    photo = Image.new("RGB", (side, side), (40, 40, 40 + seed))
    photo.paste((230, 230, 230), (0, 0, side // 3, side))
    with Image.open(Path(__file__).parent.parent / "images" / "astronaut.jpg") as face:
        for row in range(0, side - 512, 1500):
            photo.paste(face, (side // 2, row))
            photo.paste(face.resize((200, 200)), (side - 1000, row))
    return encoded(photo, "JPEG")
