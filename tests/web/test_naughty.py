"""The big list of naughty strings as names and addresses: kept, shown and exported unharmed, and nothing else happens.

Where names and notes are searched, each of these strings must be found again by itself.
"""

import csv
import html
import io
import json
import os
import random
import re
import socket
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from unicodedata import category
from urllib.parse import unquote, urljoin

import pytest
from django.conf import LazySettings
from django.test import Client
from PIL import Image

from landmarks.core.names import composed
from landmarks.core.text import clean_line
from landmarks.models import Result
from tests.web.conftest import Submit, body

AT_ONCE = 30
SAMPLE = 90
"""Strings that are names in each run, others each time; all 500 take half a minute."""
MARKUP = set("<>&\"'{}%")
"""What a page or a template might take for its own."""
LONGEST = 255
FORMULA = re.compile(r"(^\s*|[;\t\r\n]\s*)([=+\-@＝＋－＠])")
DISPOSITION = re.compile(r"""attachment; filename(?:="(?P<plain>(?:[^"\\]|\\.)*)"|\*=utf-8''(?P<encoded>[^"; ]+))""")


class Skeleton(HTMLParser):
    """The tags of a page with the names of their attributes, its texts, and what its fields hold."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, ...]] = []
        self.texts: list[str] = []
        self.values: dict[str | None, str | None] = {}
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # Fields that were refused are marked and have the focus.
        self.tags.append((tag, *(name for name, _ in attrs if not name.startswith(("aria-", "autofocus")))))
        if tag == "input":
            self.values[dict(attrs).get("name")] = dict(attrs).get("value")

    def handle_data(self, data: str) -> None:
        self.texts.append(data.strip())


@pytest.fixture(scope="module")
def strings(shared: Path) -> list[str]:
    return list(dict.fromkeys(json.loads((shared / "data/hostile/blns.json").read_text())))


@pytest.fixture(autouse=True)
def without_bounds(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.API_RATE = "off"

    def nowhere(host: str, *args: object, **options: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "no such host")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)


def as_a_browser_sends(name: str) -> bytes:
    for character, sent in (('"', "%22"), ("\r", "%0D"), ("\n", "%0A")):
        name = name.replace(character, sent)
    return name.encode(errors="replace")


def expected(name: str) -> str:
    """What is left of a name: nothing before a stroke, nothing that cannot be seen, entities read, single spaces."""
    sent = as_a_browser_sends(name).decode().replace("\\\\", "\\")
    last = html.unescape(sent).rsplit("/")[-1].rsplit("\\")[-1]
    seen = composed(clean_line("".join(each for each in last if category(each) not in ("Cn", "Co"))))
    return "" if seen in ("", ".", "..") else clean_line(seen.replace("%22", '"')[:LONGEST])


def form(names: list[str], photo: bytes) -> bytes:
    head = b'--b\r\nContent-Disposition: form-data; name="photo"; filename="%s"\r\nContent-Type: image/jpeg\r\n\r\n'
    return b"".join(head % as_a_browser_sends(name) + photo + b"\r\n" for name in names) + b"--b--\r\n"


def small_face(images: Path) -> bytes:
    stream = io.BytesIO()
    with Image.open(images / "astronaut.jpg") as image:
        image.resize((256, 256)).save(stream, "JPEG")
    return stream.getvalue()


@pytest.fixture(params=[SAMPLE, pytest.param(None, marks=pytest.mark.slow)], ids=["some", "all"])
def names(request: pytest.FixtureRequest, strings: list[str]) -> list[str]:
    """Strings of which something is left as a name."""
    every = [name for name in strings if expected(name)]
    return random.sample(every, request.param) if request.param else every


@pytest.fixture
def named(client: Client, submit: Submit, images: Path, names: list[str]) -> dict[str, Result]:
    """A result for every name, sent as browsers do, many in each form."""
    photo = small_face(images)
    client.get("/")
    for first in range(0, len(names), AT_ONCE):
        content = form(names[first : first + AT_ONCE], photo)
        assert client.post("/", content, content_type="multipart/form-data; boundary=b").status_code == 303
    return {result.name: result for result in Result.objects.all()}


def test_as_names_they_are_kept_shown_and_exported_unharmed(
    client: Client, named: dict[str, Result], names: list[str], submit: Submit
) -> None:
    assert set(named) == set(map(expected, names))
    shown = {text for page in pages(client) for text in Skeleton(page).texts}
    assert {name.strip() for name in named} <= shown
    submit("obama-240p.jpg")
    plain = Skeleton(client.get(f"/results/{Result.objects.newest_first()[0].pk}/").content.decode())
    for name, result in named.items():
        check_exports(client, result)
        if not MARKUP.intersection(name):
            continue
        page = Skeleton(client.get(f"/results/{result.pk}/").content.decode())
        assert kinds(page) == kinds(plain), name
        assert name.strip() in page.texts, name


def kinds(page: Skeleton) -> set[tuple[str, ...]]:
    """Kinds of tags; their number differs with the place in the history."""
    return {tag for tag in page.tags if tag[0] in ("script", "img", "form", "input", "iframe", "svg", "style", "link")}


def check_exports(client: Client, result: Result) -> None:
    answer = client.get(f"/results/{result.pk}/export/csv")
    (source,) = {row["source"] for row in csv.DictReader(io.StringIO(body(answer).decode(), newline=""))}
    assert FORMULA.sub(r"\1'\2", result.name) == source
    assert not FORMULA.search(source)
    header = answer.headers["Content-Disposition"]
    found = DISPOSITION.fullmatch(header)
    assert found, header
    saved = unquote(found["encoded"]) if found["encoded"] else re.sub(r"\\(.)", r"\1", found["plain"])
    assert saved.endswith(".csv")
    assert "/" not in saved and "\\" not in saved
    assert clean_line(saved) == saved  # nothing invisible but what is part of an emoji
    assert os.path.basename(saved) == saved


def pages(client: Client) -> Iterator[str]:
    address = "/results/"
    while address:
        page = client.get(address).content.decode()
        yield page
        older = re.search(r'href="([^"]+)"[^>]*rel="next"|rel="next"[^>]*href="([^"]+)"', page)
        address = urljoin("/results/", html.unescape(older[1] or older[2])) if older else ""


def test_as_addresses_they_are_refused_and_come_back_as_typed(client: Client, strings: list[str], db: None) -> None:
    plain = Skeleton(client.post("/", {"image_url": "plain"}).content.decode())
    for address in strings:
        response = client.post("/", {"image_url": address})
        assert response.status_code == 400, address
        page = Skeleton(response.content.decode())
        assert kinds(page) == kinds(plain), address
        assert page.values["image_url"] == address, address
    assert not Result.objects.exists()
