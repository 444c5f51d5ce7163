"""Modules of this package as processes of their own, and the CPU time of a process with its descendants."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from benchmarks.errors import BenchmarkError

PROJECT = Path(__file__).resolve().parent.parent
"""The checkout, in which modules and manage.py are started."""


class Child:
    """A module that runs as a process of its own and writes one line of JSON at a time."""

    def __init__(self, stdin: IO[str], stdout: IO[str]) -> None:
        self._stdin, self._stdout = stdin, stdout

    def read(self) -> Any:
        """The next line; raise BenchmarkError when there is none."""
        line = self._stdout.readline()
        if not line:
            raise BenchmarkError("The measured process ended early. Run `manage.py analyze` on these photos.")
        return json.loads(line)

    def ask(self) -> Any:
        """Send an empty line and return the line that answers it."""
        self._stdin.write("\n")
        self._stdin.flush()
        return self.read()


@contextmanager
def running(module: str, *arguments: object) -> Iterator[Child]:
    """Start a module; it is killed at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        try:
            if process.stdin and process.stdout:
                yield Child(process.stdin, process.stdout)
        finally:
            process.kill()


def write_line(value: object) -> None:
    """The other end: write a line of JSON at once."""
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


# --- CPU time --------------------------------------------------------------------------------------------------------


def cpu_seconds(process: int) -> float:
    """User and system time of a process and its descendants, including those that have ended (proc(5))."""
    ticks = os.sysconf("SC_CLK_TCK")
    times = [int(time) for each in family(process) for time in stat(each)[11:15]]
    return sum(times) / ticks


def family(process: int) -> Iterator[int]:
    yield process
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from family(int(child))


def stat(process: int) -> list[str]:
    """The fields of /proc/PID/stat after the name, which may contain anything."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
