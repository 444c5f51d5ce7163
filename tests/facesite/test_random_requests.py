"""Requests that nobody thought of: each is answered, none with a failure of ours."""

import io
import json
import string
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http.response import HttpResponseBase
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from landmarks.core.schema import REGIONS
from landmarks.engines.registry import ENGINES
from landmarks.models import Result
from tests.addresses import addresses
from tests.properties import tried
from tests.web.conftest import body

FIELDS = ("photo", "image_url", "mode", "need_rotate_detection", "engine", "sample", "compare", "csrfmiddlewaretoken")
QUERY = ("regions", "faces", "face", "labels", "lines", "size", "before", "download", "format")
WORDS = (*(region.name for region in REGIONS), *ENGINES, "auto", "0", "1", "2", "-1", "1.5", "nan", "inf", "1e999", ",")
texts = st.text(max_size=40) | st.sampled_from(WORDS) | st.lists(st.sampled_from(WORDS), max_size=4).map(",".join)
names = st.sampled_from((*FIELDS, *QUERY)) | st.text(max_size=10)
fields = st.dictionaries(names, texts | st.lists(texts, max_size=3), max_size=6)
header_names = st.sampled_from(
    ["Accept", "Accept-Encoding", "Accept-Language", "Cookie", "Content-Type", "Host", "If-Modified-Since", "Origin"]
    + ["If-None-Match", "Range", "Referer", "Transfer-Encoding", "X-Forwarded-For", "X-Request-Id", "X-CSRFToken"]
)
# As a server hands them on: bytes as Latin-1, without line breaks.
header_values = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=60)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture(autouse=True)
def no_bound(settings: LazySettings) -> None:
    settings.API_RATE = "off"


@pytest.fixture
def visitor(client: Client) -> Client:
    """A page for a failure instead of an exception, as a visitor would see it."""
    client.raise_request_exception = False
    return client


@pytest.fixture
def pages(client: Client, images: Path, models_dir: Path, db: None) -> list[str]:
    """Every address, about a result that is there; nothing here deletes."""
    stream = io.BytesIO()
    with Image.open(images / "astronaut.jpg") as image:
        image.resize((128, 128)).save(stream, "JPEG")
    client.post("/", {"photo": SimpleUploadedFile("small.jpg", stream.getvalue())})
    return [address for address in addresses(Result.objects.get().pk) if not address.endswith("delete")]


def check(response: HttpResponseBase) -> None:
    body(response)
    assert response.status_code < 500
    assert response.headers["X-Request-Id"]


@tried(1000)
@given(query=fields, data=st.data())
def test_random_queries(visitor: Client, pages: list[str], query: dict[str, Any], data: st.DataObject) -> None:
    check(visitor.get(data.draw(st.sampled_from(pages)), query))


@tried(2000)
@given(form=fields, is_multipart=st.booleans())
def test_random_fields_of_the_form(visitor: Client, db: None, form: dict[str, Any], is_multipart: bool) -> None:
    form = {name: value for name, value in form.items() if name not in ("image_url", "sample")}
    if is_multipart:
        check(visitor.post("/", form))
    else:
        check(visitor.post("/", urlencoded(form), content_type="application/x-www-form-urlencoded"))


def urlencoded(form: dict[str, Any]) -> str:
    return urlencode(form, doseq=True, errors="surrogatepass")


@tried(1000)
@given(headers=st.dictionaries(header_names, header_values, max_size=4), data=st.data())
def test_random_headers(visitor: Client, pages: list[str], headers: dict[str, str], data: st.DataObject) -> None:
    method = data.draw(st.sampled_from(["get", "head", "options"]))
    check(getattr(visitor, method)(data.draw(st.sampled_from(pages)), headers=headers))


@tried(2000)
@given(sent=st.binary(max_size=200) | json_values.map(lambda value: json.dumps(value).encode()), data=st.data())
def test_random_bodies(visitor: Client, pages: list[str], sent: bytes, data: st.DataObject) -> None:
    kinds = ["application/json", "text/plain", "multipart/form-data; boundary=b", "multipart/form-data", ""]
    content_type = data.draw(st.sampled_from([*kinds, "application/x-www-form-urlencoded"]))
    check(visitor.post(data.draw(st.sampled_from(pages)), sent, content_type=content_type))


parts = st.lists(
    st.tuples(
        st.sampled_from([*FIELDS, ""]),
        st.text(max_size=30),
        st.text(string.printable, max_size=20),
        st.binary(max_size=60),
    ),
    max_size=4,
)


@tried(1000)
@given(parts=parts, end=st.sampled_from([b"--b--\r\n", b"--b", b"", b"\r\n--b--"]))
def test_random_files_with_random_names(visitor: Client, db: None, parts: list[Any], end: bytes) -> None:
    head = '--b\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\nContent-Type: %s\r\n\r\n'
    content = b"".join(
        (head % (field, name, kind)).encode(errors="replace") + sent + b"\r\n" for field, name, kind, sent in parts
    )
    check(visitor.post("/", content + end, content_type="multipart/form-data; boundary=b"))


@tried(1000)
@given(path=st.text(max_size=60))
def test_random_paths(visitor: Client, path: str) -> None:
    check(visitor.get("/" + quote(path, errors="replace")))
