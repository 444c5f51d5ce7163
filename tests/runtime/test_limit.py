"""Limits: so many slots at once, clients in turn, and nobody waits who can't be expected to get in."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import pytest

from landmarks.core.errors import Busy
from landmarks.runtime import caller
from landmarks.runtime.limit import Limit
from tests.clocks import ManualClock
from tests.patience import PATIENCE
from tests.runtime.limits import limit


class Workers:
    """Threads that take slots, each for a client, and keep them until they may leave."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self.pool = ThreadPoolExecutor(40)
        self.started: list[int] = []
        self.leave = [Event() for _ in range(40)]
        self.inside = [Event() for _ in range(40)]

    def start(self, number: int, count: int = 1, client: str = "", keys: tuple[str, ...] = ()) -> "Future[float]":
        """Returns when this one has its slots, waits for them, or was refused."""
        before = self.limit.waiting
        future = self.pool.submit(self.work, number, count, client, keys)
        while not (self.inside[number].is_set() or self.limit.waiting > before or future.done()):
            self.inside[number].wait(0.001)
        return future

    def work(self, number: int, count: int, client: str, keys: tuple[str, ...]) -> float:
        """The patience that is left when it has its slots."""
        with caller.working_for(client), self.limit.slot(count, keys=keys):
            self.started.append(number)
            self.inside[number].set()
            assert self.leave[number].wait(PATIENCE)
            return caller.current().patience

    def end_in_turn(self, count: int) -> list[int]:
        """Let one after the other leave; returns the order in which they came in."""
        for position in range(count):
            while len(self.started) <= position:
                self.leave[0].wait(0.001)
            number = self.started[position]
            assert self.inside[number].wait(PATIENCE)
            self.leave[number].set()
        return self.started

    def end(self) -> None:
        for each in self.leave:
            each.set()
        self.pool.shutdown()


@pytest.fixture
def workers() -> Iterator[Workers]:
    workers = Workers(limit(2, queue=3))
    yield workers
    workers.end()


@pytest.fixture
def single(clock: ManualClock) -> Iterator[Workers]:
    """One slot, which is held for a second each time, by a clock that goes on when a test says so."""
    single = Workers(limit(1, seconds=1.0))
    yield single
    single.end()


def test_as_many_as_there_are_slots_work_at_once(workers: Workers) -> None:
    for number in range(4):
        workers.start(number)
    assert (workers.started, workers.limit.waiting) == ([0, 1], 2)


def test_one_beyond_the_queue_is_busy(workers: Workers) -> None:
    for number in range(5):
        workers.start(number)
    with pytest.raises(Busy) as caught:
        workers.start(5).result(PATIENCE)
    assert (caught.value.message_id, caught.value.detail) == ("busy_detecting", "all slots for testing are taken")
    assert (caught.value.status, caught.value.retry_after) == (503, 1)


def test_slots_are_given_in_the_order_of_the_requests(workers: Workers) -> None:
    for number in range(5):
        workers.start(number)
    for leaving, coming in ((1, 2), (0, 3), (3, 4)):
        workers.leave[leaving].set()
        assert workers.inside[coming].wait(PATIENCE)
    assert workers.started == [0, 1, 2, 3, 4]


def test_one_that_leaves_and_returns_does_not_overtake(workers: Workers) -> None:
    for number in range(3):
        workers.start(number)
    workers.leave[0].set()
    assert workers.inside[2].wait(PATIENCE)
    workers.start(3)
    assert (workers.started, workers.limit.waiting) == ([0, 1, 2], 1)


def test_a_failure_inside_releases_the_slot() -> None:
    single = limit(1, queue=0)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), single.slot():
            raise ZeroDivisionError
    with single.slot(), pytest.raises(Busy), single.slot():
        pytest.fail("there was a second slot")


def test_another_thread_may_release_a_slot() -> None:
    single = limit(1, queue=0)
    slots = single.slot()
    with pytest.raises(Busy):
        single.slot()
    thread = threading.Thread(target=slots.release)
    thread.start()
    thread.join(PATIENCE)
    single.slot().release()


# --- several slots ---------------------------------------------------------------------------------------------------


def test_several_slots_are_given_at_once_and_nobody_overtakes_who_waits_for_many() -> None:
    workers = Workers(limit(10))
    for number, count in enumerate((6, 7, 4)):
        workers.start(number, count)
    assert (workers.started, workers.limit.waiting) == ([0], 2)
    workers.leave[0].set()
    assert workers.inside[1].wait(PATIENCE)
    assert (workers.started, workers.limit.waiting) == ([0, 1], 1)
    workers.end()


def test_a_request_for_more_than_there_are_gets_all() -> None:
    ten = limit(10, queue=0)
    with ten.slot(11), pytest.raises(Busy), ten.slot(1):
        pytest.fail("there was one more")
    with ten.slot(10):
        pass


def test_one_that_gives_up_lets_in_who_needs_less(clock: ManualClock) -> None:
    workers = Workers(limit(10))
    workers.start(0, 6)
    hasty = workers.start(1, 7)
    clock.go_on(1)
    workers.start(2, 4)
    clock.go_on(caller.PATIENCE - 1)
    with pytest.raises(Busy):
        hasty.result(PATIENCE)
    assert workers.inside[2].wait(PATIENCE)
    workers.end()


# --- turns and shares ------------------------------------------------------------------------------------------------


def test_clients_take_turns(single: Workers) -> None:
    for number in range(10):
        single.start(number, client="many")
    for number in (10, 11):
        single.start(number, client="few")
    single.start(12, client="one")
    assert single.end_in_turn(13) == [0, 1, 10, 12, 2, 11, 3, 4, 5, 6, 7, 8, 9]


def test_a_client_gets_no_more_than_its_share_and_others_get_theirs() -> None:
    workers = Workers(limit(4, share=2))
    for number in range(3):
        workers.start(number, client="many")
    workers.start(3, client="one")
    assert (workers.started, workers.limit.waiting) == ([0, 1, 3], 1)
    workers.leave[0].set()
    assert workers.inside[2].wait(PATIENCE)
    workers.end()


def test_a_host_gets_no_more_than_its_share_whoever_asks_for_it() -> None:
    workers = Workers(limit(9, share=2))
    for number, host in enumerate(("slow", "slow", "slow", "quick")):
        workers.start(number, client=f"client {number}", keys=(host,))
    assert (workers.started, workers.limit.waiting) == ([0, 1, 3], 1)
    workers.start(4, client="client 2", keys=("quick",))
    assert workers.started == [0, 1, 3, 4]
    workers.leave[1].set()
    assert workers.inside[2].wait(PATIENCE)
    workers.end()


# --- expected waits --------------------------------------------------------------------------------------------------


def test_a_queue_is_as_long_as_its_wait_is_short(single: Workers) -> None:
    for number in range(21):
        single.start(number)
    with pytest.raises(Busy) as caught:
        single.start(21).result(PATIENCE)
    assert single.limit.waiting == 20
    # It would be the 21st, and each takes a second.
    assert caught.value.retry_after == 1


def test_it_is_shorter_where_work_takes_longer(single: Workers) -> None:
    single.limit.seconds = 8.0
    for number in range(3):
        single.start(number)
    with pytest.raises(Busy) as caught:
        single.start(3).result(PATIENCE)
    assert single.limit.waiting == 2
    # Three times eight seconds, of which one may wait for twenty.
    assert caught.value.retry_after == 4


def test_the_service_time_follows_what_is_measured(clock: ManualClock) -> None:
    slow = limit(1, seconds=1.0)
    for _ in range(100):
        with slow.slot():
            clock.go_on(3)
    assert slow.seconds == pytest.approx(3, rel=0.01)


def test_one_slow_photo_changes_little(clock: ManualClock) -> None:
    single = limit(1, seconds=1.0)
    with single.slot():
        clock.go_on(60)
    assert 1 < single.seconds < 1.2


def test_what_is_held_for_long_counts_before_it_ends(single: Workers, clock: ManualClock) -> None:
    single.start(0)
    clock.go_on(15)
    single.start(1)
    with pytest.raises(Busy) as caught:
        single.start(2).result(PATIENCE)
    assert caught.value.retry_after == 10


def test_a_client_with_many_waiting_shortens_the_queue_of_no_other(single: Workers) -> None:
    for number in range(22):
        single.start(number, client="many")
    assert single.limit.waiting == 20
    single.start(22, client="one")
    assert single.limit.waiting == 21
    assert single.started == [0]


def test_a_wait_ends_with_the_patience_and_leaves_the_queue_as_it_was(single: Workers, clock: ManualClock) -> None:
    single.start(0)
    waiting = [single.start(number) for number in (1, 2)]
    clock.go_on(caller.PATIENCE)
    for each in waiting:
        with pytest.raises(Busy):
            each.result(PATIENCE)
    assert single.limit.waiting == 0
    single.end()
    with single.limit.slot():
        assert single.started == [0]


def test_what_was_waited_for_one_slot_is_missing_at_the_next(single: Workers, clock: ManualClock) -> None:
    single.start(0)
    second = single.start(1, client="patient")
    clock.go_on(15)
    single.leave[0].set()
    single.leave[1].set()
    assert second.result(PATIENCE) == caller.PATIENCE - 15


def test_a_further_photo_may_wait_again() -> None:
    with caller.working_for("client"):
        caller.current().patience = 1
        caller.renew_patience()
        assert caller.current() == caller.Caller("client")


def test_the_caller_may_wait_for_less(clock: ManualClock) -> None:
    patient = limit(1)
    with patient.slot(), pytest.raises(Busy), patient.slot(timeout=0.01):
        pytest.fail("there was a second slot")


def test_counts_are_exact_with_many_threads() -> None:
    crowded, inside, most = limit(3, share=2, seconds=0.001), 0, 0
    lock = threading.Lock()

    def work(number: int) -> None:
        nonlocal inside, most
        with caller.working_for(f"client {number % 4}"), crowded.slot(keys=(f"host {number % 3}",)):
            with lock:
                inside += 1
                most = max(most, inside)
            with lock:
                inside -= 1

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(work, range(2000)))
    assert (inside, crowded.waiting, crowded._free) == (0, 0, 3)
    assert most <= 3
    assert not crowded._held_by and not crowded._queues
