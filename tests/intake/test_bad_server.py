"""The fetcher against a server that answers in 83 ways, most of them hostile, and has an inside never to be asked."""

import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network
from pathlib import Path

import pytest

from landmarks.errors import FetchError, LandmarksError
from landmarks.intake.fetch import FetchLimits, fetch_photo

LIMITS = FetchLimits(max_bytes=1_000_000, seconds=1, allowed_networks=(ip_network("127.0.0.1/32"),))

GIVES_A_FILE = {
    "/ok.jpg",
    "/ok-nolength.jpg",
    "/ok-chunked.jpg",
    "/html-as-jpeg",
    "/jpeg-as-html",
    "/svg",
    "/no-content-type",
    "/octet-stream",
    "/empty",
    "/100-continue",
    "/set-cookie",
    "/disposition",
    "/refresh-header",
    "/short-length",
    "/huge-lie",
    "/redirect-to-ok",
    "/redirect-chain/",
    "/redirect-body-huge",
    "/text-length",
    "/negative-length",
}
"""The declared length is where reading ends, so two lies about it give the beginning of the file; nonsense is none."""


def free_ports() -> int:
    """A port that is free together with the next one."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


@pytest.fixture(scope="module")
def bad_server(shared: Path) -> Iterator[str]:
    """Its inside calls itself 0.0.0.0, which is outside of what the limits allow, unlike the address used here."""
    folder = shared / "data" / "hostile"
    port = free_ports()
    command = [sys.executable, str(folder / "bad_server.py"), "--host", "0.0.0.0", "--port", str(port)]  # noqa: S104
    with subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout and "83 paths" in server.stdout.readline()
        yield f"http://127.0.0.1:{port}"
        server.terminate()


def outcome(address: str) -> str:
    try:
        fetch_photo(address, LIMITS)
    except LandmarksError as exc:
        return exc.code
    return "file"


def test_every_path_ends_as_it_should_and_the_inside_is_never_asked(bad_server: str) -> None:
    paths = re.findall(r"^(/\S*)", fetch_photo(f"{bad_server}/", LIMITS).data.decode(), re.MULTILINE)
    with ThreadPoolExecutor(16) as pool:
        outcomes = dict(zip(paths, pool.map(outcome, [bad_server + path for path in paths]), strict=True))
    assert len(paths) == 83
    assert {path for path, end in outcomes.items() if end == "file"} == GIVES_A_FILE
    assert {path for path, end in outcomes.items() if end == "photo_too_large"} >= {"/huge", "/huge-declared"}
    asked = json.loads(fetch_photo(f"{bad_server}/_log", LIMITS).data)
    assert len(asked) > 80
    assert not [entry for entry in asked if entry["inside"]]


def test_two_redirects_are_followed_and_four_are_not(bad_server: str) -> None:
    assert fetch_photo(f"{bad_server}/redirect-chain/2", LIMITS).data[:2] == b"\xff\xd8"
    with pytest.raises(FetchError):
        fetch_photo(f"{bad_server}/redirect-chain/3", LIMITS)
