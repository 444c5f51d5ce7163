"""Memory that was freed goes back to the system."""

import numpy as np
import pytest

from landmarks.benchmark.probe import resident
from landmarks.memory import TRIM, give_back

MB = 10**6


@pytest.mark.skipif(TRIM is None, reason="only the GNU C library keeps what was freed")
def test_what_was_freed_is_given_back():
    # Too small for the system to be asked for each, and every hundredth stays where it is, between the others.
    blocks = [np.ones(100_000, np.uint8) for _ in range(1000)]
    kept = blocks[::100]
    del blocks
    before = resident()
    give_back()
    assert resident() < before - 50 * MB
    assert sum(map(int, (block[0] for block in kept))) == 10
