"""Memory that large pictures took, given back to the system."""

import ctypes
import os
from collections.abc import Callable
from pathlib import Path

LARGE = 224 * 2**20
"""Bytes of a process from which on it gives back what was freed. To do so always would cost small photos a quarter of
their time."""


def _trim() -> Callable[[int], int] | None:
    try:
        trim: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # only the GNU C library keeps what was freed, and has this
        return None
    return trim


TRIM = _trim()


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
