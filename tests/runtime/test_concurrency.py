"""Limits: so many slots at once, so many waiting for one, in order, and nobody beyond."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import pytest

from landmarks.core.errors import Busy, LandmarksError
from landmarks.core.messages import parameters_of
from landmarks.runtime import concurrency
from landmarks.runtime.concurrency import Limit
from tests.patience import PATIENCE
from tests.runtime.limits import limit


class Workers:
    """Threads that take slots and keep them until they may leave."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self.pool = ThreadPoolExecutor(20)
        self.started: list[int] = []
        self.leave = [Event() for _ in range(20)]
        self.inside = [Event() for _ in range(20)]

    def start(self, number: int, count: int = 1) -> "Future[None]":
        """Returns when this one has its slots, waits for them, or was refused."""
        before = self.limit.waiting
        future = self.pool.submit(self.work, number, count)
        while not (self.inside[number].is_set() or self.limit.waiting > before or future.done()):
            self.inside[number].wait(0.001)
        return future

    def work(self, number: int, count: int) -> None:
        with self.limit.slot(count):
            self.started.append(number)
            self.inside[number].set()
            assert self.leave[number].wait(PATIENCE)

    def end(self) -> None:
        for each in self.leave:
            each.set()
        self.pool.shutdown()


@pytest.fixture
def workers() -> Iterator[Workers]:
    workers = Workers(limit(2, queue=3))
    yield workers
    workers.end()


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
    assert (caught.value.status, caught.value.retry_after) == (503, 5)


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


def test_a_wait_ends_and_leaves_the_queue_as_it_was() -> None:
    workers = Workers(limit(1, patience=0.01, queue=1))
    workers.start(0)
    for number in (1, 2):
        with pytest.raises(Busy):
            workers.start(number).result(PATIENCE)
    assert workers.limit.waiting == 0
    workers.leave[0].set()
    workers.pool.shutdown()
    with workers.limit.slot():
        assert workers.started == [0]


def test_the_caller_may_wait_for_less(workers: Workers) -> None:
    patient = limit(1)
    with patient.slot(), pytest.raises(Busy), patient.slot(timeout=0.01):
        pytest.fail("there was a second slot")


def test_a_failure_inside_releases_the_slot() -> None:
    single = limit(1, queue=0)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), single.slot():
            raise ZeroDivisionError
    with single.slot(), pytest.raises(Busy), single.slot():
        pytest.fail("there was a second slot")


def test_another_thread_may_release_a_slot() -> None:
    single = limit(1, queue=0)
    assert single.acquire()
    assert not single.acquire()
    thread = threading.Thread(target=single.release)
    thread.start()
    thread.join(PATIENCE)
    assert single.acquire()


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


def test_one_that_gives_up_lets_in_who_needs_less() -> None:
    workers = Workers(limit(10, patience=0.5))
    workers.start(0, 6)
    hasty = workers.start(1, 7)
    workers.limit._patience = PATIENCE
    workers.start(2, 4)
    with pytest.raises(Busy):
        hasty.result(PATIENCE)
    assert workers.inside[2].wait(PATIENCE)
    workers.end()


# --- the table -------------------------------------------------------------------------------------------------------

TABLE = {name: each for name, each in vars(concurrency).items() if isinstance(each, Limit)}


@pytest.mark.parametrize("name", TABLE)
def test_a_limit_that_is_reached_has_a_message(name: str) -> None:
    reached = TABLE[name]
    with reached.slot(reached.at_once), pytest.raises(LandmarksError) as caught, reached.slot(timeout=0):
        pytest.fail("there was one more")
    assert caught.value.code in ("busy", "engine_unavailable")
    assert not parameters_of(caught.value.message_id)


def test_a_server_has_threads_left_for_pages_when_everything_is_full() -> None:
    working = (concurrency.DETECTION, concurrency.HOSTED_CALLS, concurrency.DRAWING, concurrency.SEARCHING)
    assert sum(each.at_once + each.queue for each in working) == concurrency.MAX_THREADS
