"""What the system tells of processes: who started whom, and what memory and processor time each took."""

import os
import re
from contextlib import suppress
from pathlib import Path

from tests.conftest import missing


def children(pid: int) -> set[int]:
    """The processes that this one started and that still are."""
    if not Path("/proc/self/task").is_dir():
        missing("there is no /proc")
    found: set[int] = set()
    with suppress(FileNotFoundError, ProcessLookupError):  # the process just ended
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(FileNotFoundError, ProcessLookupError):  # a thread that just ended
                found |= set(map(int, (task / "children").read_text().split()))
    return found


def family(pid: int) -> set[int]:
    """A process with all that it started, and what those started."""
    return {pid}.union(*(family(child) for child in children(pid)))


def resident_at_most(pid: int) -> int:
    """Bytes that a process ever had in memory."""
    return int(re.findall(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())[0]) * 1024


def processor_seconds(pid: int) -> float:
    """What a process and all that it started have worked so far, which other programs hardly lengthen."""
    ticks = sum(map(_ticks, family(pid)))
    return ticks / os.sysconf("SC_CLK_TCK")


def _ticks(pid: int) -> int:
    """Its own, and those of its children that have ended."""
    with suppress(FileNotFoundError, ProcessLookupError):  # ended meanwhile
        return sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]))
    return 0
