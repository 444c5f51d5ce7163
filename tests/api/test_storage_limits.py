"""What the API answers when there is no room: for an owner, on the disk, or for a photo in its usual quality."""

import io
import json
from pathlib import Path

import pytest
from django.conf import LazySettings

from landmarks.models import Owner, Photo
from landmarks.storage import disk
from tests.api.conftest import FILES, RESULTS, Program, error_of
from tests.photos.bombs import png_of_noise


@pytest.fixture(autouse=True)
def media(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "free_bytes", lambda: 499 * 2**20)


def test_a_lowered_quality_is_named_and_no_other(program: Program, settings: LazySettings, images: Path) -> None:
    settings.MAX_UPLOAD_MB = 1
    noise = io.BytesIO(png_of_noise(1, side=2000))
    noise.name = "noise.png"
    made = program.post(RESULTS, {"photo": noise}).json()
    assert made["photo"]["lowered_quality"] == Photo.objects.get().lowered_quality
    assert "lowered_quality" not in program.send(RESULTS, images / "astronaut.jpg", "photo").json()["photo"]


def test_over_the_quota_creating_a_result_is_forbidden(program: Program, settings: LazySettings, images: Path) -> None:
    assert program.send(RESULTS, images / "astronaut.jpg", "photo").status_code == 201
    settings.MAX_STORED_MB = 1
    Owner.objects.update(stored_bytes=2**20)
    response = program.send(RESULTS, images / "astronaut.jpg", "photo")
    assert error_of(response) == (403, "quota_exceeded")
    # Uploads are gone in a quarter of an hour, and count for nobody.
    assert program.send(FILES, images / "astronaut.jpg", "file").status_code == 200


@pytest.mark.usefixtures("full_disk")
@pytest.mark.parametrize(("path", "field"), [(RESULTS, "photo"), (FILES, "file")])
def test_below_the_reserve_photos_are_not_taken(program: Program, images: Path, path: str, field: str) -> None:
    response = program.send(path, images / "astronaut.jpg", field)
    assert error_of(response) == (503, "storage_full")
    assert response.headers["Retry-After"] == "60"


@pytest.mark.usefixtures("full_disk")
def test_nothing_is_fetched_that_could_not_be_stored(program: Program) -> None:
    body = json.dumps({"image_url": "http://127.0.0.1:1/photo.jpg"})
    response = program.post(RESULTS, body, content_type="application/json")
    assert error_of(response) == (503, "storage_full")
