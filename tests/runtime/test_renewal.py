"""Leases that are renewed as long as a block runs."""

import threading

from landmarks.runtime.renewal import renewing
from tests.patience import PATIENCE


def test_it_is_renewed_again_and_again() -> None:
    renewals = threading.Semaphore(0)
    with renewing(0.001, PATIENCE, lambda: not renewals.release()):
        for _ in range(3):
            assert renewals.acquire(timeout=PATIENCE)


def test_a_short_block_needs_no_thread() -> None:
    renewals = []
    with renewing(PATIENCE, PATIENCE, lambda: not renewals.append(1)):
        assert "lease" not in {thread.name for thread in threading.enumerate()}
    assert renewals == []


def test_what_is_lost_is_renewed_no_more() -> None:
    renewals, is_over = [], threading.Event()

    def renew() -> bool:
        renewals.append(1)
        is_over.set()
        return False

    with renewing(0.001, PATIENCE, renew):
        assert is_over.wait(PATIENCE)
        for thread in [each for each in threading.enumerate() if each.name == "lease"]:
            thread.join(PATIENCE)
    assert renewals == [1]
