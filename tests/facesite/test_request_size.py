"""What a request may carry, with Django's client and with a running server."""

import os
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from facesite.upload_handler import PhotoUploadHandler
from landmarks.core.errors import StorageError
from landmarks.models import Result
from tests.conftest import missing
from tests.patience import PATIENCE
from tests.server.test_serve import Server, serving
from tests.web.conftest import Submit

MEGABYTE = 2**20
TOKEN = "a" * 32
HEAD = (
    "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"
    f"Cookie: csrftoken={TOKEN}\r\n"
)
TOKEN_PART = f'--b\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{TOKEN}\r\n'.encode()
FILE_HEAD = b'--b\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n'


def kept_of(byte_count: int, is_small: bool) -> bytes:
    handler = PhotoUploadHandler()
    handler.handle_raw_input(None, {}, 0 if is_small else 10**9, None)
    handler.new_file("photo", "a.jpg", "image/jpeg", None)
    for start in range(0, byte_count, 65536):
        handler.receive_data_chunk(b"x" * min(65536, byte_count - start), start)
    with handler.file_complete(byte_count) as file:
        data = file.read()
        assert file.size == len(data)
    return data


@pytest.mark.parametrize("is_small", [True, False], ids=["in memory", "on disk"])
def test_no_more_of_a_file_is_kept_than_shows_that_it_is_too_large(settings: LazySettings, is_small: bool) -> None:
    settings.MAX_UPLOAD_MB = 1
    assert len(kept_of(MEGABYTE, is_small)) == MEGABYTE
    assert len(kept_of(MEGABYTE + 1, is_small)) == MEGABYTE + 1
    assert len(kept_of(5 * MEGABYTE, is_small)) == MEGABYTE + 1


def test_a_file_that_is_too_large_keeps_no_other_out(
    client: Client, submit: Submit, settings: LazySettings, images: Path
) -> None:
    settings.MAX_UPLOAD_MB = 1
    large = SimpleUploadedFile("large.jpg", b"\xff\xd8\xff" + bytes(4 * MEGABYTE))
    good = SimpleUploadedFile("good.jpg", (images / "astronaut.jpg").read_bytes())
    response = client.post("/", {"photo": [large, good]})
    assertRedirects(response, "/results/", 303, fetch_redirect_response=False)
    assert Result.objects.get().name == "good.jpg"
    assertContains(client.get("/results/"), "<bdi>large.jpg</bdi>: This file is larger than the limit of 1 MB")


def test_a_request_that_declares_too_much_is_rejected_with_our_page(client: Client, settings: LazySettings) -> None:
    settings.MAX_REQUEST_BYTES = MEGABYTE
    response = client.post("/", {"photo": SimpleUploadedFile("large.jpg", bytes(2 * MEGABYTE))})
    assertContains(response, "larger than the limit of 1 MB", status_code=413)
    assertContains(response, "each can have up to 20 MB", status_code=413)
    assert "default-src" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("declared", ["9" * 19, "9" * 5000])
def test_any_number_of_bytes_that_is_too_large_is_rejected(client: Client, declared: str) -> None:
    response = client.post("/", b"", content_type="multipart/form-data; boundary=b", CONTENT_LENGTH=declared)
    assertContains(response, "This request is larger than the limit", status_code=413)


def test_a_form_without_files_has_a_smaller_limit(client: Client) -> None:
    response = client.post("/", "a=" + "b" * 3_000_000, content_type="application/x-www-form-urlencoded")
    assertContains(response, "limit of 2.5 MB", status_code=413)


@pytest.mark.django_db
def test_too_many_files_are_reported(client: Client, settings: LazySettings) -> None:
    files = [SimpleUploadedFile(f"{number}.jpg", b"x") for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FILES + 1)]
    response = client.post("/", {"photo": files})
    assert response.status_code in (400, 413)
    assertContains(response, "too many fields", status_code=response.status_code)


@pytest.mark.django_db
def test_where_files_cannot_be_put_the_form_says_so(
    client: Client, models_dir: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    response = client.post("/", {"photo": SimpleUploadedFile("large.jpg", bytes(4 * MEGABYTE))})
    assertContains(response, "no room for uploads", status_code=503)


def test_a_file_that_does_not_fit_raises_an_error() -> None:
    if not Path("/dev/full").exists():
        missing("there is no /dev/full")
    with open("/dev/full", "r+b", buffering=0) as full:
        handler = PhotoUploadHandler()
        handler.handle_raw_input(None, {}, 10**9, None)
        handler.new_file("photo", "a.jpg", "image/jpeg", None)
        handler._file.close()
        handler._file = full
        with pytest.raises(StorageError, match="no room for uploads") as caught:
            handler.receive_data_chunk(b"x" * 65536, 0)
    assert "No space left" in caught.value.detail


# A running server.


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server puts temporary files."""
    return tmp_path_factory.mktemp("temporary")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, models_dir: Path, temporary: Path) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("uploads") / "data"
    with serving(folder, models_dir, MAX_UPLOAD_MB="1", TMPDIR=str(temporary)) as server:
        yield server


def answer_of(site: Server, *parts: bytes) -> str:
    """What the server says, read when everything is sent, as many clients do."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE) as connection:
        for part in parts:
            connection.sendall(part)
        return b"".join(iter(lambda: connection.recv(65536), b"")).decode()


def test_a_declared_length_is_rejected_before_anything_is_sent(site: Server) -> None:
    with socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE) as connection:
        connection.sendall(f"{HEAD}Content-Length: {10**12}\r\n\r\n".encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 413")


def test_who_sends_everything_first_still_gets_the_answer(site: Server) -> None:
    body = bytes(40 * MEGABYTE)
    response = answer_of(site, f"{HEAD}Connection: close\r\nContent-Length: {len(body)}\r\n\r\n".encode(), body)
    assert response.startswith("HTTP/1.1 413")
    assert "limit of 11 MB" in response


def test_who_sends_too_many_files_still_gets_the_answer(site: Server) -> None:
    body = TOKEN_PART + 201 * (FILE_HEAD + b"x\r\n") + FILE_HEAD + bytes(9 * MEGABYTE) + b"\r\n--b--\r\n"
    response = answer_of(site, f"{HEAD}Connection: close\r\nContent-Length: {len(body)}\r\n\r\n".encode(), body)
    assert response.startswith(("HTTP/1.1 400", "HTTP/1.1 413"))
    assert "too many fields" in response


def test_who_sends_too_much_in_chunks_still_gets_the_answer(site: Server) -> None:
    chunk = b"100000\r\n" + bytes(MEGABYTE) + b"\r\n"
    response = answer_of(site, f"{HEAD}Transfer-Encoding: chunked\r\n\r\n".encode(), 40 * chunk, b"0\r\n\r\n")
    assert response.startswith("HTTP/1.1 413")
    assert "limit of 11 MB" in response


def test_a_file_that_is_received_lies_nowhere_by_name(site: Server, temporary: Path) -> None:
    secret = b"a face of somebody"
    head = f"{HEAD}Content-Length: {6 * MEGABYTE}\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE) as connection:
        connection.sendall(head + TOKEN_PART + FILE_HEAD + secret * 200_000)
        files = wait_for_open_files(site, temporary)
        assert files
        assert not list(temporary.iterdir())
    assert not wait_for_open_files(site, temporary, any_left=False)


def wait_for_open_files(site: Server, temporary: Path, any_left: bool = True) -> list[str]:
    """What the server's processes have open in the folder, as soon as that is something, or nothing."""
    if not Path("/proc/self/fd").is_dir():
        missing("there is no /proc")
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = [name for name in open_files(site.process.pid) if name.startswith(str(temporary))]
        if bool(found) == any_left:
            break
    return found


def open_files(pid: int) -> list[str]:
    links = []
    for process in (pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())):
        for link in Path(f"/proc/{process}/fd").iterdir():
            try:
                links.append(os.readlink(link))
            except FileNotFoundError:
                continue  # closed meanwhile
    return links
