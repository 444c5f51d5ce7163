"""An upright photo, whole or reduced, and how large one may be."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from PIL import Image


@dataclass(frozen=True)
class PhotoLimits:
    """How large one photo may be: bytes of its file, pixels as its header declares them."""

    max_bytes: int
    max_pixels: int


@dataclass(frozen=True)
class Reduced:
    """A large upright JPEG, decoded at a fraction of its size; the whole is decoded when it is first needed."""

    image: Image.Image
    factor: int
    """Pixels of the photo, along a side, for one pixel of this picture."""
    left: int
    top: int
    """Where this picture begins, in pixels of the photo: 0, or less if its partly filled pixels are on this side."""
    width: int
    height: int
    decode: Callable[[], "Photo"]

    @cached_property
    def whole(self) -> Image.Image:
        return self.decode().image


@dataclass(frozen=True)
class Photo:
    """An upright photo in sRGB: mode RGB, EXIF orientation applied, no other metadata left."""

    picture: Image.Image | Reduced
    format: str
    """Format of its file, as Pillow names it: JPEG, PNG, …; JPEG also for the MPO files of phones."""
    orientation: int
    """EXIF orientation (1 to 8) that was applied; 1 if there was none."""
    byte_count: int = 0
    """Size of its file; 0 without one."""
    address: str = ""
    """Where everybody can fetch the file; empty for an upload, or for a photo of a private network."""

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
