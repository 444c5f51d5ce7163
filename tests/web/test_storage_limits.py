"""What pages say when there is no room: for an owner, on the disk, or for a photo in its usual quality."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from landmarks.models import Owner, Photo, Result
from landmarks.storage import disk
from tests.photos.bombs import png_of_noise
from tests.web.conftest import Submit, addresses, body

QUOTA = "Your photos take all of the 1 MB that you may store here. Delete results"
FULL = "disk is full, so it takes no photos right now"


@pytest.fixture(autouse=True)
def media(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "free_bytes", lambda: 499 * 2**20)


def count_files(media: Path) -> int:
    return sum(path.is_file() for path in media.rglob("*"))


# --- the quality of a photo ------------------------------------------------------------------------------------------


def test_a_stored_photo_is_as_large_as_an_upload_at_most_and_the_result_says_so(
    client: Client, settings: LazySettings, models_dir: Path, db: None, media: Path
) -> None:
    settings.MAX_UPLOAD_MB = 1
    noise = SimpleUploadedFile("noise.png", png_of_noise(1, side=2000))
    assert client.post("/", {"photo": noise}).status_code == 303
    photo = Photo.objects.get()
    assert photo.lowered_quality is not None
    assert (media / photo.file.name).stat().st_size == photo.file_size <= 2**20
    page = client.get(f"/results/{Result.objects.get().pk}/")
    assertContains(page, f"stored at JPEG quality {photo.lowered_quality} to fit the size limit")


def test_a_result_of_the_usual_quality_says_nothing_of_it(client: Client, astronaut: Result) -> None:
    assert astronaut.photo.lowered_quality is None
    assertNotContains(client.get(f"/results/{astronaut.pk}/"), "JPEG quality")


# --- the quota of an owner -------------------------------------------------------------------------------------------


@pytest.fixture
def used_up(astronaut: Result, settings: LazySettings) -> Result:
    """The only owner has no room left."""
    settings.MAX_STORED_MB = 1
    Owner.objects.update(stored_bytes=2**20)
    return astronaut


def test_over_the_quota_the_form_says_what_to_do(used_up: Result, submit: Submit, media: Path) -> None:
    files = count_files(media)
    response = submit("rocket.jpg", mode="1")
    assertContains(response, QUOTA, status_code=403)
    assert "Retry-After" not in response.headers
    assertContains(response, 'name="mode"\nvalue="1"\nchecked', status_code=403)
    assert (Photo.objects.count(), count_files(media)) == (1, files)


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_over_the_quota_no_other_engine_runs_on_a_photo(used_up: Result, client: Client, accept: str) -> None:
    address = f"/results/{used_up.pk}/again"
    response = client.post(address, {"engine": "local", "mode": "1"}, headers={"Accept": accept})
    assertContains(response, "Your photos take all of the 1 MB", status_code=403)
    assert Result.objects.get() == used_up


def test_over_the_quota_everything_else_goes_on_and_a_deletion_makes_room(
    used_up: Result, client: Client, submit: Submit
) -> None:
    for address in (*addresses(used_up), "/", "/results/"):
        response = client.get(address)
        assert body(response)
        assert response.status_code == 200
    assert client.post(f"/results/{used_up.pk}/delete").status_code == 303
    Owner.objects.update(stored_bytes=0)
    assert submit("rocket.jpg").status_code == 303


@pytest.mark.parametrize(
    ("limit", "used", "shown"),
    [
        (2048, 1.7 * 2**30, "1.7 of 2 GB used"),
        (2048, 0.81 * 2**31, "1.6 of 2 GB used"),
        (500, 410 * 2**20, "410 of 500 MB used"),
        (2048, 0.79 * 2**31, ""),
        (None, 2**40, ""),
    ],
)
def test_the_history_shows_how_much_is_used_when_little_is_left(
    client: Client, astronaut: Result, settings: LazySettings, limit: int | None, used: float, shown: str
) -> None:
    settings.MAX_STORED_MB = limit
    Owner.objects.update(stored_bytes=int(used))
    page = client.get("/results/").content.decode()
    assert ("used</small>" in page) == bool(shown)
    assert shown in page


# --- the disk of the site --------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("full_disk")
def test_below_the_reserve_the_form_says_so(submit: Submit, media: Path) -> None:
    response = submit("astronaut.jpg")
    assertContains(response, FULL, status_code=503)
    assert response.headers["Retry-After"] == "60"
    response = submit(image_url="http://127.0.0.1:1/photo.jpg")
    assertContains(response, FULL, status_code=503)
    assert not media.exists()


@pytest.mark.parametrize("size", [1000, 5 * 2**20])
def test_below_the_reserve_no_file_of_a_request_is_kept(client: Client, full_disk: None, db: None, size: int) -> None:
    response = client.post("/", {"photo": SimpleUploadedFile("photo.jpg", bytes(size))})
    assertContains(response, FULL, status_code=503)


def test_below_the_reserve_nothing_runs_again_and_everything_else_goes_on(
    astronaut: Result, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "free_bytes", lambda: 499 * 2**20)
    again = client.post(f"/results/{astronaut.pk}/again", {"engine": "local", "mode": "1"})
    assertContains(again, FULL, status_code=503)
    for address in (*addresses(astronaut), "/", "/results/"):
        response = client.get(address)
        assert body(response)
        assert response.status_code == 200
    for action in ("delete", "restore"):
        assert client.post(f"/results/{astronaut.pk}/{action}").status_code == 303
    assert Result.objects.kept().count() == 1


@pytest.mark.usefixtures("full_disk")
def test_without_a_reserve_the_disk_is_used_to_its_end(submit: Submit, settings: LazySettings) -> None:
    settings.MIN_FREE_MB = 499
    assert submit("astronaut.jpg").status_code == 303
