"""An upright photo, whole or reduced, and how much of one is accepted."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from PIL import Image


@dataclass(frozen=True)
class PhotoLimits:
    """How much one photo may be: bytes as sent, pixels as its header declares them."""

    max_bytes: int
    max_pixels: int


@dataclass(frozen=True)
class Reduced:
    """A large upright JPEG, decoded at a fraction of its size; whole when that is first asked for."""

    image: Image.Image
    factor: int
    """Pixels of the photo, along a side, for which one of this picture stands."""
    left: int
    top: int
    """Where this picture begins, in pixels of the photo: 0, or less where its last, partly filled pixels are there."""
    width: int
    height: int
    decode: Callable[[], "Photo"]

    @cached_property
    def whole(self) -> Image.Image:
        return self.decode().image


@dataclass(frozen=True)
class Photo:
    """An upright photo in sRGB: mode RGB, EXIF orientation applied, nothing else of the file left."""

    picture: Image.Image | Reduced
    format: str
    """Format of the file that it came in, as Pillow names it: JPEG, PNG, …; JPEG also for the MPO files of phones."""
    orientation: int
    """EXIF orientation (1 to 8) that was applied; 1 when there was none."""
    byte_count: int = 0
    """Size of the file that it came in; 0 for a photo that came in none."""
    address: str = ""
    """Where the file was fetched from; empty for one that was sent."""

    @property
    def image(self) -> Image.Image:
        """The whole photo, which may have to be decoded first."""
        return self.picture.whole if isinstance(self.picture, Reduced) else self.picture

    @property
    def width(self) -> int:
        return self.picture.width

    @property
    def height(self) -> int:
        return self.picture.height
