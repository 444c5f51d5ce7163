"""Hostile and odd files sent to a running site through every door: each ends as it must, soon, and harms nothing."""

import html
import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests
from PIL import Image

from tests.api.servers import make_token
from tests.conftest import BASE_DIR, SHARED
from tests.net.servers import RawServer, ok, running
from tests.patience import PATIENCE
from tests.photos.bombs import (
    bmp_of_short_rows,
    encoded,
    gif_of_comments,
    jpeg_of_empty_segments,
    jpeg_of_scans,
    png_of_empty_chunks,
)
from tests.processes import family, processor_seconds, resident_at_most
from tests.server import test_serve
from tests.server.test_serve import Server, environment, serving

HOSTILE = SHARED / "data" / "hostile"
SECONDS = 10
"""Of the processors, for one file."""
MEGABYTE = 2**20
MEMORY = 600 * MEGABYTE
BOUNDARY = "a-boundary"


@dataclass(frozen=True)
class Outcome:
    """What came of a file: how many faces, or why it was refused."""

    faces: int | None
    reason: str
    seconds: float

    @property
    def name(self) -> str:
        return "clear error" if self.faces is None else "works"


def form(*parts: tuple[str, bytes]) -> dict[str, Any]:
    """How it is posted; each part is what its Content-Disposition says behind form-data, and its content."""
    body = b"".join(
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode("utf-8", "surrogatepass")
        + content
        + b"\r\n"
        for head, content in parts
    )
    return {
        "data": body + f"--{BOUNDARY}--\r\n".encode(),
        "headers": {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"},
        "allow_redirects": False,
    }


class Visitor:
    """A browser without scripts, which sends what it is told to byte by byte."""

    def __init__(self, site: Server, files: RawServer, token: str) -> None:
        self.site, self.files = site, files
        self.authorization = f"Bearer {token}"
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.get(f"{site.address}/", timeout=PATIENCE)

    def processor_seconds(self) -> float:
        return processor_seconds(self.site.process.pid)

    def post(self, *parts: tuple[str, bytes]) -> Outcome:
        token = ('name="csrfmiddlewaretoken"', self.session.cookies["csrftoken"].encode())
        began = self.processor_seconds()
        answer = self.session.post(f"{self.site.address}/", timeout=PATIENCE, **form(token, *parts))
        return self.judged(answer, self.processor_seconds() - began)

    def post_as_program(self, *parts: tuple[str, bytes]) -> Outcome:
        sent = form(*parts)
        sent["headers"]["Authorization"] = self.authorization
        began = self.processor_seconds()
        answer = requests.post(f"{self.site.address}/api/results", timeout=PATIENCE, **sent)
        seconds, said = self.processor_seconds() - began, answer.json()
        if answer.status_code == 201:
            return Outcome(len(said["faces"]), "", seconds)
        assert 400 <= answer.status_code < 500, said
        return Outcome(None, said["error"]["message"], seconds)

    def page_of(self, *parts: tuple[str, bytes]) -> str:
        token = ('name="csrfmiddlewaretoken"', self.session.cookies["csrftoken"].encode())
        answer = self.session.post(f"{self.site.address}/", timeout=PATIENCE, **form(token, *parts))
        return self.site.address + answer.headers["Location"]

    def judged(self, answer: requests.Response, seconds: float) -> Outcome:
        if answer.status_code != 303:
            assert 400 <= answer.status_code < 500, answer.text
            (reasons,) = re.findall(r'<ul class="errors".*?</ul>', answer.text, re.DOTALL)
            return Outcome(None, html.unescape(re.sub(r"<.*?>|\s+", " ", reasons)).strip(), seconds)
        page = self.site.address + answer.headers["Location"]
        shown = self.session.get(page, timeout=PATIENCE)
        assert shown.status_code == 200
        return Outcome(
            len(self.session.get(f"{page}export/json", timeout=PATIENCE).json()["face_shape_set"]), "", seconds
        )


def photo_part(entry: dict[str, Any]) -> tuple[str, bytes]:
    # As browsers write a name within quotes (the standard for multipart forms).
    name = entry.get("upload_name", Path(entry["file"]).name).replace('"', "%22")
    return f'name="photo"; filename="{name}"', (HOSTILE / entry["file"]).read_bytes()


def by_upload(visitor: Visitor, entry: dict[str, Any]) -> Outcome:
    return visitor.post(photo_part(entry))


def by_program(visitor: Visitor, entry: dict[str, Any]) -> Outcome:
    return visitor.post_as_program(photo_part(entry))


def by_address(visitor: Visitor, entry: dict[str, Any]) -> Outcome:
    address = visitor.files.answer(f"/{quote(entry['file'])}", ok((HOSTILE / entry["file"]).read_bytes()))
    return visitor.post(('name="image_url"', address.encode()))


DOORS: dict[str, Callable[[Visitor, dict[str, Any]], Outcome]] = {
    "upload": by_upload,
    "address": by_address,
    "program": by_program,
}


def entries() -> list[Any]:
    if not HOSTILE.exists():
        return [pytest.param({}, "upload", id="none")]
    listed = json.loads((HOSTILE / "hostile.json").read_text())
    return [
        pytest.param(entry, door, id=f"{entry.get('upload_name', entry['file'])[:40]!a} by {door}")
        for entry in listed
        for door in DOORS
        if door != "address" or "upload_name" not in entry
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile") / "data"


@contextmanager
def watched(folder: Path, models_dir: Path) -> Iterator[Server]:
    """A site that must be the same process afterwards, no larger than it may be, with nothing to complain of.

    It takes its time, so that no photo is refused because the machine is busy.
    """
    limits = {"FETCH_ALLOW_NETWORKS": "127.0.0.1/32", "API_RATE": "100000/min"}
    patch = pytest.MonkeyPatch()
    patch.setattr(test_serve, "command", lambda *args: [sys.executable, "-m", "tests.patient", "serve", *args])
    with serving(folder, models_dir, **limits) as server:
        patch.undo()
        yield server
        assert server.process.poll() is None
        sizes = {pid: resident_at_most(pid) for pid in family(server.process.pid)}
        status, said = server.stop(signal.SIGINT)
    assert (status, "Traceback" in said) == (0, False), said
    assert max(sizes.values()) < MEMORY, sizes


@pytest.fixture(scope="module")
def site(folder: Path, models_dir: Path) -> Iterator[Server]:
    with watched(folder, models_dir) as server:
        yield server


@pytest.fixture(scope="module")
def visitor(site: Server, folder: Path) -> Iterator[Visitor]:
    with running(RawServer()) as files:
        visitor = Visitor(site, files, make_token(folder, "hostile", "--rate", "off"))
        yield visitor
        visitor.session.close()


def slow(*values: object) -> Any:
    return pytest.param(*values, marks=pytest.mark.slow)


def judge(entry: dict[str, Any], outcome: Outcome) -> None:
    assert outcome.name == entry["expected"] or outcome.name in entry.get("also_ok", ""), outcome.reason
    assert outcome.seconds < SECONDS
    if outcome.faces is None:
        assert outcome.reason.endswith(".")
    elif entry.get("n_faces") is not None:
        assert outcome.faces == entry["n_faces"]


@pytest.mark.parametrize(("entry", "door"), entries())
@pytest.mark.usefixtures("shared")
def test_ends_as_expected_through_every_entry_point(visitor: Visitor, entry: dict[str, Any], door: str) -> None:
    judge(entry, DOORS[door](visitor, entry))


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: jpeg_of_empty_segments(19 * MEGABYTE), "more than 1,000 segments"),
        (lambda: gif_of_comments(19 * MEGABYTE), "takes too long|more memory"),
        (lambda: jpeg_of_scans(Image.new("L", (7700, 7700)), 60), "more than 50 scans"),
        # A fast machine is done with it just in time.
        slow(lambda: bmp_of_short_rows(7700, 7700), "takes too long|^$"),
        slow(lambda: encoded(Image.new("RGB", (7700, 7700)), "WEBP"), "a lot of memory"),
        slow(
            lambda: encoded(Image.new("RGB", (7700, 7700)), "JPEG", progressive=True, subsampling="4:4:4"),
            "a lot of memory",
        ),
    ],
    ids=["segments", "comments", "scans", "short rows", "WebP", "progressive"],
)
def test_a_small_file_that_costs_much_ends_soon(visitor: Visitor, make: Callable[[], bytes], reason: str) -> None:
    outcome = visitor.post(('name="photo"; filename="bomb"', make()))
    assert re.search(reason, outcome.reason)
    assert outcome.seconds < SECONDS


def test_a_photo_of_many_empty_chunks_is_taken(visitor: Visitor) -> None:
    outcome = visitor.post(('name="photo"; filename="chunks"', png_of_empty_chunks(2 * MEGABYTE)))
    assert (outcome.faces, outcome.reason) == (0, "")


def test_ends_as_expected_on_the_command_line(shared: Path, models_dir: Path, tmp_path: Path) -> None:
    listed = json.loads((HOSTILE / "hostile.json").read_text())
    entry_of = {str(HOSTILE / entry["file"]): entry for entry in listed if "upload_name" not in entry}
    command = [sys.executable, "-W", "ignore", "manage.py", "analyze", "--jsonl", "-", *entry_of]
    lines = 0
    with (
        (tmp_path / "said").open("w+") as said,
        subprocess.Popen(
            command, cwd=BASE_DIR, env=environment(tmp_path, models_dir), stdout=subprocess.PIPE, stderr=said, text=True
        ) as process,
    ):
        assert process.stdout
        began = 0.0
        for line in process.stdout:
            answer, now = json.loads(line), processor_seconds(process.pid)
            error = answer.get("error", {}).get("message", "")
            judge(
                entry_of[answer["source"]],
                Outcome(None if error else len(answer["face_shape_set"]), error, now - began),
            )
            began, lines = now, lines + 1
        assert process.wait() == 1
        said.seek(0)
        assert "Traceback" not in said.read()
    assert lines == len(entry_of)


def test_no_redirect_leads_the_site_inside(visitor: Visitor, bad_server: str) -> None:
    paths = visitor.session.get(f"{bad_server}/", timeout=PATIENCE).text.split()
    for path in {path for path in paths if path.startswith("/redirect")} - {"/redirect-slow"}:
        outcome = visitor.post(('name="image_url"', f"{bad_server}{path}".encode()))
        assert (outcome.name == "works") == (path in ("/redirect-to-ok", "/redirect-chain/", "/redirect-body-huge")), (
            path
        )
    log = visitor.session.get(f"{bad_server}/_log", timeout=PATIENCE).json()
    assert len(log) > 20
    assert not [request for request in log if request["inside"]]
