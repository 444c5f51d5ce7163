"""What is planted in a file beside its pixels is in nothing that is stored, shown, exported or handed over."""

import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from landmarks.engines.acedata.resize import encode_within_limit
from landmarks.photos import heic
from landmarks.photos.decode import read_photo
from landmarks.photos.photo import PhotoLimits
from tests.conftest import missing
from tests.photos.bombs import encoded, png_chunk
from tests.web.conftest import addresses, body, only_result

SHARED = ("gps.jpg", "gps.webp", "motion_photo.jpg")
SECRETS = (b"SecretCam", b"Jane Private", b"SERIAL-12345678", b"59,20", b"PRIVATE-VIDEO", b"OWN-SECRET")
PLANTED = "OWN-SECRET"
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{PLANTED}</x:xmpmeta>'.encode()
MAGENTA = (255, 0, 255)


def tags() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = exif[0x013B] = exif[0x8298] = PLANTED
    exif.get_ifd(0x8825)[0x1D] = PLANTED
    return exif


def jpeg(image: Image.Image) -> bytes:
    """With a second picture behind the first, as phones write it, and something behind that."""
    thumbnail = encoded(Image.new("RGB", (160, 120), MAGENTA), "JPEG", comment=PLANTED.encode())
    extra = b"\xff\xed" + (len(thumbnail) + 2).to_bytes(2) + thumbnail
    data = encoded(image, "JPEG", exif=tags(), comment=PLANTED.encode(), xmp=XMP, extra=extra)
    return data + thumbnail + PLANTED.encode()


def png(image: Image.Image) -> bytes:
    notes = PngInfo()
    notes.add_text("Author", PLANTED)
    notes.add_text("Comment", PLANTED, zip=True)
    notes.add_itxt("XML:com.adobe.xmp", XMP.decode())
    notes.add(b"prVt", PLANTED.encode())
    data = encoded(image, "PNG", pnginfo=notes, exif=tags())
    late = png_chunk(b"tEXt", b"Late\0" + PLANTED.encode()) + png_chunk(
        b"zTXt", b"Z\0\0" + zlib.compress(PLANTED.encode())
    )
    return data[:-12] + late + data[-12:] + PLANTED.encode()


def webp(image: Image.Image) -> bytes:
    return encoded(image, "WEBP", exif=tags(), xmp=XMP) + PLANTED.encode()


def avif(image: Image.Image) -> bytes:
    return encoded(image, "AVIF", exif=tags(), xmp=XMP) + b"\0\0\0\x12free" + PLANTED.encode()


def gif(image: Image.Image) -> bytes:
    other = Image.new("RGB", image.size, MAGENTA)
    return encoded(image, "GIF", comment=PLANTED.encode(), save_all=True, append_images=[other]) + PLANTED.encode()


def bmp(image: Image.Image) -> bytes:
    return encoded(image, "BMP") + PLANTED.encode()


def heif(image: Image.Image) -> bytes:
    if not heic.is_installed():
        missing("pillow-heif is not installed")
    heic.register()
    return encoded(image, "HEIF", exif=tags().tobytes(), xmp=XMP)


MAKERS = (jpeg, png, webp, avif, gif, bmp, heif)


@pytest.fixture
def portrait(images: Path) -> Image.Image:
    with Image.open(images / "astronaut.jpg") as file:
        return file.convert("RGB")


@pytest.fixture
def media(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def everything(client: Client, media: Path) -> dict[str, bytes]:
    """All that is stored of the only result, and all that is given out of it."""
    given = {address: body(client.get(address)) for address in addresses(only_result())}
    stored = {str(path): path.read_bytes() for path in media.rglob("*") if path.is_file()}
    assert len(stored) == 2
    return given | stored | {"the row": repr(vars(only_result())).encode()}


def check(client: Client, media: Path, data: bytes) -> None:
    assert client.post("/", {"photo": SimpleUploadedFile("photo", data)}).status_code == 303
    assert only_result().face_count == 1
    for name, content in everything(client, media).items():
        assert not [secret for secret in SECRETS if secret in content], name
        if content.startswith(b"\xff\xd8"):
            assert content.count(b"\xff\xd8\xff") == 1, name
            assert content.endswith(b"\xff\xd9"), name
        if content.startswith((b"\xff\xd8", b"\x89PNG")):
            check_picture(content)


OWN = {"jfif", "jfif_version", "jfif_unit", "jfif_density", "matrix"}
"""What our own pictures say of themselves."""


def check_picture(content: bytes) -> None:
    with Image.open(BytesIO(content)) as picture:
        picture.load()
        assert not set(picture.info) - OWN
        assert not picture.getexif()


@pytest.mark.django_db
@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_nothing_of_what_is_planted_is_left(
    client: Client, models_dir: Path, media: Path, portrait: Image.Image, make: Callable[[Image.Image], bytes]
) -> None:
    data = make(portrait)
    assert PLANTED.encode() in data
    check(client, media, data)


@pytest.mark.django_db
@pytest.mark.parametrize("name", SHARED)
def test_nothing_of_what_is_planted_in_the_shared_files_is_left(
    client: Client, models_dir: Path, media: Path, shared: Path, name: str
) -> None:
    data = (shared / "data" / "hostile" / name).read_bytes()
    assert [secret for secret in SECRETS if secret in data]
    check(client, media, data)


@pytest.mark.parametrize("size", [(512, 512), (300, 300)])
def test_the_copy_that_is_handed_over_is_nothing_but_pixels(portrait: Image.Image, size: tuple[int, int]) -> None:
    photo = read_photo(jpeg(portrait), PhotoLimits(10**7, 10**7))
    copy, _ = encode_within_limit(photo.image, size)
    assert PLANTED.encode() not in copy
    check_picture(copy)
