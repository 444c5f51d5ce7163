"""`manage.py serve --workers 2`: processes are replaced when they die, and end together."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from landmarks.server.supervisor import STABLE_SECONDS, Supervisor
from tests.conftest import BASE_DIR, missing
from tests.patience import PATIENCE
from tests.server.test_connection import wait_until
from tests.server.test_serve import RUNTIME, Server, serving
from tests.server.test_stopping import is_listening


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("workers") / "data"


@pytest.fixture
def site(data_dir: Path, models_dir: Path) -> Iterator[Server]:
    with serving(data_dir, models_dir, "--workers", "2") as site:
        wait_until(lambda: len(workers(site)) == 2)
        yield site
        end_all(site)


def workers(site: Server) -> set[int]:
    """Ids of the processes that serve."""
    children = Path(f"/proc/{site.process.pid}/task/{site.process.pid}/children")
    if not children.parent.is_dir():
        missing("there is no /proc")
    return set(map(int, children.read_text().split()))


def stop(site: Server, by: signal.Signals) -> tuple[int, list[str]]:
    """Its exit status, and what it still printed; the second process may have become ready meanwhile."""
    status, output = site.stop(by)
    return status, [line for line in output.splitlines() if not line.startswith(RUNTIME)]


def end_all(site: Server) -> None:
    if site.process.poll() is None:
        site.process.terminate()
        site.process.wait(PATIENCE)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_all_stop_without_a_word(site: Server, by: signal.Signals) -> None:
    processes = workers(site)
    assert site.get("/healthz").text == "ok"
    assert stop(site, by) == (0, [])
    assert not any(map(is_running, processes))


def test_a_second_signal_ends_all_at_once(site: Server) -> None:
    processes = workers(site)
    with socket.create_connection(("127.0.0.1", site.port), PATIENCE) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n")
        assert site.get("/healthz").text == "ok"
        site.process.send_signal(signal.SIGINT)
        wait_until(lambda: not is_listening(site.port))
        assert stop(site, signal.SIGINT) == (128 + signal.SIGINT, [])
    assert not any(map(is_running, processes))


def test_a_process_that_dies_is_replaced(site: Server) -> None:
    killed, other = workers(site)
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: len(workers(site) - {killed, other}) == 1)
    os.kill(other, signal.SIGKILL)
    wait_until(lambda: len(workers(site) - {killed, other}) == 2)
    # The two that were started are those that answer.
    assert site.get("/readyz").status_code == 200
    status, output = site.stop(signal.SIGTERM)
    assert status == 0
    assert output.count("(status -9); it is replaced in") == 2
    assert "Traceback" not in output


def test_none_is_left_when_their_parent_is_killed(site: Server) -> None:
    processes = workers(site)
    site.process.kill()
    wait_until(lambda: not any(map(is_running, processes)))


def test_a_process_that_cannot_start_ends_all() -> None:
    code = (
        "import socket, sys; from landmarks.server.supervisor import FAILED, Supervisor; "
        "listener = socket.create_server(('127.0.0.1', 0)); "
        "sys.exit(Supervisor(lambda number, parent: sys.exit(FAILED), 2, listener).run())"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=BASE_DIR, capture_output=True, text=True, timeout=PATIENCE)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")


def test_processes_that_die_young_are_replaced_ever_more_slowly() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        parent = Supervisor(lambda number, pipe: None, 1, listener)
        pauses = []
        for age in (0, 0, 0, 0, 0, 0, STABLE_SECONDS + 1, 0):
            now = time.monotonic()
            parent._ended(now - age, 1)
            pauses.append(round(parent._due[-1] - now))
        parent._stop()
    assert pauses == [1, 2, 5, 10, 30, 30, 0, 1]
