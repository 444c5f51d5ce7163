"""`POST /api/v1/files/`: a photo under an address that holds for a while, and what `/face/analyze` makes of it."""

import io
import os
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from landmarks.services import publishing
from tests.api.conftest import FILES, Program, error_of
from tests.photos.bombs import png_of_noise
from tests.web.conftest import body

HERE = "http://testserver"


@pytest.fixture(autouse=True)
def media(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media" / "uploads"


@pytest.fixture
def address(program: Program, images: Path) -> str:
    return upload(program, images / "astronaut.jpg")


def upload(program: Program, photo: Path) -> str:
    body = program.send(FILES, photo, "file").json()["file_url"]
    assert isinstance(body, str)
    return body


def an_hour_later(monkeypatch: pytest.MonkeyPatch) -> None:
    later = timezone.now() + timedelta(hours=1)
    monkeypatch.setattr(timezone, "now", lambda: later)


def test_a_copy_that_would_be_larger_than_what_is_taken_is_made_to_fit(
    program: Program, settings: LazySettings, tmp_path: Path, media: Path
) -> None:
    settings.MAX_UPLOAD_MB = 1
    (tmp_path / "noise.png").write_bytes(png_of_noise(1, side=800))
    address = upload(program, tmp_path / "noise.png")
    (copy,) = media.iterdir()
    assert 2**19 < copy.stat().st_size <= 2**20
    assert "No face" in program.analyze(address).json()["error"]["message"]


def test_a_copy_that_cannot_be_made_to_fit_is_rejected_and_not_kept(
    program: Program, settings: LazySettings, tmp_path: Path, media: Path
) -> None:
    settings.MAX_UPLOAD_MB = 1
    (tmp_path / "noise.png").write_bytes(png_of_noise(1, side=2000))
    response = program.send(FILES, tmp_path / "noise.png", "file")
    assert error_of(response) == (413, "request_too_large")
    assert "upright copy" in response.json()["error"]["message"]
    assert not media.exists()


@pytest.mark.parametrize("path", [FILES, FILES.rstrip("/")])
def test_returns_the_address_under_both_names(program: Program, images: Path, path: str) -> None:
    response = program.send(path, images / "astronaut.jpg", "file")
    body = response.json()
    assert response.status_code == 200
    assert list(body) == ["file_url", "url"]
    assert body["file_url"] == body["url"]
    assert body["url"].startswith(f"{HERE}/uploads/")
    assert body["url"].endswith(".jpg")


def test_the_address_is_that_by_which_the_internet_reaches_the_site(
    program: Program, images: Path, settings: LazySettings
) -> None:
    settings.PUBLIC_URL = "https://photos.example.org/faces"
    assert upload(program, images / "astronaut.jpg").startswith("https://photos.example.org/faces/uploads/")


def test_analyze_takes_it_without_leaving_the_machine(program: Program, address: str) -> None:
    # The address names a host that does not exist, and no network may be fetched from that is not public.
    answer = program.analyze(address).json()
    assert (answer["image_width"], answer["image_height"]) == (512, 512)
    assert len(answer["face_shape_set"]) == 1


def test_our_own_api_takes_it_too_and_does_not_remember_it(program: Program, address: str) -> None:
    made = program.post("/api/results", {"image_url": address}, content_type="application/json").json()
    assert (made["face_count"], made["address"], made["name"]) == (1, "", "upload.jpg")


def test_analyze_finds_the_same_points_as_in_the_file(program: Program, address: str, images: Path) -> None:
    made = program.send("/api/results", images / "astronaut.jpg", "photo").json()
    pairs = [
        (there, here)
        for region, points in program.analyze(address).json()["face_shape_set"][0].items()
        for there, here in zip(points, made["faces"][0]["points"][region], strict=True)
    ]
    assert max(abs(there[axis] - here[axis]) for there, here in pairs for axis in "xy") < 2


def test_whoever_has_the_address_gets_the_photo(program: Program, address: str) -> None:
    response = program.client.get(urlsplit(address).path)
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    with Image.open(io.BytesIO(body(response))) as image:
        assert image.size == (512, 512)


def test_metadata_is_gone(program: Program, images: Path, media: Path) -> None:
    stream = io.BytesIO()
    with Image.open(images / "astronaut.jpg") as image:
        exif = image.getexif()
        exif[0x010F] = "SecretCam"
        image.save(stream, "JPEG", exif=exif, comment=b"Jane Private")
    file = SimpleUploadedFile("a.jpg", stream.getvalue())
    assert program.post(FILES, {"file": file}).status_code == 200
    (kept,) = media.iterdir()
    assert b"SecretCam" not in kept.read_bytes()
    assert b"Jane Private" not in kept.read_bytes()


def test_the_address_holds_for_a_quarter_of_an_hour(
    program: Program, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_hour_later(monkeypatch)
    assert program.client.get(urlsplit(address).path).status_code == 404
    response = program.analyze(address)
    assert error_of(response) == (400, "bad_request")
    assert "Upload the photo again" in response.json()["error"]["message"]


def test_what_is_over_is_removed(program: Program, images: Path, media: Path, address: str) -> None:
    (old,) = media.iterdir()
    an_hour_ago = time.time() - 3600
    os.utime(old, (an_hour_ago, an_hour_ago))
    upload(program, images / "rocket.jpg")
    assert old not in list(media.iterdir())
    assert len(list(media.iterdir())) == 1


@pytest.mark.parametrize(
    "forge",
    [
        lambda address: address.replace("uploads/", "uploads/0"),
        lambda address: address.replace(".jpg", "x.jpg"),
        lambda address: f"{HERE}/uploads/../../secret_key",
        lambda address: f"{HERE}/uploads/",
        lambda address: address.replace("/uploads/", "/handover/"),
    ],
)
def test_an_address_that_was_never_given_is_one_like_any_other(program: Program, address: str, forge) -> None:
    response = program.analyze(forge(address))
    assert error_of(response) == (400, "bad_request")
    assert "upload" not in response.json()["error"]["message"].lower()


def test_a_copy_for_the_hosted_engine_is_no_upload(settings: LazySettings) -> None:
    settings.PUBLIC_URL = HERE
    with publishing.publish(b"a photo") as url:
        assert not publishing.is_upload(url)


def test_other_fields_and_files_are_ignored_and_reported(program: Program, images: Path) -> None:
    with (images / "rocket.jpg").open("rb") as other:
        response = program.send(FILES + "?x=1", images / "astronaut.jpg", "file", purpose="face", second=other)
    assert response.status_code == 200
    assert response.headers["X-Ignored-Fields"] == "purpose, second, x"


# --- what is refused -------------------------------------------------------------------------------------------------


def test_a_file_is_needed(program: Program) -> None:
    response = program.post(FILES, {"photo": "text"})
    assert error_of(response) == (400, "bad_request")
    assert response.json()["error"]["message"] == "file is required"


def test_one_file_comes_at_a_time(program: Program, images: Path) -> None:
    with (images / "astronaut.jpg").open("rb") as one, (images / "rocket.jpg").open("rb") as other:
        assert error_of(program.post(FILES, {"file": [one, other]})) == (400, "bad_request")


def test_what_is_no_form_is_rejected(program: Program) -> None:
    response = program.post(FILES, b"\xff\xd8", content_type="image/jpeg")
    assert error_of(response) == (415, "unsupported_media_type")


def test_a_broken_form_is_rejected(program: Program) -> None:
    response = program.post(FILES, b"no form", content_type="multipart/form-data")
    assert error_of(response) == (400, "bad_request")


def test_what_is_no_photo_is_rejected(program: Program, tmp_path: Path, media: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff\xe0 broken")
    assert error_of(program.send(FILES, tmp_path / "a.jpg", "file")) == (400, "bad_request")
    (tmp_path / "a.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert error_of(program.send(FILES, tmp_path / "a.svg", "file")) == (415, "unsupported_media_type")
    assert not media.exists()


def test_a_file_that_is_too_large_is_rejected(
    program: Program, images: Path, settings: LazySettings, tmp_path: Path
) -> None:
    settings.MAX_UPLOAD_MB = 1
    (tmp_path / "large.jpg").write_bytes((images / "astronaut.jpg").read_bytes() + bytes(2**21))
    assert error_of(program.send(FILES, tmp_path / "large.jpg", "file")) == (413, "request_too_large")


def test_a_disk_that_takes_nothing_is_our_fault(
    program: Program, images: Path, settings: LazySettings, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = tmp_path / "file"
    assert error_of(program.send(FILES, images / "astronaut.jpg", "file")) == (500, "api_error")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_it_is_for_posting(program: Program, method: str) -> None:
    assert error_of(program.client.generic(method, FILES, headers=program.headers())) == (405, "method_not_allowed")
