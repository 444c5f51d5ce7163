"""How much of what was freed the C library keeps, and when it gives that back to the system."""

import ctypes
import os
from collections.abc import Callable
from pathlib import Path

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""Of mallopt(3)."""
LARGE = 288 * 2**20
"""Bytes of a process from which on it gives back what was freed; small photos leave a worker below. To do so always
would cost them a quarter of their time."""


def _of_glibc(name: str) -> Callable[..., int] | None:
    try:
        function: Callable[..., int] = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):  # only the GNU C library keeps what was freed, and has these
        return None
    return function


TRIM, SET = _of_glibc("malloc_trim"), _of_glibc("mallopt")


def keep_freed(total: int, block: int) -> None:
    """Have so many bytes kept for each thread, in blocks that are no larger; those that are go back at once.

    Left to itself it learns to keep larger blocks, but gives back all that is free at the end: the pixels of each photo
    come to lie in fresh pages, which takes as long as decoding them.
    """
    if SET:
        SET(M_TRIM_THRESHOLD, total)
        SET(M_MMAP_THRESHOLD, block)


def give_back() -> None:
    """What was freed is kept by the C library, for each thread of its own: after a crowd a hundred megabytes."""
    if TRIM:
        TRIM(0)


def give_back_when_large() -> None:
    """A process would else stay several times as large as its largest photo."""
    if resident() > LARGE:
        give_back()


def resident() -> int:
    """Bytes that this process has in memory; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
