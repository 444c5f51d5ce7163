"""How much of what was freed the C library keeps, and when it gives that back to the system."""

import ctypes
from collections.abc import Callable

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""Of mallopt(3)."""


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
