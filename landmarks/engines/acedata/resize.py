"""A copy of a photo within the vendor's limits, and the transform that maps its points back to the photo."""

from io import BytesIO

from PIL import Image

from landmarks.photos.encode import encode_photo
from landmarks.photos.photo import Photo

MAX_SIDE = {"JPEG": 4000, "PNG": 2000, "BMP": 2000}
"""Pixels of the long side, by format; the vendor accepts no other formats."""
MIN_SIDE = 64
"""Pixels of the short side."""
MAX_BYTES = 3_750_000
"""Of the file; the vendor's limit is 5 MB after base64."""

QUALITIES = (90, 80, 70)
"""Of JPEGs with halved colour resolution, tried after the best. Below that, fewer pixels harm the points less than
stronger compression."""
SHRINK = 0.8


def is_acceptable(photo: Photo) -> bool:
    """Whether the file that a photo came in is upright and within the vendor's limits."""
    return (
        photo.orientation == 1
        and 0 < photo.byte_count <= MAX_BYTES
        and max(photo.width, photo.height) <= MAX_SIDE.get(photo.format, 0)
        and min(photo.width, photo.height) >= MIN_SIDE
    )


def accepted_size(width: int, height: int) -> tuple[int, int] | None:
    """The size of the copy, if possible the photo's own; None if the photo is too narrow for any scale."""
    longest = MAX_SIDE["JPEG"]
    scale = 1.0
    if max(width, height) > longest:
        scale = longest / max(width, height)
    elif min(width, height) < MIN_SIDE:
        scale = MIN_SIDE / min(width, height)
    size = round(width * scale), round(height * scale)
    return size if min(size) >= MIN_SIDE and max(size) <= longest else None


def encode_within_limit(image: Image.Image, size: tuple[int, int]) -> tuple[bytes, tuple[int, int]]:
    """A JPEG without metadata of at most MAX_BYTES, and its size: the given one, or smaller if necessary."""
    while True:
        copy = image if size == image.size else image.resize(size, Image.Resampling.LANCZOS)
        data = _encode(copy)
        if data:
            return data, size
        size = max(1, round(size[0] * SHRINK)), max(1, round(size[1] * SHRINK))


def _encode(image: Image.Image) -> bytes | None:
    """The best file within the limit of bytes, if there is one."""
    data = encode_photo(image)
    for quality in QUALITIES:
        if len(data) <= MAX_BYTES:
            break
        stream = BytesIO()
        image.save(stream, "JPEG", quality=quality, subsampling="4:2:0", comment=None)
        data = stream.getvalue()
    return data if len(data) <= MAX_BYTES else None
