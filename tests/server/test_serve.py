"""`manage.py serve`, started for real: what it makes, what it says and how it stops."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from threading import Event, Semaphore, Timer
from urllib.parse import urlsplit

import pytest
import requests
from django.conf import LazySettings

from landmarks.runtime.concurrency import MAX_THREADS, TEMPORARY_LINKS
from landmarks.server.response_task import is_believed
from tests.conftest import BASE_DIR
from tests.patience import PATIENCE
from tests.vendor import TOKEN, Request, Vendor, analysis, answering, face_in

READY = "facesite is ready at "
RUNTIME = "INFO: Created TensorFlow Lite"
"""The mesh's runtime writes to standard error, which cannot be turned off."""


@dataclass(frozen=True)
class Server:
    """A running `serve`: its address and what it had printed when it was ready."""

    process: subprocess.Popen[str]
    address: str
    output: list[str]

    @property
    def port(self) -> int:
        return int(self.address.rsplit(":", 1)[1])

    def get(self, path: str, **headers: str) -> requests.Response:
        with requests.Session() as session:
            session.trust_env = False
            return session.get(f"{self.address}{path}", headers=headers, timeout=PATIENCE, allow_redirects=False)

    def stop(self, by: signal.Signals) -> tuple[int, str]:
        """Its exit status and what it still printed."""
        self.process.send_signal(by)
        rest, _ = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, rest


def environment(data_dir: Path, models_dir: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name.startswith(("PATH", "HOME", "LANG", "PIP_"))}
    return {**kept, "DATA_DIR": str(data_dir), "MODELS_DIR": str(models_dir), **more}


def command(*args: str) -> list[str]:
    return [sys.executable, "manage.py", "serve", *args]


@contextmanager
def serving(data_dir: Path, models_dir: Path, *args: str, **more: str) -> Iterator[Server]:
    process = subprocess.Popen(  # noqa: S603
        command("--port", "0", *args),
        cwd=BASE_DIR,
        env=environment(data_dir, models_dir, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    watchdog = Timer(PATIENCE, process.kill)
    watchdog.start()
    with process:
        try:
            output = read_until_ready(process)
            watchdog.cancel()
            yield Server(process, output[-1].removeprefix(READY).split("/ ")[0], output)
        finally:
            watchdog.cancel()
            if process.poll() is None:
                process.kill()


def read_until_ready(process: subprocess.Popen[str]) -> list[str]:
    output: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        if not line.startswith(RUNTIME):
            output.append(line.rstrip("\n"))
        if line.startswith(READY):
            return output
    pytest.fail("serve ended before it was ready:\n" + "\n".join(output))


def fail(data_dir: Path, models_dir: Path, *args: str, **more: str) -> str:
    """What a start that must fail says; one sentence or two, and no traceback."""
    done = subprocess.run(  # noqa: S603
        command(*args),
        cwd=BASE_DIR,
        env=environment(data_dir, models_dir, **more),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr


def what_is_there(folder: Path) -> dict[str, int]:
    """Every file below with the time of its last change; SQLite's side files come and go."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-wal", "-shm")))
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in files}


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Path:
    """A data folder in which `serve` has run once."""
    folder = tmp_path_factory.mktemp("serve") / "data"
    with serving(folder, models_dir) as running:
        assert running.stop(signal.SIGINT) == (0, "")
    return folder


def test_a_first_start_makes_what_is_missing(tmp_path: Path, models_dir: Path) -> None:
    folder = tmp_path / "new" / "data"
    with serving(folder, models_dir) as running:
        assert running.get("/readyz").json()["problems"] == []
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "secret_key").stat().st_mode & 0o777 == 0o600
    assert {"facesite.sqlite3", "secret_key", "static", "static.sha256"} <= {path.name for path in folder.iterdir()}


def test_the_first_page_finds_its_static_files(data_dir: Path, models_dir: Path) -> None:
    with serving(data_dir, models_dir) as running:
        page = running.get("/")
        assert page.status_code == 200
        files = re.findall(r'"(/static/(?:css|js)/[^"]+)"', page.text)
        assert {Path(file).suffix for file in files} == {".css", ".js"}
        assert all("immutable" in running.get(file).headers["Cache-Control"] for file in files)


def test_a_second_start_makes_nothing_again(data_dir: Path, models_dir: Path) -> None:
    # One that was killed leaves its journal, which the next folds into the database.
    assert start_and_stop(data_dir, models_dir) == (0, "")
    before = what_is_there(data_dir)
    with serving(data_dir, models_dir) as running:
        assert running.output == [f"{READY}{running.address}/ (Ctrl+C stops it)"]
    assert what_is_there(data_dir) == before


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_stops_without_a_word(data_dir: Path, models_dir: Path, by: signal.Signals) -> None:
    with serving(data_dir, models_dir) as running:
        assert running.get("/healthz").text == "ok"
        assert running.stop(by) == (0, "")


def test_copies_that_a_killed_process_left_are_removed(data_dir: Path, models_dir: Path) -> None:
    folder = data_dir / "media" / "handover"
    for made in (folder.parent, folder):
        made.mkdir(mode=0o700, exist_ok=True)
    old, new = folder / "old.jpg", folder / "new.jpg"
    for copy in (old, new):
        copy.touch(mode=0o600)
    os.utime(old, (0, 0))
    with serving(data_dir, models_dir):
        assert (old.exists(), new.exists()) == (False, True)
    new.unlink()


def test_static_files_are_collected_again_when_they_changed(data_dir: Path, models_dir: Path) -> None:
    (data_dir / "static.sha256").write_text("of other files")
    with serving(data_dir, models_dir) as running:
        assert "Preparing the pages …" in running.output


def test_another_host_name_is_not_answered(data_dir: Path, models_dir: Path) -> None:
    with serving(data_dir, models_dir, ALLOWED_HOSTS="photos.example") as running:
        assert running.get("/healthz", Host="photos.example").status_code == 200
        assert running.get("/healthz", Host="elsewhere.example").status_code == 400


def test_https_sends_people_on_and_lets_watchers_in(data_dir: Path, models_dir: Path) -> None:
    with serving(data_dir, models_dir, HTTPS="on") as running:
        sent_on = running.get("/results/")
        assert (sent_on.status_code, sent_on.headers["Location"][:8]) == (301, "https://")
        assert running.get("/readyz").status_code == 200
        through_proxy = running.get("/healthz", **{"X-Forwarded-Proto": "https"})
        assert "max-age" in through_proxy.headers["Strict-Transport-Security"]
        for head, status in ((b"Transfer-Encoding: gzip", 400), (b"X: " + b"x" * 50_000, 431)):
            with socket.create_connection(("127.0.0.1", running.port)) as visitor:
                visitor.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n" + head + b"\r\n\r\n")
                assert int(visitor.recv(100).split()[1]) == status


def test_a_busy_port_is_reported_with_another(data_dir: Path, models_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        error = fail(data_dir, models_dir, "--port", str(port))
    assert f"Port {port} on 127.0.0.1 is already in use" in error
    assert f"manage.py serve --port {port + 1}" in error


def test_a_folder_that_cannot_be_written_is_reported(tmp_path: Path, models_dir: Path) -> None:
    (tmp_path / "file").touch()
    error = fail(tmp_path / "file" / "data", models_dir, "--port", "0")
    assert "The data folder" in error
    assert "DATA_DIR" in error


def test_a_host_beyond_this_machine_needs_allowed_hosts(data_dir: Path, models_dir: Path) -> None:
    assert "needs ALLOWED_HOSTS" in fail(data_dir, models_dir, "--host", "0.0.0.0", "--port", "0")  # noqa: S104


def test_a_host_of_another_machine_is_reported(data_dir: Path, models_dir: Path) -> None:
    error = fail(data_dir, models_dir, "--host", "192.0.2.1", "--port", "0", ALLOWED_HOSTS="photos.example")
    assert "192.0.2.1 cannot be opened" in error


def test_without_network_the_missing_model_files_are_reported(data_dir: Path, tmp_path: Path) -> None:
    error = fail(data_dir, tmp_path / "models", "--port", "0", PIP_NO_INDEX="1", PIP_FIND_LINKS="")
    assert "could not be downloaded" in error
    assert "manage.py fetch_models" in error


def test_beside_a_hosted_engine_the_model_files_may_be_missing(data_dir: Path, tmp_path: Path) -> None:
    without = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", "ACEDATA_API_TOKEN": "a-token"}
    with serving(data_dir, tmp_path / "models", **without) as running:
        assert any("Until then only the hosted engine works." in line for line in running.output)
        assert running.get("/readyz").json()["engine"] is True
        assert running.get("/").status_code == 200


@pytest.mark.parametrize("proxy", ["127.0.0.1", "127.8.8.8", "::1", "10.1.2.3", "fd00::1", "::ffff:10.1.2.3"])
def test_https_is_believed_of_this_machine_and_of_the_named_proxies(settings: LazySettings, proxy: str) -> None:
    settings.TRUSTED_PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::1"))
    assert is_believed(proxy)


@pytest.mark.parametrize("stranger", ["11.1.2.3", "fd00::2", "::ffff:11.1.2.3", "", "unix:"])
def test_https_is_believed_of_nobody_else(settings: LazySettings, stranger: str) -> None:
    settings.TRUSTED_PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::1"))
    assert not is_believed(stranger)


def test_a_site_that_publishes_photos_needs_a_thread_to_give_them(data_dir: Path, models_dir: Path) -> None:
    publishing = {"ACEDATA_API_TOKEN": "a-token", "PUBLIC_URL": "https://photos.example.org"}
    error = fail(data_dir, models_dir, "--port", "0", "--threads", str(MAX_THREADS), **publishing)
    assert f"--threads {MAX_THREADS + 1}" in error


def test_photos_are_fetched_from_a_site_whose_threads_wait_for_the_answers(
    data_dir: Path, models_dir: Path, images: Path, vendor: Vendor
) -> None:
    count = TEMPORARY_LINKS.at_once
    calls, all_links_exist = Semaphore(count - 1), Event()

    def fetch_and_look(vendor: Vendor, request: Request) -> list[bytes]:
        if not calls.acquire(blocking=False):
            all_links_exist.set()
        all_links_exist.wait(PATIENCE)
        copy = running.get(urlsplit(request.json()["image_url"]).path, Host="photos.example.org")
        return [answering(analysis(512, 512, [face_in(512, 512)], version=str(copy.status_code)))]

    vendor.answers(*[fetch_and_look] * (count + 1))
    publishing = {"ACEDATA_API_URL": vendor.url, "ACEDATA_API_TOKEN": TOKEN, "PUBLIC_URL": "https://photos.example.org"}
    with (
        serving(data_dir, models_dir, "--threads", str(MAX_THREADS + 1), **publishing) as running,
        ThreadPoolExecutor(count + 1) as pool,
    ):
        posts = [pool.submit(submit_file, running.address, images / "astronaut.jpg") for _ in range(count + 1)]
        answers = [json.loads(post.result()) for post in posts]
    # The call beyond the limit waited for another to end.
    assert [answer["face_model_version"] for answer in answers] == ["200"] * (count + 1)


def submit_file(address: str, photo: Path) -> bytes:
    """Send a photo as a browser does and take its answer as JSON."""
    with requests.Session() as session, photo.open("rb") as file:
        session.trust_env = False
        session.get(address, timeout=PATIENCE)
        form = {"csrfmiddlewaretoken": session.cookies["csrftoken"], "engine": "acedata"}
        page = session.post(f"{address}/", form, files={"photo": file}, timeout=PATIENCE)
        return session.get(f"{page.url}export/json", timeout=PATIENCE).content


def test_a_database_that_cannot_be_opened_is_reported(data_dir: Path, models_dir: Path, tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/none/there.sqlite3"
    error = fail(data_dir, models_dir, "--port", "0", DATABASE_URL=address)
    assert "The database cannot be used" in error
    assert "DATABASE_URL" in error


def test_what_is_no_http_leaves_no_address_in_the_log(data_dir: Path, models_dir: Path) -> None:
    with serving(data_dir, models_dir) as running:
        with socket.create_connection(("127.0.0.1", running.port)) as visitor:
            visitor.sendall(b"\x00\x01 nonsense\r\n\r\n")
            assert visitor.recv(100).startswith(b"HTTP/1.1 400")
        assert running.stop(signal.SIGINT) == (0, "")


def test_an_upload_that_breaks_off_leaves_no_traceback(data_dir: Path, models_dir: Path) -> None:
    head = (
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\nConnection: close\r\n"
        b"Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n"
    )
    with serving(data_dir, models_dir) as running:
        with socket.create_connection(("127.0.0.1", running.port)) as visitor:
            visitor.sendall(head)
            visitor.shutdown(socket.SHUT_WR)
            assert visitor.recv(100) == b""
        assert running.stop(signal.SIGINT) == (0, "")


def test_a_broken_setting_stops_the_start(data_dir: Path, models_dir: Path) -> None:
    done = subprocess.run(  # noqa: S603
        command("--port", "0"),
        cwd=BASE_DIR,
        env=environment(data_dir, models_dir, ENGINE="dlib"),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 1
    assert "landmarks.E001" in done.stderr
    assert "Traceback" not in done.stderr


def test_two_first_starts_at_once_do_not_disturb_each_other(tmp_path: Path, models_dir: Path) -> None:
    with ThreadPoolExecutor(3) as pool:
        starts = [pool.submit(start_and_stop, tmp_path / "data", models_dir) for _ in range(3)]
        assert [start.result() for start in starts] == [(0, "")] * 3


def start_and_stop(data_dir: Path, models_dir: Path) -> tuple[int, str]:
    with serving(data_dir, models_dir) as running:
        return running.stop(signal.SIGINT)


def test_whatever_is_made_is_for_this_user_alone(data_dir: Path) -> None:
    private = (path for path in data_dir.rglob("*") if data_dir / "static" not in (path, *path.parents))
    assert not [path for path in private if path.stat().st_mode & 0o077]


def test_a_charset_of_a_clients_own_choosing_harms_nothing(data_dir: Path, models_dir: Path) -> None:
    with serving(data_dir, models_dir) as running:
        for charset in ("hex", "rot13", "utf-7", '"undefined"', "no-such-thing"):
            answer = running.get("/results/?before=%41", **{"Content-Type": f"text/plain; charset={charset}"})
            assert answer.status_code == 400
            assert "exist in the history. Go back to its first page" in answer.text
        assert running.stop(signal.SIGINT) == (0, "")
