"""Photos that the hosted engine looks at: how they reach it, and what is kept of a run, also of one that failed."""

from io import BytesIO
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from django.conf import LazySettings
from PIL import Image
from pytest_django.live_server_helper import LiveServer

from landmarks.core.errors import PhotoError, RequestInvalid, StorageError
from landmarks.models import Photo, Result
from landmarks.net import ssrf_guard
from landmarks.services import exporting, runs
from tests.net.servers import RawServer, ok, redirect, running
from tests.patience import PATIENCE
from tests.rows import make_owner
from tests.vendor import (
    PLATFORM_TOKEN,
    TOKEN,
    TRACE_ID,
    Answer,
    Request,
    Vendor,
    analysis,
    answering,
    face_in,
    refusal,
)

pytestmark = pytest.mark.django_db

PUBLIC_HOST = "photos.example.org"


@pytest.fixture(autouse=True)
def hosted(settings: LazySettings, vendor: Vendor, on_the_internet: None, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.ACEDATA_API_URL, settings.ACEDATA_API_TOKEN = vendor.url, TOKEN
    settings.ACEDATA_PLATFORM_URL = vendor.platform_url


@pytest.fixture
def astronaut(images: Path) -> bytes:
    return (images / "astronaut.jpg").read_bytes()


def submit(data: bytes, **options: object) -> Result:
    kept = runs.submit(data, "photo.jpg", make_owner(), runs.run_options(**options), "acedata")
    return Result.objects.get(pk=kept.pk)


def expected_points(width: int, height: int) -> list[tuple[int, int]]:
    face = face_in(width, height)
    return [(point["x"], point["y"]) for points in face.values() for point in points]


def test_a_photo_from_an_address_goes_as_that_address(vendor: Vendor, astronaut: bytes) -> None:
    address = vendor.puts("/pictures/astronaut.jpg", astronaut)
    kept = runs.submit_address(f" {address} ", make_owner(), runs.run_options(), "acedata")
    result = Result.objects.get(pk=kept.pk)
    (request,) = vendor.requests
    assert request.json()["image_url"] == address
    assert vendor.uploads == []
    assert (result.name, result.address, result.face_count) == ("astronaut.jpg", address, 1)
    assert list(result.found_faces()[0].points) == expected_points(512, 512)


def test_the_run_is_remembered(vendor: Vendor, astronaut: bytes) -> None:
    answer = analysis(512, 512, [face_in(512, 512)], version="3.1")
    vendor.answers(answering(answer, "200 OK", f"X-Trace-Id: {TRACE_ID}"))
    address = vendor.puts("/a.jpg", astronaut)
    options = runs.run_options(largest_only=True, rotate=True, face_model_version="2.0")
    result = Result.objects.get(pk=runs.submit_address(address, make_owner(), options, "acedata").pk)
    assert (result.engine, result.trace_id, result.largest_only, result.rotate) == ("acedata", TRACE_ID, True, True)
    assert (result.requested_face_model_version, result.face_model_version) == ("2.0", "3.1")
    assert result.elapsed_ms > 0


def test_a_file_is_uploaded_to_the_platform(vendor: Vendor, astronaut: bytes, settings: LazySettings) -> None:
    settings.ACEDATA_PLATFORM_TOKEN = PLATFORM_TOKEN
    result = submit(astronaut)
    assert len(vendor.uploads) == len(vendor.requests) == 1
    assert (result.face_count, result.address, result.error_code) == (1, "", "")


def test_a_file_that_cannot_be_handed_over_is_refused_before_it_is_stored(vendor: Vendor, astronaut: bytes) -> None:
    with pytest.raises(RequestInvalid, match="ACEDATA_PLATFORM_TOKEN or PUBLIC_URL"):
        submit(astronaut)
    assert not Photo.objects.exists()
    assert vendor.connections == 0


def at_public_host(live_server: LiveServer, fetched: list[Image.Image]) -> Answer:
    """The usual answer of a vendor who reaches the site by its public name."""

    def look(vendor: Vendor, request: Request) -> list[bytes]:
        link = urlsplit(request.json()["image_url"])
        assert (link.scheme, link.netloc) == ("https", PUBLIC_HOST)
        photo = requests.get(f"{live_server.url}{link.path}", headers={"Host": link.netloc}, timeout=PATIENCE)
        photo.raise_for_status()
        fetched.append(Image.open(BytesIO(photo.content)))
        width, height = fetched[0].size
        return [answering(analysis(width, height, [face_in(width, height)]))]

    return look


@pytest.mark.django_db(transaction=True)
def test_a_large_sideways_photo_is_fetched_upright_from_this_site(
    vendor: Vendor, live_server: LiveServer, settings: LazySettings, tmp_path: Path
) -> None:
    settings.PUBLIC_URL = f"https://{PUBLIC_HOST}"
    settings.ALLOWED_HOSTS = [PUBLIC_HOST]
    fetched: list[Image.Image] = []
    vendor.answers(at_public_host(live_server, fetched))
    result = submit(sideways(6000, 4000))
    assert result.error_message == ""
    (copy,) = fetched
    # Upright, what was the left half of the file lies on top.
    assert copy.height > copy.width
    assert copy.getpixel((copy.width // 2, copy.height // 8))[0] > 200
    assert copy.getpixel((copy.width // 2, copy.height - copy.height // 8))[0] < 50
    assert not copy.getexif()
    assert max(copy.size) <= 4000
    assert (result.photo.width, result.photo.height) == (4000, 6000)
    for (x, y), (wanted_x, wanted_y) in zip(result.found_faces()[0].points, expected_points(4000, 6000), strict=True):
        assert x == pytest.approx(wanted_x, abs=2)
        assert y == pytest.approx(wanted_y, abs=2)
    assert list((tmp_path / "media" / "handover").iterdir()) == []


def sideways(width: int, height: int) -> bytes:
    """A file whose left half is red, with the EXIF orientation of a phone held upright."""
    image = Image.new("RGB", (width, height), "blue")
    image.paste("red", (0, 0, width // 2, height))
    exif = Image.Exif()
    exif[0x0112] = 6
    stream = BytesIO()
    image.save(stream, "JPEG", exif=exif)
    return stream.getvalue()


def test_an_error_response_is_a_kept_result_with_its_reason_and_trace(vendor: Vendor, astronaut: bytes) -> None:
    vendor.answers(refusal(403, "used_up", "Your balance is not sufficient."))
    address = vendor.puts("/a.jpg", astronaut)
    result = Result.objects.get(pk=runs.submit_address(address, make_owner(), runs.run_options(), "acedata").pk)
    assert result.is_failed
    assert result.error_message
    assert result.trace_id == TRACE_ID
    assert (result.address, result.elapsed_ms, result.face_count) == (address, None, 0)
    assert exporting.answer(result)["face_shape_set"] == []


def test_overlong_and_odd_texts_of_the_vendor_cost_no_result(vendor: Vendor, astronaut: bytes) -> None:
    address = vendor.puts("/a.jpg", astronaut)
    odd = {"error": {"code": "x" * 300, "message": "\0" + "y" * 5000}, "trace_id": "\0" + "z" * 300}
    answer = analysis(512, 512, [face_in(512, 512)], version="3" * 300)
    vendor.answers(answering(odd, "400 Bad Request"), answering(answer, "200 OK", f"X-Trace-Id: {'t' * 300}"))
    results = [runs.submit_address(address, make_owner(), runs.run_options(), "acedata") for _ in range(2)]
    assert Result.objects.count() == 2
    for result in results:
        assert len(result.error_code) <= 32
        assert len(result.trace_id) <= 64
        assert len(result.face_model_version) <= 16
        assert "\0" not in result.error_message + result.trace_id


def test_what_is_no_photo_is_not_sent(vendor: Vendor) -> None:
    address = vendor.puts("/a.jpg", b"no photo")
    with pytest.raises(PhotoError):
        runs.submit_address(address, make_owner(), runs.run_options(), "acedata")
    assert vendor.requests == []


# --- from a private network ------------------------------------------------------------------------------------------


@pytest.fixture
def inside(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine is what it is: not public, and allowed by its network only."""
    monkeypatch.setattr(ssrf_guard, "is_public_endpoint", lambda ip, port: False)
    settings.FETCH_ALLOW_NETWORKS = (ip_network("127.0.0.0/8"),)


def run_twice(address: str) -> Result:
    kept = runs.submit_address(address, make_owner(), runs.run_options(), "acedata")
    again = runs.run_again(kept, "acedata", runs.run_options(largest_only=True), by=make_owner())
    assert again.error_message == kept.error_message
    return Result.objects.get(pk=kept.pk)


@pytest.mark.usefixtures("inside")
def test_a_photo_of_a_private_network_is_uploaded_and_its_address_told_to_nobody(
    vendor: Vendor, astronaut: bytes, settings: LazySettings
) -> None:
    settings.ACEDATA_PLATFORM_TOKEN = PLATFORM_TOKEN
    address = vendor.puts("/inner/a.jpg?key=secret", astronaut)
    result = run_twice(address)
    assert (result.face_count, result.address, result.error_code) == (1, address, "")
    assert len(vendor.uploads) == len(vendor.requests) == 2
    assert not [each for each in (*vendor.uploads, *vendor.requests) if b"inner" in each.body or b"secret" in each.body]


@pytest.mark.usefixtures("inside")
def test_without_a_way_to_send_a_copy_it_says_so_and_calls_nobody(vendor: Vendor, astronaut: bytes) -> None:
    result = run_twice(vendor.puts("/inner/a.jpg", astronaut))
    assert result.error_code == "hosted_handover_missing"
    assert "its address isn't public" in result.error_message
    assert vendor.requests == []


@pytest.mark.usefixtures("inside")
def test_also_for_a_photo_that_is_not_kept_the_private_address_is_told_to_nobody(
    vendor: Vendor, astronaut: bytes, settings: LazySettings
) -> None:
    settings.ENGINE, settings.ACEDATA_PLATFORM_TOKEN = "acedata", PLATFORM_TOKEN
    runs.analyze_address(vendor.puts("/inner/a.jpg", astronaut), runs.run_options())
    assert "/files/" in vendor.requests[0].json()["image_url"]


def test_a_public_address_that_leads_into_a_private_network_is_not_public(
    vendor: Vendor, astronaut: bytes, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ACEDATA_PLATFORM_TOKEN = PLATFORM_TOKEN
    settings.FETCH_ALLOW_NETWORKS = (ip_network("127.0.0.0/8"),)
    with running(RawServer()) as outer, running(RawServer()) as inner:
        monkeypatch.setattr(ssrf_guard, "is_public_endpoint", lambda ip, port: port == outer.port)
        address = outer.answer("/a.jpg", redirect(inner.answer("/b.jpg", ok(astronaut))))
        runs.submit_address(address, make_owner(), runs.run_options(), "acedata")
    assert "/files/" in vendor.requests[0].json()["image_url"]


@pytest.mark.parametrize(("folder", "calls"), [("photos", 0), ("thumbnails", 1)], ids=["before", "after"])
def test_a_full_disk_leaves_nothing_and_costs_one_call_at_most(
    vendor: Vendor, astronaut: bytes, tmp_path: Path, folder: str, calls: int
) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / folder).touch()
    with pytest.raises(StorageError):
        runs.submit_address(vendor.puts("/a.jpg", astronaut), make_owner(), runs.run_options(), "acedata")
    assert len(vendor.requests) == calls
    assert not Result.objects.exists()
    assert not Photo.objects.exists()


def test_a_copy_that_cannot_be_published_is_not_paid_for(
    vendor: Vendor, astronaut: bytes, settings: LazySettings, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = tmp_path / "file" / "media"
    settings.PUBLIC_URL = f"https://{PUBLIC_HOST}"
    with pytest.raises(StorageError):
        submit(astronaut)
    assert vendor.requests == []
