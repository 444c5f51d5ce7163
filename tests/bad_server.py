"""A server that answers in 83 ways, most of them hostile, and has an inside that is never to be asked."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ports import free_port


@pytest.fixture(scope="module")
def bad_server(shared: Path) -> Iterator[str]:
    """Its inside calls itself 0.0.0.0, which is outside of what the limits allow, unlike the address used here."""
    folder = shared / "data" / "hostile"
    port = free_port(2)
    command = [sys.executable, str(folder / "bad_server.py"), "--host", "0.0.0.0", "--port", str(port)]  # noqa: S104
    with subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout and "83 paths" in server.stdout.readline()
        yield f"http://127.0.0.1:{port}"
        server.terminate()
