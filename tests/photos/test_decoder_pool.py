import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from PIL import Image, ImageChops

from landmarks.core.errors import Busy, PhotoError, PhotoTooLarge, PhotoUnsupported
from landmarks.photos import decoder_pool as pool_module
from landmarks.photos.decode import read_photo
from landmarks.photos.decoder_pool import DecoderPool
from landmarks.photos.photo import PhotoLimits, Reduced
from tests.clocks import ManualClock
from tests.patience import PATIENCE
from tests.photos.bombs import bmp_of_short_rows, encoded, gif_of_comments
from tests.processes import children, resident_at_most
from tests.runtime.limits import limit

IMAGES = Path(__file__).parent.parent / "images"
ASTRONAUT = (IMAGES / "astronaut.jpg").read_bytes()
LIMITS = PhotoLimits(max_bytes=20 * 2**20, max_pixels=60_000_000)


@pytest.fixture(scope="module")
def pool() -> Iterator[DecoderPool]:
    pool = DecoderPool(limit(2), seconds=PATIENCE)
    yield pool
    pool.close()


@pytest.fixture
def single() -> Iterator[DecoderPool]:
    """One process, for which nobody waits."""
    pool = DecoderPool(limit(1, queue=0), seconds=PATIENCE)
    yield pool
    pool.close()


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "BMP", "AVIF", "GIF"])
def test_gives_the_very_photo_that_is_decoded_here(pool: DecoderPool, format: str) -> None:
    with Image.open(IMAGES / "two_people.jpg") as file:
        data = encoded(file, format)
    apart, here = pool.read(data, LIMITS), read_photo(data, LIMITS)
    assert (apart.format, apart.orientation, apart.byte_count) == (here.format, here.orientation, here.byte_count)
    assert (apart.image.mode, apart.image.info) == ("RGB", {})
    assert not ImageChops.difference(apart.image, here.image).getbbox()


def test_gives_a_reduced_photo_and_its_whole_when_that_is_needed(pool: DecoderPool) -> None:
    tags = Image.Exif()
    tags[0x0112] = 6
    with Image.open(IMAGES / "two_people.jpg") as file:
        data = encoded(file.resize((2003, 1602)), "JPEG", exif=tags)
    apart, here = pool.read(data, LIMITS, whole=False), read_photo(data, LIMITS, whole=False)
    assert isinstance(apart.picture, Reduced) and isinstance(here.picture, Reduced)
    names = ("factor", "left", "top", "width", "height")
    assert [getattr(apart.picture, name) for name in names] == [getattr(here.picture, name) for name in names]
    assert not ImageChops.difference(apart.picture.image, here.picture.image).getbbox()
    assert not ImageChops.difference(apart.image, here.image).getbbox()


@pytest.mark.parametrize(
    ("data", "kind", "message_id"),
    [
        (b"", PhotoError, "file_empty"),
        (b"A letter, and no photo.", PhotoUnsupported, "not_an_image"),
        (ASTRONAUT[:3000], PhotoError, "photo_damaged"),
        (encoded(Image.new("1", (8000, 8000)), "PNG"), PhotoTooLarge, "too_many_pixels"),
        (bytes(20 * 2**20 + 1), PhotoTooLarge, "file_too_large"),
    ],
    ids=["empty", "text", "cut", "pixels", "bytes"],
)
def test_raises_the_error_of_the_process(
    pool: DecoderPool, data: bytes, kind: type[PhotoError], message_id: str
) -> None:
    with pytest.raises(PhotoError) as here:
        read_photo(data, LIMITS)
    with pytest.raises(PhotoError) as caught:
        pool.read(data, LIMITS)
    assert (type(caught.value), caught.value.message_id) == (kind, message_id)
    assert caught.value.parameters == here.value.parameters


def test_one_process_decodes_one_file_after_the_other(single: DecoderPool) -> None:
    before = children(os.getpid())
    single.read(ASTRONAUT, LIMITS)
    started = children(os.getpid()) - before
    with pytest.raises(PhotoError):
        single.read(ASTRONAUT[:3000], LIMITS)
    single.read(ASTRONAUT, LIMITS)
    assert children(os.getpid()) - before == started
    assert len(started) == 1


def test_a_file_that_takes_too_much_work_is_rejected_and_the_next_one_read() -> None:
    pool = DecoderPool(limit(), seconds=PATIENCE, cpu_seconds=0)
    pool.read(ASTRONAUT, LIMITS)
    with pytest.raises(PhotoError, match="takes too long") as caught:
        pool.read(bmp_of_short_rows(7000, 8000), LIMITS)
    assert caught.value.status == 400
    assert pool.read(ASTRONAUT, LIMITS).width == 512
    pool.close()


def test_a_file_that_had_to_wait_too_long_is_not_to_blame(single: DecoderPool) -> None:
    single.read(ASTRONAUT, LIMITS)
    single._seconds = 0.2
    with pytest.raises(Busy) as caught:
        single.read(bmp_of_short_rows(7000, 8000), LIMITS)
    assert (caught.value.status, caught.value.message_id) == (503, "busy_decoding")
    single._seconds = PATIENCE
    assert single.read(ASTRONAUT, LIMITS).width == 512


def test_a_process_that_ends_within_its_answer_gives_no_photo(monkeypatch: pytest.MonkeyPatch) -> None:
    half = 'import sys; sys.stdin.buffer.readline(); sys.stdout.write(\'{"size": [9, 9], "reduced": null}\\nxxx\')'
    monkeypatch.setattr(pool_module, "COMMAND", [sys.executable, "-c", half])
    pool = DecoderPool(limit(), seconds=PATIENCE)
    for _ in range(2):
        with pytest.raises(PhotoTooLarge, match="more memory"):
            pool.read(ASTRONAUT, LIMITS)
    monkeypatch.undo()
    assert pool.read(ASTRONAUT, LIMITS).width == 512
    pool.close()


def test_memory_beyond_what_a_photo_may_take_cannot_be_had(pool: DecoderPool) -> None:
    before = children(os.getpid())
    small = PhotoLimits(max_bytes=20 * 2**20, max_pixels=1_000_000)
    with pytest.raises(PhotoTooLarge, match="more memory to decode than is available"):
        pool.read(gif_of_comments(10 * 2**20), small)
    assert all(resident_at_most(pid) < 400 * 2**20 for pid in children(os.getpid()) - before)
    assert pool.read(ASTRONAUT, LIMITS).width == 512


def test_a_process_that_died_meanwhile_is_replaced(single: DecoderPool) -> None:
    before = children(os.getpid())
    single.read(ASTRONAUT, LIMITS)
    (pid,) = children(os.getpid()) - before
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert single.read(ASTRONAUT, LIMITS).width == 512
    assert pid not in children(os.getpid())


def test_no_free_process_is_busy(single: DecoderPool) -> None:
    is_taken, go_on = Event(), Event()

    def take_long(pixels: int) -> None:
        is_taken.set()
        go_on.wait(PATIENCE)

    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(single.read, ASTRONAUT, LIMITS, reserve=take_long)
        assert is_taken.wait(PATIENCE)
        for _ in range(2):
            with pytest.raises(Busy):
                single.read(ASTRONAUT, LIMITS)
        go_on.set()
        assert first.result().width == 512


def test_memory_is_reserved_for_a_whole_picture_and_for_no_reduced_one(pool: DecoderPool) -> None:
    large = encoded(Image.new("RGB", (2000, 1600)), "JPEG")
    pixels: list[int] = []
    photo = pool.read(large, LIMITS, whole=False, reserve=pixels.append)
    assert (photo.width, photo.height, pixels) == (2000, 1600, [])
    assert photo.image.size == (2000, 1600)
    pool.read(ASTRONAUT, LIMITS, reserve=pixels.append)
    assert pixels == [2000 * 1600, 512 * 512]


def test_the_wait_for_memory_does_not_count(single: DecoderPool, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = ManualClock()
    monkeypatch.setattr(pool_module, "TIMERS", clock)
    photo = single.read(ASTRONAUT, LIMITS, reserve=lambda pixels: clock.go_on(2 * PATIENCE))
    assert photo.width == 512
    assert clock.started_at == [0, 2 * PATIENCE]


def test_without_memory_nothing_of_the_picture_is_left_for_the_next(single: DecoderPool) -> None:
    def raise_busy(pixels: int) -> None:
        raise Busy("busy_memory")

    with pytest.raises(Busy, match="memory"):
        single.read(ASTRONAUT, LIMITS, reserve=raise_busy)
    assert single.read(encoded(Image.new("RGB", (90, 70)), "PNG"), LIMITS).image.size == (90, 70)


def test_many_threads_get_their_own_photos(pool: DecoderPool) -> None:
    colours = [(17 * number, 255 - 17 * number, 90) for number in range(12)]
    with ThreadPoolExecutor(12) as threads:
        photos = threads.map(
            lambda colour: pool.read(encoded(Image.new("RGB", (90, 70), colour), "PNG"), LIMITS), colours
        )
        assert [photo.image.getpixel((80, 60)) for photo in photos] == colours


def test_the_processes_know_nothing_of_the_environment(single: DecoderPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACEDATA_API_TOKEN", "secret")
    before = children(os.getpid())
    single.read(ASTRONAUT, LIMITS)
    (pid,) = children(os.getpid()) - before
    assert b"secret" not in Path(f"/proc/{pid}/environ").read_bytes()


def test_closing_leaves_no_process_behind() -> None:
    before = children(os.getpid())
    pool = DecoderPool()
    pool.read(ASTRONAUT, LIMITS)
    pool.close()
    assert children(os.getpid()) <= before
