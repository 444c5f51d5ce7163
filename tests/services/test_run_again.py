"""Another run over a photo that is kept: by the same engine or another, whatever became of the photo meanwhile."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from landmarks.access import visibility
from landmarks.core.errors import Busy, NotFound, PhotoError, StorageError
from landmarks.models import Face, Photo, Result
from landmarks.services import runs
from landmarks.storage import deletion
from tests.rows import make_owner
from tests.vendor import PLATFORM_TOKEN, TOKEN, Request, Vendor, drop, look, refusal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("models_dir")]


@pytest.fixture(autouse=True)
def media(settings: LazySettings, vendor: Vendor, on_the_internet: None, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.ACEDATA_API_URL, settings.ACEDATA_API_TOKEN = vendor.url, TOKEN
    settings.ACEDATA_PLATFORM_URL = vendor.platform_url
    return tmp_path / "media"


@pytest.fixture
def astronaut(images: Path) -> bytes:
    return (images / "astronaut.jpg").read_bytes()


def submit(data: bytes, engine: str = "local", **options: object) -> Result:
    return reread(runs.submit(data, "photo.jpg", make_owner(), runs.run_options(**options), engine))


def submit_address(address: str, engine: str = "acedata") -> Result:
    return reread(runs.submit_address(address, make_owner(), runs.run_options(), engine))


def reread(result: Result) -> Result:
    return Result.objects.get(pk=result.pk)


def kept_files(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def test_the_same_engine_runs_again(astronaut: bytes) -> None:
    first = submit(astronaut)
    again = reread(runs.run_again(first, "local", by=make_owner()))
    assert again.pk != first.pk
    assert again.photo == first.photo
    assert (again.owner.key, again.name, again.face_count, again.engine) == ("ann", "photo.jpg", 1, "local")
    assert default_storage.exists(again.thumbnail.name)


def test_the_options_are_the_same_again(vendor: Vendor, astronaut: bytes, settings: LazySettings) -> None:
    settings.ACEDATA_PLATFORM_TOKEN = PLATFORM_TOKEN
    first = submit(astronaut, largest_only=True, rotate=True, face_model_version="2.0")
    again = reread(runs.run_again(first, "acedata", by=make_owner()))
    sent = vendor.requests[0].json()
    assert (sent["mode"], sent["need_rotate_detection"], sent["face_model_version"]) == (1, 1, "2.0")
    assert (again.largest_only, again.rotate, again.requested_face_model_version) == (True, True, "2.0")


def test_the_requested_version_is_not_the_answered_one(vendor: Vendor, astronaut: bytes) -> None:
    address = vendor.puts("/a.jpg", astronaut)
    first = submit_address(address)
    Result.objects.filter(pk=first.pk).update(face_model_version="3.1", requested_face_model_version="2.0")
    runs.run_again(reread(first), "acedata", by=make_owner())
    assert vendor.requests[1].json()["face_model_version"] == "2.0"
    assert runs.run_again(reread(first), "local", by=make_owner()).face_model_version == "2.0"


def test_a_run_that_failed_works_by_the_same_engine_later(vendor: Vendor, astronaut: bytes) -> None:
    vendor.answers(refusal(403, "used_up", "Your balance is not sufficient."))
    failed = submit_address(vendor.puts("/a.jpg", astronaut))
    assert failed.is_failed
    again = reread(runs.run_again(failed, "acedata", by=make_owner()))
    assert (again.is_failed, again.face_count) == (False, 1)
    assert reread(failed).is_failed


def test_a_run_that_failed_works_by_the_other_engine(vendor: Vendor, astronaut: bytes) -> None:
    vendor.answers(refusal(401, "invalid_token", "The specified token is invalid or wrong."))
    failed = submit_address(vendor.puts("/a.jpg", astronaut))
    assert failed.is_failed
    again = reread(runs.run_again(failed, "local", by=make_owner()))
    assert (again.is_failed, again.engine, again.face_count) == (False, "local", 1)
    assert again.photo == failed.photo


def test_a_run_that_fails_again_is_kept_too(vendor: Vendor, astronaut: bytes) -> None:
    vendor.answers(drop)
    failed = submit_address(vendor.puts("/a.jpg", astronaut))
    vendor.answers(refusal(401, "invalid_token", "The specified token is invalid or wrong."))
    again = reread(runs.run_again(failed, "acedata", by=make_owner()))
    assert (failed.is_failed, again.is_failed) == (True, True)
    assert len(vendor.requests) == 2
    assert Result.objects.count() == 2


def test_the_hosted_engine_gets_the_address_again(vendor: Vendor, astronaut: bytes) -> None:
    address = vendor.puts("/a.jpg", astronaut)
    again = runs.run_again(submit_address(address, "local"), "acedata", by=make_owner())
    assert [request.json()["image_url"] for request in vendor.requests] == [address]
    assert (again.address, again.name, again.face_count) == (address, "a.jpg", 1)


def changed(vendor: Vendor, images: Path) -> None:
    vendor.puts("/a.jpg", (images / "two_people.jpg").read_bytes())


def gone(vendor: Vendor, images: Path) -> None:
    vendor.puts("/a.jpg", b"")


@pytest.mark.parametrize("become", [changed, gone])
def test_another_photo_at_the_address_is_not_used(
    vendor: Vendor, astronaut: bytes, images: Path, settings: LazySettings, become: Callable[[Vendor, Path], None]
) -> None:
    settings.ACEDATA_PLATFORM_TOKEN = PLATFORM_TOKEN
    address = vendor.puts("/a.jpg", astronaut)
    first = submit_address(address, "local")
    become(vendor, images)
    again = runs.run_again(first, "acedata", by=make_owner())
    assert len(vendor.uploads) == 1
    assert vendor.requests[0].json()["image_url"] != address
    assert (again.face_count, again.address, again.photo) == (1, address, first.photo)


def test_without_the_address_the_photo_must_be_handed_over(vendor: Vendor, astronaut: bytes, images: Path) -> None:
    first = submit_address(vendor.puts("/a.jpg", astronaut), "local")
    gone(vendor, images)
    again = runs.run_again(first, "acedata", by=make_owner())
    assert "PUBLIC_URL" in again.error_message
    assert vendor.requests == []


def test_the_embedded_engine_asks_no_address(vendor: Vendor, astronaut: bytes) -> None:
    first = submit_address(vendor.puts("/a.jpg", astronaut), "local")
    again = runs.run_again(first, "local", by=make_owner())
    assert vendor.fetched == ["/a.jpg"]
    assert again.address == first.address


def test_a_stored_photo_is_accepted_whatever_the_limits_are_now(astronaut: bytes, settings: LazySettings) -> None:
    first = submit(astronaut)
    settings.MAX_PIXELS = 1000
    assert runs.run_again(first, "local", by=make_owner()).face_count == 1


def test_other_runs_over_a_photo_are_found_among_what_may_be_seen(astronaut: bytes, images: Path) -> None:
    first = submit(astronaut)
    again = runs.run_again(first, "local", by=make_owner())
    submit((images / "two_people.jpg").read_bytes())
    assert list(visibility.results_of_same_photo(first, visibility.visible_results(make_owner()))) == [again]
    assert not visibility.results_of_same_photo(first, visibility.visible_results(make_owner("bob"))).exists()


def test_in_a_shared_history_a_result_stays_its_owners(astronaut: bytes, settings: LazySettings) -> None:
    settings.HISTORY = "shared"
    again = runs.run_again(submit(astronaut), "local", by=make_owner())
    assert again.owner == make_owner()


# --- what became of the photo meanwhile ------------------------------------------------------------------------------


def test_a_deleted_photo_is_reported_before_anything_is_paid(vendor: Vendor, astronaut: bytes) -> None:
    first = submit_address(vendor.puts("/a.jpg", astronaut), "local")
    deletion.delete(reread(first))
    with pytest.raises(PhotoError, match="Send the photo again"):
        runs.run_again(first, "acedata", by=make_owner())
    assert vendor.requests == []
    assert not Result.objects.exists()


def test_a_result_that_was_deleted_meanwhile_is_not_run_again(vendor: Vendor, astronaut: bytes) -> None:
    first = submit_address(vendor.puts("/a.jpg", astronaut), "local")
    deletion.mark_deleted(Result.objects.all(), timezone.now())
    with pytest.raises(NotFound):
        runs.run_again(first, "acedata", by=first.owner)
    assert vendor.requests == []


def test_a_lost_file_is_reported(astronaut: bytes) -> None:
    first = submit(astronaut)
    default_storage.delete(first.photo.file.name)
    with pytest.raises(PhotoError, match="Send the photo again"):
        runs.run_again(reread(first), "local", by=make_owner())
    assert Result.objects.count() == 1


def test_a_file_that_cannot_be_read_is_reported(astronaut: bytes, media: Path) -> None:
    first = submit(astronaut)
    path = media / first.photo.file.name
    path.unlink()
    path.mkdir()
    with pytest.raises(StorageError):
        runs.run_again(reread(first), "local", by=make_owner())


@pytest.mark.django_db(transaction=True)
def test_a_photo_that_is_deleted_during_the_call_leaves_nothing(vendor: Vendor, astronaut: bytes, media: Path) -> None:
    first = submit_address(vendor.puts("/a.jpg", astronaut), "local")

    def delete_and_look(vendor: Vendor, request: Request) -> object:
        with closing(connection):
            deletion.delete(reread(first))
        return look(vendor, request)

    vendor.answers(delete_and_look)
    with pytest.raises(PhotoError, match="Send the photo again"):
        runs.run_again(first, "acedata", by=make_owner())
    assert (Photo.objects.count(), Result.objects.count(), Face.objects.count()) == (0, 0, 0)
    assert kept_files(media) == []


@pytest.mark.django_db(transaction=True)
def test_tries_and_deletions_at_once_leave_whole_results_or_nothing(astronaut: bytes, media: Path) -> None:
    first = submit(astronaut)

    def act(number: int) -> None:
        with closing(connection), suppress(Busy, NotFound, PhotoError, Result.DoesNotExist):
            if number % 2:
                deletion.delete(reread(first))
            else:
                runs.run_again(first, "local", by=make_owner())

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(act, range(6)))
    results = list(Result.objects.all())
    assert Face.objects.count() == len(results)
    assert len(kept_files(media)) == (len(results) + 1 if results else 0)
