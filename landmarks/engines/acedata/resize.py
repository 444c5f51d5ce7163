"""A copy of a photo that fits the vendor's limits, and the way of its points back to the photo."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from landmarks.core.faces import Face
from landmarks.core.pixels import Transform
from landmarks.photos.encode import encode_photo
from landmarks.photos.photo import Photo

LONG_SIDE = {"JPEG": 4000, "PNG": 2000, "BMP": 2000}
"""Pixels that the vendor takes along the long side, by the format of the file; other formats it does not take."""
SHORT_SIDE = 64
MAX_BYTES = 3_750_000
"""Of a file; the vendor's limit is 5 MB after base64."""

QUALITIES = (90, 80, 70)
"""For JPEG with halved colour, tried after the best; below that, fewer pixels harm points less than more blocks do."""
SHRINK = 0.8


@dataclass(frozen=True)
class Frame:
    """The size of the picture that was sent, beside that of the photo."""

    width: int
    height: int
    photo_width: int
    photo_height: int

    def back(self, face: Face) -> Face:
        """The same face in pixels of the photo."""
        sent, photo = (self.width, self.height), (self.photo_width, self.photo_height)
        return face.transformed(Transform.resize(sent, photo))


def fits_as_it_is(photo: Photo) -> bool:
    """Whether the file that a photo came in is upright and within the vendor's limits."""
    return (
        photo.orientation == 1
        and 0 < photo.byte_count <= MAX_BYTES
        and max(photo.width, photo.height) <= LONG_SIDE.get(photo.format, 0)
        and min(photo.width, photo.height) >= SHORT_SIDE
    )


def fitted_size(width: int, height: int) -> tuple[int, int] | None:
    """The size of the copy, which is the photo's own where that will do; None where no scale fits the limits."""
    longest = LONG_SIDE["JPEG"]
    scale = 1.0
    if max(width, height) > longest:
        scale = longest / max(width, height)
    elif min(width, height) < SHORT_SIDE:
        scale = SHORT_SIDE / min(width, height)
    size = round(width * scale), round(height * scale)
    return size if min(size) >= SHORT_SIDE and max(size) <= longest else None


def fit(image: Image.Image, size: tuple[int, int]) -> tuple[bytes, tuple[int, int]]:
    """A JPEG of nothing but pixels within the limit of bytes, and its size: the given one wherever that is possible."""
    while True:
        copy = image if size == image.size else image.resize(size, Image.Resampling.LANCZOS)
        data = _encode_within(copy)
        if data:
            return data, size
        size = max(1, round(size[0] * SHRINK)), max(1, round(size[1] * SHRINK))


def _encode_within(image: Image.Image) -> bytes | None:
    """The best file within the limit of bytes, if there is one."""
    data = encode_photo(image)
    for quality in QUALITIES:
        if len(data) <= MAX_BYTES:
            break
        stream = BytesIO()
        image.save(stream, "JPEG", quality=quality, subsampling="4:2:0", comment=None)
        data = stream.getvalue()
    return data if len(data) <= MAX_BYTES else None
