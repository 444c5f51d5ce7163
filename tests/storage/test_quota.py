"""Each owner stores so much and no more, counted exactly, also when several send photos at once."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from PIL import Image

from landmarks.core.errors import QuotaExceeded
from landmarks.models import Owner, Photo, Result
from landmarks.photos.photo import Photo as Picture
from landmarks.services import photos
from landmarks.storage import deletion, quota, results
from tests.rows import NOON, make_owner

pytestmark = pytest.mark.django_db(transaction=True)
IMAGE = Image.effect_noise((400, 300), 80).convert("RGB")
SIZE = 100_000
"""Bytes that it takes as a JPEG, at least."""


@pytest.fixture(autouse=True)
def media(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def store(digest: str, owner: Owner | None = None) -> Photo:
    return results.store_photo(owner or make_owner(), digest, Picture(IMAGE, "PNG", 1))


def store_result(photo: Photo) -> Result:
    result = Result(owner_id=photo.owner_id, photo=photo, name="photo.jpg", engine="local", face_model_version="3.0")
    results.store_result(result, IMAGE, ())
    return result


def stored_bytes(key: str = "ann") -> int:
    return make_owner(key).stored_bytes


def on_disk(media: Path) -> int:
    return sum(path.stat().st_size for path in media.rglob("*") if path.is_file())


def test_photos_and_thumbnails_are_counted_to_the_byte_until_they_are_deleted(media: Path) -> None:
    first, second = store_result(store("1")), store_result(store("2"))
    again = store_result(first.photo)
    store("1")
    assert stored_bytes() == on_disk(media) > 2 * SIZE
    for result in (first, second, again):
        deletion.mark_deleted(Result.objects.filter(pk=result.pk), NOON)
        deletion.finish_deletions(NOON + deletion.UNDO)
        assert stored_bytes() == on_disk(media)
    assert stored_bytes() == 0


def test_a_lost_file_that_is_sent_again_is_counted_once(media: Path) -> None:
    photo = store("1")
    (media / photo.file.name).unlink()
    store("1")
    assert stored_bytes() == on_disk(media)


def test_a_photo_that_is_too_much_is_refused_and_nothing_of_it_is_left(settings: LazySettings, media: Path) -> None:
    settings.MAX_STORED_MB = 1
    make_owner()
    Owner.objects.update(stored_bytes=2**20 - SIZE // 2)
    with pytest.raises(QuotaExceeded, match="all of the 1 MB"):
        store("1")
    assert on_disk(media) == Photo.objects.count() == 0
    store("1", make_owner("bob"))


@pytest.mark.parametrize(("room", "is_taken"), [(0, True), (-1, False)])
def test_the_last_byte_may_be_used(settings: LazySettings, media: Path, room: int, is_taken: bool) -> None:
    settings.MAX_STORED_MB = 1
    size = store("1").file_size or 0
    Owner.objects.update(stored_bytes=2**20 - size + -room)
    try:
        store("2")
    except QuotaExceeded:
        assert not is_taken
    else:
        assert stored_bytes() == 2**20


def test_photos_that_come_at_once_cannot_pass_it_together(settings: LazySettings, media: Path) -> None:
    settings.MAX_STORED_MB = 1
    owner = make_owner()
    Owner.objects.update(stored_bytes=2**20 - 3 * SIZE)

    def send(number: int) -> bool:
        with closing(connection):
            try:
                store(str(number), owner)
            except QuotaExceeded:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        taken = sum(pool.map(send, range(8)))
    assert 1 <= taken <= 3
    assert Photo.objects.count() == taken
    assert stored_bytes() <= 2**20
    assert stored_bytes() == 2**20 - 3 * SIZE + on_disk(media)


def test_off_is_no_limit(settings: LazySettings) -> None:
    settings.MAX_STORED_MB = None
    make_owner()
    Owner.objects.update(stored_bytes=2**40)
    quota.check_quota(make_owner())
    store("1")
    assert stored_bytes() > 2**40


def test_who_is_over_it_is_refused_before_anything_is_decoded(settings: LazySettings) -> None:
    settings.MAX_STORED_MB = 1
    quota.check_quota(Owner(kind="browser", key="nobody yet"))
    make_owner()
    Owner.objects.update(stored_bytes=2**20)
    with pytest.raises(QuotaExceeded):
        photos.check_room(Owner(kind="browser", key="ann"))
    Owner.objects.update(stored_bytes=2**20 - 1)
    photos.check_room(make_owner())


def test_a_thumbnail_of_a_run_that_may_have_been_paid_is_kept_in_any_case(settings: LazySettings) -> None:
    settings.MAX_STORED_MB = 1
    photo = store("1")
    Owner.objects.update(stored_bytes=2**20)
    store_result(photo)
    assert stored_bytes() > 2**20


def test_sizes_of_before_are_measured_from_the_files(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quota, "BATCH", 1)
    result = store_result(store("1"))
    lost = store_result(store("2"))
    (media / lost.thumbnail.name).unlink()
    Photo.objects.update(file_size=None)
    Result.objects.update(thumbnail_size=None)
    Owner.objects.update(stored_bytes=0)
    for _ in range(2):
        list(quota.measure_files())
        assert stored_bytes() == on_disk(media)
    assert Photo.objects.get(pk=result.photo_id).file_size == result.photo.file_size
    assert Result.objects.get(pk=lost.pk).thumbnail_size == 0


def test_the_picture_takes_as_much_as_these_tests_need() -> None:
    stream = BytesIO()
    IMAGE.save(stream, "JPEG", quality=92, subsampling="4:4:4")
    assert SIZE <= stream.tell() < 1.5 * SIZE
