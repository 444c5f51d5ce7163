"""HEIC with the optional package and without it; whichever is the case here, the other one is tried in a process."""

import subprocess
import sys
from io import BytesIO

import pytest
from PIL import Image

from landmarks.core.errors import PhotoError, PhotoTooLarge, PhotoUnsupported
from landmarks.photos import heic
from landmarks.photos.decode import read_photo
from landmarks.photos.decoder_pool import DecoderPool
from landmarks.photos.photo import PhotoLimits
from tests.conftest import BASE_DIR, missing

HEAD = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
LIMITS = PhotoLimits(max_bytes=2_000_000, max_pixels=2_000_000)
RED, BLUE = (255, 0, 0), (0, 0, 255)

WITHOUT = f"""
import sys
sys.modules["pillow_heif"] = None
from landmarks.core.errors import PhotoUnsupported
from landmarks.photos.formats import ACCEPTED_LABELS, ACCEPTED_SUFFIXES
from landmarks.photos.decode import read_photo
from landmarks.photos.photo import PhotoLimits
assert "HEIC" not in ACCEPTED_LABELS and ".heic" not in ACCEPTED_SUFFIXES
try:
    read_photo({HEAD!r}, PhotoLimits(10**6, 10**6))
except PhotoUnsupported as exc:
    print(exc.message)
"""


def test_without_the_package_a_sentence_names_it() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT], cwd=BASE_DIR, capture_output=True, text=True, check=True)
    assert done.stdout == (
        "HEIC files aren't supported here: the package pillow-heif isn't installed. "
        "Use JPEG, PNG, WebP, BMP, AVIF or GIF.\n"
    )


@pytest.fixture
def installed() -> None:
    if not heic.is_installed():
        missing("pillow-heif is not installed")
    heic.register()


def encoded(orientation: int = 1, maker: str = "") -> bytes:
    """A picture that is blue on the left and red on the right as it is stored."""
    image = Image.new("RGB", (320, 160), RED)
    image.paste(BLUE, (0, 0, 160, 160))
    tags = Image.Exif()
    tags[0x0112], tags[0x010F] = orientation, maker
    stream = BytesIO()
    image.save(stream, "HEIF", quality=95, exif=tags.tobytes())
    return stream.getvalue()


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("orientation", "positions"),
    [(1, ((10, 80), (310, 80))), (3, ((310, 80), (10, 80))), (6, ((80, 10), (80, 310))), (8, ((80, 310), (80, 10)))],
)
def test_is_turned_upright_once(orientation: int, positions: tuple[tuple[int, int], ...]) -> None:
    photo = read_photo(encoded(orientation), LIMITS)
    assert (photo.format, photo.orientation) == ("HEIF", 1)
    blue, red = (photo.image.getpixel(position) for position in positions)
    assert blue == pytest.approx(BLUE, abs=12)
    assert red == pytest.approx(RED, abs=12)


@pytest.mark.usefixtures("installed")
def test_is_read_apart_like_every_other_format_and_leaves_nothing_but_pixels() -> None:
    pool = DecoderPool()
    data = encoded(maker="SecretCam")
    assert b"SecretCam" in data
    photo = pool.read(data, LIMITS)
    pool.close()
    assert (photo.width, photo.image.mode, photo.image.info) == (320, "RGB", {})


@pytest.mark.usefixtures("installed")
def test_has_the_same_limits() -> None:
    with pytest.raises(PhotoTooLarge, match="million pixels"):
        read_photo(encoded(), PhotoLimits(max_bytes=10**6, max_pixels=320 * 160 - 1))
    with pytest.raises(PhotoError, match="damaged or incomplete") as caught:
        read_photo(encoded()[:700], LIMITS)
    assert not isinstance(caught.value, PhotoUnsupported)
