"""Full disks and locked databases: reported, nothing lost, and over when the cause is."""

import errno
import html
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import requests
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.db import connection
from django.test import Client
from pytest_django.asserts import assertContains

from landmarks.models import Photo, Result
from tests.conftest import missing
from tests.patience import PATIENCE
from tests.server import test_serve
from tests.server.test_serve import Server, serving
from tests.web.conftest import submit_from

DISK = "26m"
SENTENCE = "its disk may be full or its database locked"
FULL = "disk is full, so it takes no photos right now"
RESULT = re.compile(r"/results/[0-9a-f-]{36}/")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, which can be filled without harm to others."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)]
    if os.getuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        missing("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S607


def fill(disk: Path) -> Path:
    """Take all that is left; the file to remove when it shall be free again."""
    filler = disk / "filler"
    file = os.open(filler, os.O_CREAT | os.O_WRONLY)
    try:
        while True:
            os.write(file, bytes(4096))
    except OSError as exc:
        assert exc.errno == errno.ENOSPC
    finally:
        os.close(file)
    return filler


class Visitor:
    """A browser at a running `serve`."""

    def __init__(self, server: Server, photo: Path) -> None:
        self.server, self.photo = server, photo
        self.session = requests.Session()
        self.session.trust_env = False

    def get(self, path: str) -> requests.Response:
        return self.session.get(self.server.address + path, timeout=PATIENCE)

    def post(self, path: str, photo: Path | None = None, **fields: str) -> requests.Response:
        self.get("/")
        form = {"csrfmiddlewaretoken": self.session.cookies["csrftoken"], **fields}
        files = {"photo": photo.read_bytes()} if photo else None
        return self.session.post(self.server.address + path, form, files=files, timeout=PATIENCE, allow_redirects=False)

    def submit(self) -> requests.Response:
        return self.post("/", self.photo)

    def history(self) -> set[str]:
        answer = self.get("/results/")
        assert answer.status_code == 200
        return set(RESULT.findall(answer.text))

    def check_refused(self, sentence: str = SENTENCE) -> None:
        answer = self.submit()
        assert answer.status_code == 503
        assert html.unescape(answer.text).count(sentence) == 1
        assert int(answer.headers["Retry-After"]) > 0


def kept_files(data: Path) -> set[Path]:
    return {path for path in (data / "media").rglob("*") if path.is_file()}


def test_a_full_disk_is_reported_until_there_is_space_again(small_disk: Path, models_dir: Path, images: Path) -> None:
    data = small_disk / "data"
    with serving(data, models_dir, MIN_FREE_MB="0") as server:
        visitor = Visitor(server, images / "astronaut.jpg")
        assert visitor.submit().status_code == 303
        kept, files = visitor.history(), kept_files(data)
        filler = fill(small_disk)
        visitor.check_refused(FULL)
        assert visitor.get("/").status_code == 200
        assert visitor.history() == kept
        assert kept_files(data) == files
        filler.unlink()
        assert visitor.submit().status_code == 303
        assert len(visitor.history()) == 2
        assert "Traceback" not in server.stop(test_serve.signal.SIGINT)[1]


def test_photos_leave_a_reserve_of_the_disk_to_everything_else(
    small_disk: Path, models_dir: Path, images: Path
) -> None:
    """Pages, exports, deletions and their undoing go on; nothing is fetched or decoded for a photo without a place."""
    with serving(small_disk / "data", models_dir, MIN_FREE_MB="12") as server:
        visitor = Visitor(server, images / "astronaut.jpg")
        assert visitor.submit().status_code == 303
        (result,) = visitor.history()
        (small_disk / "filler").write_bytes(bytes(6 * 2**20))
        visitor.check_refused(FULL)
        again = visitor.post(f"{result}again", engine="local")
        assert again.status_code == 503
        for path in ("", "photo", "overlay.png", "export/csv"):
            assert visitor.get(result + path).status_code == 200
        assert visitor.post(f"{result}delete").status_code == 303
        assert visitor.history() == set()
        assert visitor.post(f"{result}restore").status_code == 303
        assert visitor.history() == {result}
        (small_disk / "filler").unlink()
        assert visitor.submit().status_code == 303


@contextmanager
def read_only(data: Path) -> Iterator[None]:
    """Nothing in the data folder can be written, as when the folder was given to somebody else."""
    rights = {path: path.stat().st_mode for path in (data, *data.rglob("*"))}
    for path, mode in rights.items():
        path.chmod(mode & ~0o222)
    yield
    for path, mode in rights.items():
        path.chmod(mode)


@pytest.fixture
def obedient(monkeypatch: pytest.MonkeyPatch) -> None:
    """`serve` without root's right to write where nobody may."""
    if os.getuid() != 0:
        return
    if not shutil.which("setpriv"):
        missing("setpriv is not installed")
    command = test_serve.command
    without = ["setpriv", "--bounding-set", "-dac_override"]
    monkeypatch.setattr(test_serve, "command", lambda *args: [*without, *command(*args)])


@pytest.mark.usefixtures("obedient")
def test_what_is_kept_can_be_seen_while_nothing_can_be_written(tmp_path: Path, models_dir: Path, images: Path) -> None:
    data = tmp_path / "data"
    # Rights count when a file is opened, so a connection from before could still write.
    database = f"sqlite:///{data}/facesite.sqlite3?conn_max_age=0"
    with serving(data, models_dir, DATABASE_URL=database) as server:
        visitor = Visitor(server, images / "astronaut.jpg")
        assert visitor.submit().status_code == 303
        (result,) = visitor.history()
        with read_only(data):
            visitor.check_refused()
            assert visitor.get("/").status_code == visitor.get("/healthz").status_code == 200
            parts = visitor.get("/readyz").json()
            assert (parts["database"], parts["storage"], parts["engine"]) == (False, False, True)
            assert visitor.history() == {result}
            for path in ("", "photo", "thumbnail", "overlay.png", "overlay.svg", "export/json", "export/csv"):
                assert visitor.get(result + path).status_code == 200
            assert visitor.post(f"{result}delete").headers["Location"] == result
            assert SENTENCE in visitor.get(result).text
        assert visitor.submit().status_code == 303
        assert len(visitor.history()) == 2
        assert visitor.post(f"{result}delete").headers["Location"] == "/results/"
        assert "Traceback" not in server.stop(test_serve.signal.SIGINT)[1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite is locked as a whole")
def test_a_locked_database_is_reported_until_it_is_unlocked(client: Client, images: Path, models_dir: Path) -> None:
    submit = submit_from(client, images)
    assert submit("astronaut.jpg").status_code == 303
    result = Result.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        response = submit("astronaut.jpg")
        assertContains(response, SENTENCE, status_code=503)
        assert response.headers["Retry-After"] == "30"
        response = client.post(
            f"/results/{result.pk}/again", {"engine": "local"}, headers={"Accept": "application/json"}
        )
        assert (response.status_code, response.json()["error"]["code"]) == (503, "storage_failed")
        assert client.get("/results/").status_code == client.get(f"/results/{result.pk}/").status_code == 200
        other.execute("ROLLBACK")
    assert submit("astronaut.jpg").status_code == 303
    assert (Result.objects.count(), Photo.objects.count()) == (2, 1)
    connection.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="a table of SQLite is hidden")
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_database_that_cannot_be_read_is_reported(client: Client, accept: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE landmarks_owner RENAME TO hidden")
        try:
            client.get("/")
            response = client.get("/results/", headers={"Accept": accept})
        finally:
            cursor.execute("ALTER TABLE hidden RENAME TO landmarks_owner")
    assertContains(response, SENTENCE, status_code=503)
    assert response.headers["Content-Type"].startswith(accept)
    assert response.headers["Retry-After"] == "30"


class FullDisk(MemoryFileUploadHandler):
    """Keeps what is received on a disk that has no room."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.django_db
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_full_disk_during_an_upload_is_reported(client: Client, settings: LazySettings, accept: str) -> None:
    settings.FILE_UPLOAD_HANDLERS = [f"{__name__}.FullDisk"]
    photo = SimpleUploadedFile("photo.jpg", bytes(1000))
    response = client.post("/", {"photo": photo}, headers={"Accept": accept})
    assertContains(response, "so it takes no photos right now", status_code=503)
    assert response.headers["Content-Type"].startswith(accept)
