import random
import struct
import zlib
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageCms, ImageStat
from PIL.PngImagePlugin import PngInfo

from landmarks.core.errors import PhotoError, PhotoTooLarge, PhotoUnsupported
from landmarks.photos.decode import MAX_SCANS, MAX_SEGMENTS, read_photo, reduction
from landmarks.photos.encode import encode_photo
from landmarks.photos.formats import ACCEPTED_LABELS
from landmarks.photos.photo import Photo, PhotoLimits, Reduced
from tests.photos import bombs
from tests.photos.bombs import jpeg_of_empty_segments, jpeg_of_scans

IMAGES = Path(__file__).parent.parent / "images"
ASTRONAUT = (IMAGES / "astronaut.jpg").read_bytes()
LIMITS = PhotoLimits(max_bytes=2_000_000, max_pixels=2_000_000)

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def encoded(image: Image.Image, format: str = "PNG", **options: Any) -> bytes:
    return bombs.encoded(image, format, **options)


def read(data: bytes) -> Photo:
    return read_photo(data, LIMITS)


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference a channel, 0 to 255."""
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)


def exif(orientation: int) -> bytes:
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags.tobytes()


def picture() -> Image.Image:
    """32 x 16: red above left, green above right, blue below left, white below right."""
    image = Image.new("RGB", (32, 16))
    for box, colour in zip(((0, 0), (16, 0), (0, 8), (16, 8)), (RED, GREEN, BLUE, WHITE), strict=True):
        image.paste(colour, (*box, box[0] + 16, box[1] + 8))
    return image


def grey_profile(gamma: float) -> bytes:
    """A grey ICC profile of one power curve, in the layout of ICC.1:2001-04."""

    def tag(kind: bytes, body: bytes) -> bytes:
        return kind + bytes(4) + body

    white = tag(b"XYZ ", struct.pack(">3i", 63190, 65536, 54061))
    curve = tag(b"curv", struct.pack(">IH", 1, round(gamma * 256))) + bytes(2)
    header = bytes(4) + bytes(4) + struct.pack(">I", 0x02400000) + b"mntrGRAYXYZ " + bytes(12) + b"acsp" + bytes(28)
    header += struct.pack(">3i", 63190, 65536, 54061) + bytes(48)
    start = 128 + 4 + 2 * 12
    table = struct.pack(">I", 2) + b"wtpt" + struct.pack(">2I", start, len(white))
    table += b"kTRC" + struct.pack(">2I", start + len(white), len(curve) - 2)
    profile = header + table + white + curve
    return struct.pack(">I", len(profile)) + profile[4:]


# What is read.


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "BMP", "AVIF", "GIF"])
def test_reads_every_accepted_format(format: str) -> None:
    options = {"lossless": True} if format == "WEBP" else {"quality": 95} if format in ("JPEG", "AVIF") else {}
    photo = read(encoded(picture().resize((320, 160), Image.Resampling.NEAREST), format, **options))
    assert (photo.format, photo.width, photo.height, photo.orientation) == (format, 320, 160, 1)
    assert photo.image.mode == "RGB"
    for position, colour in (((40, 40), RED), ((280, 40), GREEN), ((40, 120), BLUE), ((280, 120), WHITE)):
        seen = photo.image.getpixel(position)
        assert isinstance(seen, tuple)
        assert all(abs(a - b) < 8 for a, b in zip(seen, colour, strict=True))


def test_reads_a_real_photo() -> None:
    photo = read(ASTRONAUT)
    with Image.open(BytesIO(ASTRONAUT)) as expected:
        assert difference(photo.image, expected) == 0


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_exif_orientation_gives_the_same_upright_picture(orientation: int, format: str) -> None:
    upright = picture().resize((320, 160), Image.Resampling.NEAREST)
    back = {6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270, 2: Image.Transpose.FLIP_LEFT_RIGHT}
    back |= {3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM}
    back |= {5: Image.Transpose.TRANSPOSE, 7: Image.Transpose.TRANSVERSE}
    stored = upright.transpose(back[orientation]) if orientation in back else upright
    photo = read(encoded(stored, format, exif=exif(orientation)))
    assert (photo.width, photo.height) == (320, 160)
    assert difference(photo.image, upright) < 3
    assert photo.orientation == orientation


@pytest.mark.parametrize("orientation", [0, 9, 99])
def test_ignores_an_orientation_that_does_not_exist(orientation: int) -> None:
    photo = read(encoded(picture(), "PNG", exif=exif(orientation)))
    assert photo.orientation == 1
    assert difference(photo.image, picture()) == 0


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_reads_a_photo_whose_exif_is_broken() -> None:
    photo = read(encoded(picture(), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\x01\x12"))
    assert (photo.width, photo.orientation) == (32, 1)


def test_reads_a_photo_whose_exif_is_no_hexadecimal_number() -> None:
    notes = PngInfo()
    notes.add_text("Raw profile type exif", "\nexif\n4\nno number")
    photo = read(encoded(picture(), pnginfo=notes))
    assert (photo.orientation, difference(photo.image, picture())) == (1, 0)


def test_takes_the_first_picture_of_an_animation() -> None:
    frames = [Image.new("RGB", (32, 16), colour) for colour in (BLUE, GREEN, RED)]
    for format in ("GIF", "WEBP", "PNG"):
        photo = read(encoded(frames[0], format, save_all=True, append_images=frames[1:], **{"lossless": True}))
        assert photo.image.getpixel((5, 5)) == BLUE


def test_takes_the_first_picture_of_a_phones_mpo_file_as_a_jpeg() -> None:
    photo = read(encoded(picture(), "MPO", save_all=True, append_images=[Image.new("RGB", (64, 64))]))
    assert (photo.format, photo.width) == ("JPEG", 32)


def test_lays_a_transparent_picture_on_white() -> None:
    layer = picture().convert("RGBA")
    layer.paste((255, 0, 0, 0), (0, 0, 16, 8))
    layer.paste((0, 255, 0, 128), (16, 0, 32, 8))
    image = read(encoded(layer)).image
    assert image.getpixel((5, 5)) == WHITE
    assert image.getpixel((20, 5)) == (127, 255, 127)
    assert image.getpixel((5, 12)) == BLUE


def test_lays_a_transparent_grey_picture_on_white() -> None:
    image = read(
        encoded(Image.merge("LA", (Image.new("L", (8, 8), 0), Image.linear_gradient("L").resize((8, 8)))))
    ).image
    assert image.getpixel((0, 0)) > image.getpixel((0, 7))  # type: ignore[operator]
    assert image.getpixel((0, 0)) > (230, 230, 230)  # type: ignore[operator]


@pytest.mark.parametrize("transparency", [0, bytes([0, 255, 255, 255])], ids=["one entry", "alpha of each entry"])
def test_lays_a_transparent_palette_on_white(transparency: int | bytes) -> None:
    image = picture().quantize(4)
    hidden = image.palette.getcolor(RED)  # type: ignore[union-attr]
    if isinstance(transparency, bytes):
        transparency = bytes(0 if index == hidden else 255 for index in range(4))
    else:
        transparency = hidden
    photo = read(encoded(image, "PNG", transparency=transparency))
    assert photo.image.getpixel((5, 5)) == WHITE
    assert photo.image.getpixel((5, 12)) == BLUE


def test_lays_a_transparent_colour_on_white() -> None:
    assert read(encoded(picture(), "PNG", transparency=RED)).image.getpixel((5, 5)) == WHITE


def test_scales_sixteen_bits_of_grey_instead_of_clipping_them() -> None:
    values = [0, 400, 25_700, 32_896, 65_535]
    deep = Image.frombytes("I;16", (5, 1), struct.pack("<5H", *values))
    image = read(encoded(deep)).image
    assert [image.getpixel((x, 0)) for x in range(5)] == [(v,) * 3 for v in (0, 2, 100, 128, 255)]


def test_reads_a_picture_of_one_bit() -> None:
    image = read(encoded(picture().convert("L").point(lambda value: 255 * (value > 200)).convert("1"))).image
    assert (image.getpixel((5, 5)), image.getpixel((20, 12))) == ((0, 0, 0), WHITE)


def test_reads_cmyk() -> None:
    image = read(encoded(picture().resize((320, 160)).convert("CMYK"), "JPEG", quality=95)).image
    assert difference(image.crop((20, 100, 120, 150)), Image.new("RGB", (100, 50), BLUE)) < 3


def test_reads_one_pixel() -> None:
    photo = read(encoded(Image.new("RGB", (1, 1), RED)))
    assert (photo.width, photo.height, photo.image.getpixel((0, 0))) == (1, 1, RED)


def test_converts_the_colours_of_a_profile_to_srgb() -> None:
    dark = Image.new("L", (32, 16), 128)
    linear = read(encoded(dark, "PNG", icc_profile=grey_profile(1.0))).image.getpixel((5, 5))
    assert linear == pytest.approx((188, 188, 188), abs=2)
    assert read(encoded(dark)).image.getpixel((5, 5)) == (128, 128, 128)


def test_converts_the_colours_under_transparency_too() -> None:
    layer = Image.merge("LA", (Image.new("L", (8, 8), 128), Image.new("L", (8, 8), 255)))
    image = read(encoded(layer, "PNG", icc_profile=grey_profile(1.0))).image
    assert image.getpixel((5, 5)) == pytest.approx((188, 188, 188), abs=2)


def test_an_srgb_profile_changes_nothing() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert difference(read(encoded(picture(), "PNG", icc_profile=profile)).image, picture()) < 1


@pytest.mark.parametrize("profile", [b"no profile", grey_profile(1.0)], ids=["broken", "of another kind"])
def test_ignores_a_profile_that_does_not_fit(profile: bytes) -> None:
    assert difference(read(encoded(picture(), "PNG", icc_profile=profile)).image, picture()) == 0


def test_the_name_of_a_file_does_not_matter_and_nothing_behind_the_picture_does() -> None:
    trailer = b"\x00\x02" + b"\xff\xda\x00\x02 and more" * 200
    assert difference(read(ASTRONAUT + trailer).image, read(ASTRONAUT).image) == 0


# What is read at a fraction of its size.


BACK = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""From an upright picture to how a camera of that orientation stores it."""
ROOMY = PhotoLimits(max_bytes=10**8, max_pixels=10**8)


def large(width: int = 2003, height: int = 1602) -> Image.Image:
    with Image.open(IMAGES / "two_people.jpg") as file:
        return file.convert("RGB").resize((width, height))


@pytest.mark.parametrize(
    ("size", "factor"), [((1599, 900), 1), ((1600, 900), 2), ((4000, 3000), 4), ((12_000, 200), 8), ((9000, 30), 1)]
)
def test_reduces_no_more_than_leaves_enough_to_see_by(size: tuple[int, int], factor: int) -> None:
    assert reduction(size) == factor


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_reduced_photo_lies_where_the_whole_one_does(orientation: int) -> None:
    upright = large()
    stored = upright.transpose(BACK[orientation]) if orientation in BACK else upright
    photo = read_photo(encoded(stored, "JPEG", quality=95, exif=exif(orientation)), ROOMY, whole=False)
    assert isinstance(photo.picture, Reduced)
    view = photo.picture
    assert (photo.width, photo.height, photo.orientation) == (2003, 1602, orientation)
    assert (view.factor, view.image.size) == (2, (1002, 801))
    assert (view.left, view.top) == (-1 if orientation in (2, 3, 6, 7) else 0, 0)
    edges = (view.left, view.top, view.left + 2004, view.top + 1602)
    expected = upright.crop(edges).reduce(2)
    inner = (2, 2, 1000, 799)
    assert difference(view.image.crop(inner), expected.crop(inner)) < 2


def test_the_whole_of_a_reduced_photo_is_decoded_when_needed() -> None:
    data = encoded(large(), "JPEG", quality=95)
    photo = read_photo(data, ROOMY, whole=False)
    assert difference(photo.image, read_photo(data, ROOMY).image) == 0
    assert photo.image is photo.image
    assert replace(photo, address="https://photos.example/1.jpg").image is photo.image


def test_only_large_jpegs_are_reduced() -> None:
    for data in (ASTRONAUT, encoded(large(), "PNG")):
        assert isinstance(read_photo(data, ROOMY, whole=False).picture, Image.Image)


def test_a_reduced_photo_has_its_colours_converted_and_nothing_of_the_file() -> None:
    data = encoded(large().convert("L"), "JPEG", icc_profile=grey_profile(1.0), comment=b"SecretComment")
    view = read_photo(data, ROOMY, whole=False).picture
    assert isinstance(view, Reduced)
    assert (type(view.image), view.image.mode, view.image.info) == (Image.Image, "RGB", {})
    assert difference(view.image, read_photo(data, ROOMY).image.reduce(2).crop((0, 0, *view.image.size))) < 2


@pytest.mark.parametrize("part", [0.1, 0.9])
def test_a_reduced_photo_is_rejected_when_it_is_truncated(part: float) -> None:
    data = encoded(large(), "JPEG")
    with pytest.raises(PhotoError, match="damaged or incomplete"):
        read_photo(data[: int(len(data) * part)], ROOMY, whole=False)


# What is kept.


def test_nothing_but_pixels_is_left_of_the_file() -> None:
    tags = Image.Exif()
    tags[0x010F] = "SecretCam"
    secret = encoded(picture(), "JPEG", exif=tags, comment=b"SecretComment", xmp=b"<SecretXmp/>", dpi=(300, 300))
    assert secret.count(b"Secret") == 3
    photo = read(secret)
    assert photo.image.info == {}
    assert not photo.image.getexif()
    assert type(photo.image) is Image.Image
    assert b"Secret" not in encode_photo(photo.image)


def test_encodes_pixels_only_even_of_an_image_that_knows_more() -> None:
    with Image.open(IMAGES / "rocket.jpg") as image:
        assert image.info["icc_profile"] and image.info["comment"]
        stored = encode_photo(image)
    with Image.open(BytesIO(stored)) as again:
        assert not {"icc_profile", "comment", "exif", "xmp", "dpi"} & set(again.info)


def test_encodes_a_jpeg_that_keeps_the_colours_of_each_pixel() -> None:
    photo = read(ASTRONAUT)
    with Image.open(BytesIO(encode_photo(photo.image))) as again:
        assert (again.format, again.size) == ("JPEG", photo.image.size)
        assert [component[1:3] for component in again.layer] == [(1, 1)] * 3  # type: ignore[attr-defined]
        assert difference(again, photo.image) < 2


# Errors


@pytest.mark.parametrize(
    "data",
    [
        b"A letter, and no photo.",
        b"<html><script>alert(1)</script></html>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n(%pipe%id) (w) file\n",
        bytes(1000),
        encoded(picture(), "ICO"),
        encoded(picture(), "PPM"),
    ],
    ids=["text", "html", "eps", "zeros", "ico", "ppm"],
)
def test_rejects_what_is_no_accepted_format(data: bytes) -> None:
    with pytest.raises(PhotoUnsupported, match=f"Use {ACCEPTED_LABELS}"):
        read(data)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (encoded(picture(), "TIFF"), "TIFF"),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b"%PDF-1.7\n", "PDF"),
    ],
)
def test_names_a_well_known_format_that_is_not_supported(data: bytes, name: str) -> None:
    with pytest.raises(PhotoUnsupported, match=f"^{name} files aren't supported"):
        read(data)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "BMP", "AVIF", "GIF"])
@pytest.mark.parametrize("part", [0.02, 0.5])
def test_rejects_a_truncated_file(format: str, part: float) -> None:
    noise = Image.effect_noise((64, 64), 80).convert("RGB")
    data = encoded(noise, format)
    with pytest.raises(PhotoError, match="damaged or incomplete") as caught:
        read(data[: max(16, int(len(data) * part))])
    assert caught.value.code == "photo_damaged"


def test_rejects_an_empty_file() -> None:
    with pytest.raises(PhotoError, match="empty"):
        read(b"")


def test_rejects_more_bytes_than_the_limit_and_accepts_as_many() -> None:
    exact = PhotoLimits(max_bytes=len(ASTRONAUT), max_pixels=2_000_000)
    assert read_photo(ASTRONAUT, exact).width == 512
    with pytest.raises(PhotoTooLarge, match=r"limit of 0\.08951 MB"):
        read_photo(ASTRONAUT + b"\0", exact)


def test_rejects_more_pixels_than_the_limit_and_accepts_as_many() -> None:
    limits = PhotoLimits(max_bytes=2_000_000, max_pixels=512 * 512)
    assert read_photo(ASTRONAUT, limits).width == 512
    with pytest.raises(PhotoTooLarge, match="more than 0.2621 million pixels"):
        read_photo(encoded(Image.new("1", (513, 512))), limits)


def png_of(width: int, height: int) -> bytes:
    """The head of a PNG file that claims this size and holds nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("width", "height"), [(9000, 9000), (30_000, 30_000), (2**31 - 1, 1)])
def test_believes_the_header_about_pixels_before_decoding(width: int, height: int) -> None:
    with pytest.raises(PhotoTooLarge, match="more than 60 million pixels"):
        read_photo(png_of(width, height), PhotoLimits(max_bytes=2_000_000, max_pixels=60_000_000))


def test_rejects_a_side_that_is_too_long() -> None:
    assert read(encoded(Image.new("1", (32_766, 1)))).width == 32_766
    with pytest.raises(PhotoTooLarge, match="32,766 pixels long"):
        read(encoded(Image.new("1", (32_767, 1))))


def test_rejects_a_jpeg_of_hundreds_of_scans() -> None:
    grey = Image.new("L", (64, 64), 128)
    assert read(jpeg_of_scans(grey, 20)).width == 64
    with pytest.raises(PhotoError, match="more than 50 scans"):
        read(jpeg_of_scans(grey, MAX_SCANS))


def test_rejects_a_jpeg_of_thousands_of_segments() -> None:
    assert read(jpeg_of_empty_segments(4 * 900)).width == 64
    with pytest.raises(PhotoError, match="more than 1,000 segments"):
        read(jpeg_of_empty_segments(4 * MAX_SEGMENTS))


def test_the_scans_of_an_embedded_thumbnail_do_not_count() -> None:
    thumbnail = jpeg_of_scans(Image.new("L", (8, 8)), MAX_SCANS)
    assert (
        read(encoded(picture(), "JPEG", extra=b"\xff\xe9" + struct.pack(">H", len(thumbnail) + 2) + thumbnail)).width
        == 32
    )


@pytest.mark.parametrize("name", ["astronaut.jpg", "two_people.jpg", "rocket.jpg", "obama-240p.jpg"])
def test_a_damaged_photo_is_a_photo_error_or_a_photo(name: str) -> None:
    """Bytes changed at random, always the same ones, so that a failure can be seen again."""
    chance, whole = random.Random(name), (IMAGES / name).read_bytes()  # noqa: S311
    for _ in range(20):
        data = bytearray(whole)
        for _ in range(10):
            data[chance.randrange(min(len(data), 2000))] = chance.randrange(256)
        try:
            assert read(bytes(data)).image.mode == "RGB"
        except PhotoError as exc:
            assert exc.message.endswith(".")
