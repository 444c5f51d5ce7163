"""Memory that was freed is kept for the next photo, or goes back to the system."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from landmarks.runtime.memory import TRIM, release_freed, resident

pytestmark = pytest.mark.skipif(TRIM is None, reason="only the GNU C library keeps what was freed")
MB = 10**6
FRESH_PAGES = """
import resource
from landmarks.runtime.memory import keep_freed

def fresh_pages(size):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    bytearray(size)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

keep_freed(64 * 2**20, 16 * 2**20)
fresh_pages(8 * 2**20)
fresh_pages(32 * 2**20)
print(fresh_pages(8 * 2**20), fresh_pages(32 * 2**20))
"""


def test_what_was_freed_is_given_back() -> None:
    # Too small to be mapped by the system one by one, and every hundredth stays where it is, between the others.
    blocks = [np.ones(100_000, np.uint8) for _ in range(1000)]
    kept = blocks[::100]
    del blocks
    before = resident()
    release_freed()
    assert resident() < before - 50 * MB
    assert sum(map(int, (block[0] for block in kept))) == 10


def test_blocks_that_are_not_too_large_are_kept_for_the_next() -> None:
    """In a process of its own, since it stays so."""
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", FRESH_PAGES], cwd=root, check=True, capture_output=True, text=True)
    same_again, large_again = map(int, done.stdout.split())
    assert same_again < 8
    assert large_again >= 16  # also where a page has two megabytes
