"""How much freed memory the C library keeps, and when it goes back to the system."""

import ctypes
import os
from collections.abc import Callable
from pathlib import Path

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
"""Of mallopt(3)."""
HEAPS = 3
"""That all threads share. By default there may be eight for each processor, and what is free in one helps no other."""
KEPT, KEPT_BLOCK = 24 * 2**20, 6 * 2**20
"""Freed bytes that a process of the server keeps for the next photo, in all and in one block."""
LARGE = 420 * 2**20
"""Resident bytes from which on a process releases what it freed. Workers stay below with small photos, which would take
a quarter longer if memory were always released."""


def _glibc(name: str) -> Callable[..., int] | None:
    try:
        function: Callable[..., int] = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):  # only the GNU C library keeps freed memory, and has these
        return None
    return function


TRIM, SET = _glibc("malloc_trim"), _glibc("mallopt")


def keep_freed(total: int, block: int) -> None:
    """Keep so many freed bytes in each heap, in blocks of at most that size; larger ones are released at once.

    By default the library learns to keep larger blocks, but releases whatever is free at the end of its heap. Then the
    pixels of each photo come to lie in fresh pages, which takes as long as decoding them.
    """
    if SET:
        SET(M_ARENA_MAX, HEAPS)
        SET(M_TRIM_THRESHOLD, total)
        SET(M_MMAP_THRESHOLD, block)


def release_freed() -> None:
    """Return freed memory to the system. The C library keeps it for each thread: after many photos, 100 MB."""
    if TRIM:
        TRIM(0)


def release_freed_if_large() -> None:
    """Without this, a process would stay several times as large as its largest photo."""
    if resident() > LARGE:
        release_freed()


def resident() -> int:
    """Bytes of this process in memory; 0 if the system doesn't report them."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
