"""Memory that a close look took, given back to the system."""

import ctypes
from collections.abc import Callable


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
