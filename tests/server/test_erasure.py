"""Erased means erased: of a deleted result no file of a running site has anything left, and of a crash neither."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
import requests

from tests.conftest import BASE_DIR
from tests.patience import PATIENCE
from tests.server.test_serve import Server, environment, serving

NAME, NOTE = "żółwiątko.jpg", "ein Geheimnis über jemanden"
IN_INDEX = [text.encode() for text in ("żół", "ółw", "łwi", "wią", "ątk")]
"""Three letters each, as the search index has them; letters that take two bytes do not occur by chance."""
SAMPLES = 8
"""Of the bytes of each picture."""
SAMPLE_BYTES = 48

pytestmark = pytest.mark.skipif("DATABASE_URL" in os.environ, reason="the files of SQLite are searched")


class Visitor(requests.Session):
    """A browser at a running site."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self.trust_env = False
        self.address = server.address

    def send(self, request: requests.PreparedRequest, **options: object) -> requests.Response:
        response = super().send(request, **{**options, "timeout": PATIENCE})  # type: ignore[arg-type]
        assert response.status_code < 400, response.text
        return response

    def act(self, path: str, photo: tuple[str, bytes] | None = None, **fields: str) -> str:
        """Send a form; where it leads to."""
        self.get(self.address)
        form = {"csrfmiddlewaretoken": self.cookies["csrftoken"], **fields}
        files = {"photo": photo} if photo else None
        answer = self.post(self.address + path, form, files=files, allow_redirects=False)
        return answer.headers["Location"]


def samples(path: Path) -> list[bytes]:
    content = path.read_bytes()
    step = len(content) // (SAMPLES + 1)
    return [content[step * number : step * number + SAMPLE_BYTES] for number in range(1, SAMPLES + 1)]


def traces(data: Path, needles: list[bytes]) -> dict[str, set[str]]:
    """Files that contain one of the needles, with those that they contain."""
    found = {}
    for path in data.rglob("*"):
        try:
            content = path.read_bytes() if path.is_file() else b""
        except FileNotFoundError:
            continue
        if here := {repr(needle[:20]) for needle in needles if needle in content or needle in str(path).encode()}:
            found[str(path.relative_to(data))] = here
    return found


def needles_of(data: Path) -> list[bytes]:
    """Everything by which the result with that name could be known again; ids as SQLite and as files have them."""
    with closing(sqlite3.connect(f"file:{data / 'facesite.sqlite3'}?mode=ro", uri=True)) as database:
        query = """SELECT result.id, photo.id, photo.digest, photo.file, result.thumbnail
            FROM landmarks_result AS result JOIN landmarks_photo AS photo ON photo.id = photo_id
            WHERE result.name = ?"""
        id, photo_id, digest, *files = database.execute(query, [NAME]).fetchone()
    texts = [NAME, NOTE, id, photo_id, digest, *(Path(name).stem for name in files)]
    pictures = [sample for name in files for sample in samples(data / "media" / name)]
    return [text.encode() for text in texts] + pictures + IN_INDEX


def wait_until_erased(data: Path, needles: list[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while found := traces(data, needles):
        assert time.monotonic() < end, found
        time.sleep(0.5)


def fill(visitor: Visitor, images: Path) -> str:
    """Three results, of which the second has the name and the note; its path."""
    visitor.act("/", ("first.jpg", (images / "rocket.jpg").read_bytes()))
    path = visitor.act("/", (NAME, (images / "astronaut.jpg").read_bytes()))
    visitor.act(f"{path}describe", name=NAME, note=NOTE)
    visitor.act("/", ("last.jpg", (images / "two_people.jpg").read_bytes()))
    return path


@pytest.mark.slow
def test_nothing_is_left_of_a_deleted_result(tmp_path: Path, models_dir: Path, images: Path) -> None:
    data = tmp_path / "data"
    with serving(data, models_dir, MIN_FREE_MB="0") as server:
        visitor = Visitor(server)
        path = fill(visitor, images)
        needles = needles_of(data)
        before = traces(data, needles)
        assert set.union(*before.values()) == {repr(needle[:20]) for needle in needles}
        visitor.act(f"{path}delete")
        wait_until_erased(data, needles)
        assert visitor.get(f"{server.address}/results/?words=last").text.count("last.jpg")
        # Nor does anything come back when the journal is merged into the database.
        assert server.stop(signal.SIGINT)[0] == 0
    assert traces(data, needles) == {}


@pytest.mark.slow
def test_nothing_is_left_when_the_site_is_killed_in_the_middle(tmp_path: Path, models_dir: Path, images: Path) -> None:
    """Rows are gone, files, index and journal not yet; the files are older than those of photos under way."""
    data = tmp_path / "data"
    with serving(data, models_dir, MIN_FREE_MB="0") as server:
        fill(Visitor(server), images)
        needles = needles_of(data)
        kill_group(server)
    delete_rows(data, models_dir)
    for path in (data / "media").rglob("*.jpg"):
        os.utime(path, (time.time() - 3600, time.time() - 3600))
    assert traces(data, needles)
    with serving(data, models_dir, MIN_FREE_MB="0"):
        wait_until_erased(data, needles)
        assert len(list((data / "media").rglob("*.jpg"))) == 4


def kill_group(server: Server) -> None:
    """The server and its workers, without a chance to do anything more."""
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    for process in (str(server.process.pid), *children):
        os.kill(int(process), 9)
    server.process.wait(PATIENCE)


DELETE = f"""
import os
import django
django.setup()
from landmarks.models import Result
from landmarks.storage import deletion, files
files.delete = lambda *names: os._exit(0)
deletion.delete(Result.objects.get(name={NAME!r}))
"""
"""Ends where the rows are deleted and the files are next."""


def delete_rows(data: Path, models_dir: Path) -> None:
    given = environment(data, models_dir, DJANGO_SETTINGS_MODULE="facesite.settings")
    subprocess.run([sys.executable, "-c", DELETE], cwd=BASE_DIR, env=given, check=True, timeout=PATIENCE)  # noqa: S603
