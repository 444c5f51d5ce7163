"""A process that only analyses photos and reports its memory after each: `python -m benchmarks.probe`."""

import os
import resource
import subprocess
import sys
from pathlib import Path

from benchmarks.process import write_line
from landmarks.core.finding import Options
from landmarks.engines.local.engine import LocalEngine
from landmarks.photos.decode import read_photo
from landmarks.photos.photo import PhotoLimits

STATUS = Path("/proc/self/status")
PERIOD = 100
"""After so many photos the same ones come again in the same order, so that memory is read after the same photo."""


def main(arguments: list[str]) -> None:
    """Arguments: the models' folder, the bytes and pixels that a photo may have, the number of runs, the files."""
    limits = PhotoLimits(int(arguments[1]), int(arguments[2]))
    engine, options = LocalEngine(Path(arguments[0])), Options(max_faces=100)
    paths = [Path(name) for name in arguments[4:]]
    for number in range(int(arguments[3])):
        path = paths[number % PERIOD % len(paths)]
        engine.find(read_photo(path.read_bytes(), limits, whole=False), options)
        write_line({"photos": number + 1, "resident": resident(), "peak": peak()})


def resident() -> int:
    """Bytes in memory now."""
    # `ps` counts in KiB everywhere; Linux has the same number in a file, without another process.
    command = ["/bin/ps", "-o", "rss=", "-p", str(os.getpid())]
    text = status("VmRSS") or subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return int(text) * 1024


def peak() -> int:
    """Most bytes so far."""
    # On Linux getrusage would also count the process that started this one.
    if text := status("VmHWM"):
        return int(text) * 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def status(key: str) -> str:
    """The number of KiB under this name; empty where there is no such file."""
    if not STATUS.exists():
        return ""
    lines = STATUS.read_text(encoding="ascii", errors="replace").splitlines()
    return next((line.split()[1] for line in lines if line.startswith(f"{key}:")), "")


if __name__ == "__main__":
    main(sys.argv[1:])
