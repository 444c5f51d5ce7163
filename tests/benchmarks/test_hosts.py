"""Two hosts of which one is cut off: no error, no lost and no doubled result."""

import socket
import subprocess
import sys

import pytest

from benchmarks.errors import BenchmarkError
from benchmarks.network import SERVICES, hosts
from tests.benchmarks.conftest import report_of

CONNECT = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 5)"


def skip_without_hosts() -> None:
    """Make some and connect from each. Not even CI must have the right to: a container may forbid it."""
    try:
        with socket.socket() as server, hosts(2) as made:
            server.bind((SERVICES, 0))
            server.listen()
            for host in made:
                command = host.command(sys.executable, "-c", CONNECT, SERVICES, str(server.getsockname()[1]))
                subprocess.run(command, check=True, capture_output=True)
    except (BenchmarkError, OSError, subprocess.CalledProcessError) as exc:
        pytest.skip(f"Hosts as network namespaces cannot be made here: {exc}")


@pytest.mark.slow
def test_a_host_that_is_cut_off_loses_and_doubles_nothing() -> None:
    skip_without_hosts()
    report = report_of("hosts", "--seconds", 10, "--clients", 2)
    assert report["problems"] == []
    jobs = report["figures"]["jobs"]["all"]
    assert jobs["done"]["median"] == jobs["results"]["median"] >= 1
