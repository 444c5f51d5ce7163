"""Names of chance sent with files: never an answer of 500, and nothing is shown but escaped."""

import re
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from landmarks.models import Result
from tests.photos.bombs import encoded
from tests.properties import tried
from tests.web.conftest import body

BOUNDARY = b"a-boundary"
NAMES = st.one_of(
    st.text(max_size=80).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.binary(max_size=60),
    st.text("<>&\"'/\\.%; =\u202e\x00\r\n", max_size=30).map(str.encode),
)
"""Text of any script, bytes of no encoding, and what means something to some program."""


PHOTO = encoded(Image.new("RGB", (8, 8)), "PNG")


def part(name: bytes, data: bytes) -> bytes:
    head = b'--%b\r\nContent-Disposition: form-data; name="photo"; filename="%b"' % (BOUNDARY, name)
    return b"%b\r\n\r\n%b\r\n" % (head, data)


def sent(client: Client, *files: tuple[bytes, bytes]) -> tuple[int, str]:
    """The status, and the page that comes back or that is led to."""
    content = b"".join(part(*file) for file in files) + b"--%b--\r\n" % BOUNDARY
    response = client.post("/", content, f"multipart/form-data; boundary={BOUNDARY.decode()}", follow=True)
    status = response.redirect_chain[0][1] if response.redirect_chain else response.status_code
    return status, body(response).decode()


def tags(page: str) -> list[str]:
    """What a page is made of; a name that is not escaped would add to it."""
    return re.findall(r"<[a-z/!][^\s>]*", page, re.IGNORECASE)


@pytest.fixture(autouse=True)
def unbounded(settings: LazySettings) -> None:
    """Many are sent within a minute."""
    settings.API_RATE = "off"


@pytest.mark.django_db
def test_names_of_files_that_are_refused(client: Client, models_dir: Path) -> None:
    expected = tags(sent(client, (b"a", b"no photo"), (b"b", b"no photo"))[1])

    @tried(2000)
    @given(NAMES, NAMES)
    def each(one: bytes, other: bytes) -> None:
        status, page = sent(client, (one, b"no photo"), (other, b"no photo"))
        assert status in (400, 415)
        # Without a name it is no file, so there may be less to refuse.
        assert len(tags(page)) <= len(expected)

    each()


VALUES = st.one_of(
    st.text(max_size=40), st.sampled_from(["0", "1", "", "http://", "https://[", "http://a b/", "local"])
)
FIELDS = st.sampled_from(["mode", "need_rotate_detection", "engine", "sample", "image_url", "photo", "regions", "x"])


@pytest.mark.django_db
@tried(1500)
@given(st.lists(st.tuples(FIELDS, VALUES), max_size=6))
def test_fields_of_a_form(client: Client, models_dir: Path, fields: list[tuple[str, str]]) -> None:
    data: dict[str, list[str]] = {}
    for name, value in fields:
        data.setdefault(name, []).append(value.encode(errors="replace").decode())
    assert client.post("/", data).status_code == 400


@pytest.mark.django_db
def test_names_of_photos_that_are_kept(client: Client, models_dir: Path) -> None:
    expected = tags(sent(client, (b"a", PHOTO))[1])

    @tried(150)
    @given(NAMES)
    def each(name: bytes) -> None:
        Result.objects.all().delete()
        status, page = sent(client, (name, PHOTO))
        if status == 400:
            assert "Choose a photo" in page
            return
        result = Result.objects.get()
        assert (status, tags(page)) == (303, expected)
        for address in ("photo?download", "export/json", "export/csv", "overlay.svg"):
            response = client.get(f"/results/{result.pk}/{address}")
            assert response.status_code == 200
            assert body(response)
        assert client.get("/results/").status_code == 200

    each()
