"""JPEG files within a limit of bytes: as good as fits, and never more written than that."""

from io import BytesIO

import pytest
from PIL import Image

from landmarks.core.errors import PhotoTooLarge
from landmarks.photos.encode import JPEG_QUALITY, LOWER_QUALITIES, encode_photo, write_photo, write_photo_within

NOISE = Image.effect_noise((400, 300), 80).convert("RGB")


class Counting(BytesIO):
    """A file that knows its greatest length."""

    longest = 0

    def write(self, data: object) -> int:
        count = super().write(data)  # type: ignore[arg-type]
        self.longest = max(self.longest, self.tell())
        return count


def size(quality: int) -> int:
    stream = BytesIO()
    write_photo(NOISE, stream, quality)
    return stream.tell()


def test_a_photo_that_fits_has_the_usual_quality() -> None:
    stream = BytesIO()
    assert write_photo_within(NOISE, stream, size(JPEG_QUALITY)) == JPEG_QUALITY
    assert stream.getvalue() == encode_photo(NOISE)


@pytest.mark.parametrize("quality", LOWER_QUALITIES)
def test_the_best_quality_that_fits_is_taken_and_no_more_is_written(quality: int) -> None:
    stream, limit = Counting(), size(quality)
    assert write_photo_within(NOISE, stream, limit) == quality
    assert stream.longest <= limit
    assert len(stream.getvalue()) == limit
    with Image.open(stream) as image:
        assert (image.format, image.size) == ("JPEG", NOISE.size)


def test_a_photo_that_fits_in_no_quality_is_refused() -> None:
    with pytest.raises(PhotoTooLarge, match="upright copy"):
        write_photo_within(NOISE, BytesIO(), size(LOWER_QUALITIES[-1]) - 1)


def test_a_copy_for_engines_has_a_quality_at_which_they_find_the_same() -> None:
    with pytest.raises(PhotoTooLarge):
        write_photo_within(NOISE, BytesIO(), size(50) - 1, lowest=50)
    assert write_photo_within(NOISE, BytesIO(), size(50), lowest=50) == 50
