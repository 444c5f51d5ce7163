"""How a photo gets to the API: by its own URL, or as a copy within the limits, and how its points come back."""

import io
from dataclasses import replace

import pytest
from PIL import Image

from landmarks.core.errors import HostedError, StorageError
from landmarks.engines.acedata.resize import MAX_BYTES
from landmarks.photos.decode import read_photo
from landmarks.photos.photo import PhotoLimits
from landmarks.wire.acedata import face_to_wire
from tests.engines.hosted import ALL, QUICK, Publisher, a_photo, an_engine, at_address
from tests.net.servers import head
from tests.vendor import PLATFORM_TOKEN, TOKEN, Vendor, analysis, answering, dripping, drop, face_in, refusal

EMPTY = answering(analysis(300, 200, []))


def sent_url(vendor: Vendor) -> str:
    return str(vendor.requests[-1].json()["image_url"])


def picture(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize(
    "facts",
    [
        {"width": 4000, "height": 64},
        {"width": 64, "height": 4000, "byte_count": MAX_BYTES},
        {"width": 2000, "height": 100, "format": "PNG"},
        {"width": 100, "height": 2000, "format": "BMP"},
    ],
)
def test_a_url_within_the_limits_is_sent_as_it_is(vendor: Vendor, facts: dict) -> None:
    vendor.answers(EMPTY)
    photo = a_photo(address=f"{vendor.url}/a.jpg?size=1&x=ä", **facts)
    an_engine(vendor, platform_token="").find(photo, ALL)
    assert sent_url(vendor) == photo.address
    assert vendor.uploads == []


@pytest.mark.parametrize(
    "facts",
    [
        {"orientation": 6},
        {"format": "WEBP"},
        {"format": "GIF"},
        {"format": "AVIF"},
        {"byte_count": MAX_BYTES + 1},
        {"byte_count": 0},
        {"width": 4001},
        {"height": 2001, "format": "PNG"},
        {"height": 63},
        {"address": ""},
    ],
)
def test_any_other_photo_is_sent_as_an_upright_copy(vendor: Vendor, facts: dict) -> None:
    an_engine(vendor).find(a_photo(**{"address": f"{vendor.url}/a.jpg", **facts}), ALL)
    assert sent_url(vendor) == f"{vendor.url}/files/1.jpg"
    sent = picture(vendor.uploads[0].file())
    assert sent.format == "JPEG"
    assert max(sent.size) <= 4000 and min(sent.size) >= 64


def test_the_copy_has_nothing_but_pixels(vendor: Vendor, images) -> None:
    exif = Image.Exif()
    exif[0x010E] = "a secret"
    stream = io.BytesIO()
    with Image.open(images / "obama-240p.jpg") as file:
        file.save(stream, "JPEG", exif=exif, comment=b"a secret", icc_profile=file.info.get("icc_profile"))
    photo = read_photo(stream.getvalue(), PhotoLimits(10**7, 10**7))
    an_engine(vendor).find(photo, ALL)
    sent = vendor.uploads[0].file()
    assert b"secret" not in sent and b"Exif" not in sent
    assert picture(sent).size == photo.image.size


def test_an_upload_goes_to_the_platform_with_its_own_token(vendor: Vendor) -> None:
    an_engine(vendor, publish=Publisher(vendor)).find(a_photo(), ALL)
    upload = vendor.uploads[0]
    assert (upload.method, upload.path) == ("POST", "/api/v1/files/")
    assert upload.headers["authorization"] == f"Bearer {PLATFORM_TOKEN}"
    assert upload.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert vendor.requests[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_without_a_platform_the_site_publishes_during_the_call(vendor: Vendor) -> None:
    publish = Publisher(vendor)
    finding = an_engine(vendor, platform_token="", publish=publish).find(a_photo(320, 240), ALL)
    assert face_to_wire(finding.faces[0]) == face_in(320, 240)
    assert sent_url(vendor) == f"{vendor.url}/published.jpg"
    assert not publish.is_open
    assert vendor.uploads == []


def test_a_published_photo_is_removed_after_a_failure_too(vendor: Vendor) -> None:
    closed: list[str] = []

    class Watched(Publisher):
        def __call__(self, jpeg: bytes):
            context = super().__call__(jpeg)

            class Watching:
                def __enter__(self):
                    return context.__enter__()

                def __exit__(self, *what):
                    closed.append(what[0].__name__)
                    return None

            return Watching()

    vendor.answers(refusal(403, "used_up", "no"))
    with pytest.raises(HostedError):
        an_engine(vendor, platform_token="", publish=Watched(vendor)).find(a_photo(), ALL)
    assert closed == ["HostedError"]


def test_without_upload_or_public_url_both_settings_are_named(vendor: Vendor) -> None:
    with pytest.raises(HostedError) as caught:
        an_engine(vendor, platform_token="").find(a_photo(), ALL)
    assert caught.value.code == "hosted_handover_missing"
    assert all(word in caught.value.message for word in ("ACEDATA_PLATFORM_TOKEN", "PUBLIC_URL", "embedded engine"))
    assert vendor.connections == 0


def test_if_the_vendor_cannot_fetch_a_url_nothing_else_is_tried(vendor: Vendor) -> None:
    with pytest.raises(HostedError) as caught:
        an_engine(vendor).find(at_address(vendor), ALL)
    assert caught.value.code == "hosted_photo_unreachable"
    assert "Save it and send the file" in caught.value.message
    assert (len(vendor.requests), len(vendor.uploads)) == (1, 0)


@pytest.mark.parametrize(
    "answer",
    [
        answering({}),
        answering({"file_url": None}),
        answering({"file_url": "ftp://a/b.jpg"}),
        answering({"file_url": "/files/1.jpg"}),
        answering({"file_url": "https://"}),
        answering({"file_url": "https://[::1"}),
        answering({"file_url": "https://a/" + "b" * 5000}),
        answering({"file_url": "https://a/\nb"}),
        answering({"file_url": f"https://a/{PLATFORM_TOKEN}"}),
        answering([]),
        head("204 No Content"),
        b"HTTP/1.1 200 OK\r\n\r\n<html>",
    ],
    ids=range(12),
)
def test_an_upload_without_a_file_url_is_reported(vendor: Vendor, answer: bytes) -> None:
    vendor.upload_answers(answer)
    with pytest.raises(HostedError) as caught:
        an_engine(vendor).find(a_photo(), ALL)
    assert caught.value.code == "hosted_handover_failed"
    assert PLATFORM_TOKEN not in caught.value.detail
    assert vendor.requests == []


@pytest.mark.parametrize("key", ["file_url", "url"])
@pytest.mark.parametrize("status", ["200 OK", "201 Created"])
def test_either_name_of_the_file_url_is_read(vendor: Vendor, key: str, status: str) -> None:
    vendor.upload_answers(answering({key: "https://cdn.acedata.example/1.jpg", "success": True}, status))
    vendor.answers(EMPTY)
    an_engine(vendor).find(a_photo(), ALL)
    assert sent_url(vendor) == "https://cdn.acedata.example/1.jpg"


def test_an_upload_that_fails_for_a_moment_is_repeated(vendor: Vendor) -> None:
    vendor.upload_answers(refusal(503, "api_error", "no"), refusal(429, "rate_limited", "no"))
    an_engine(vendor).find(a_photo(), ALL)
    assert (len(vendor.uploads), len(vendor.requests)) == (3, 1)


def test_an_upload_whose_response_was_lost_is_reported(vendor: Vendor) -> None:
    vendor.upload_answers(drop)
    with pytest.raises(HostedError) as caught:
        an_engine(vendor).find(a_photo(), ALL)
    assert caught.value.code == "hosted_answer_lost"
    assert len(vendor.uploads) == 1


def test_the_upload_shares_the_deadline(vendor: Vendor) -> None:
    vendor.upload_answers(dripping(head("200 OK"), b" "))
    with pytest.raises(HostedError) as caught:
        an_engine(vendor, replace(QUICK, seconds=0.4)).find(a_photo(), ALL)
    assert caught.value.code == "hosted_timeout"
    assert vendor.requests == []


def test_errors_of_publishing_are_passed_on(vendor: Vendor) -> None:
    def publish(jpeg: bytes):
        raise StorageError("storage_failed")

    with pytest.raises(StorageError):
        an_engine(vendor, platform_token="", publish=publish).find(a_photo(), ALL)


def test_time_that_publishing_used_up_does_not_count_as_an_outage(vendor: Vendor) -> None:
    class Slow(Publisher):
        def __call__(self, jpeg: bytes):
            vendor.is_over.wait(0.2)
            return super().__call__(jpeg)

    engine = an_engine(vendor, replace(QUICK, seconds=0.1), platform_token="", publish=Slow(vendor))
    for _ in range(6):
        with pytest.raises(HostedError) as caught:
            engine.find(a_photo(), ALL)
        assert caught.value.code == "hosted_timeout"
    assert vendor.requests == []
