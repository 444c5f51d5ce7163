"""Capacity: so many at once, so many in line, in order, and nobody beyond."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import pytest

from landmarks.core.errors import Busy
from landmarks.runtime import concurrency
from landmarks.runtime.concurrency import Capacity
from tests.patience import PATIENCE


class Crowd:
    """Threads that ask for a place and stay in it until they are let go."""

    def __init__(self, places: Capacity) -> None:
        self.places = places
        self.pool = ThreadPoolExecutor(20)
        self.came_in: list[int] = []
        self.leave = [Event() for _ in range(20)]
        self.inside = [Event() for _ in range(20)]

    def come(self, number: int, count: int = 1) -> "Future[None]":
        """Returns when this one has a place, waits for one, or was refused."""
        before = self.places.waiting
        future = self.pool.submit(self.stay, number, count)
        while not (self.inside[number].is_set() or self.places.waiting > before or future.done()):
            self.inside[number].wait(0.001)
        return future

    def stay(self, number: int, count: int) -> None:
        with self.places.place(count):
            self.came_in.append(number)
            self.inside[number].set()
            assert self.leave[number].wait(PATIENCE)

    def end(self) -> None:
        for each in self.leave:
            each.set()
        self.pool.shutdown()


@pytest.fixture
def crowd() -> Iterator[Crowd]:
    crowd = Crowd(Capacity(at_once=2, queue=3, patience=PATIENCE))
    yield crowd
    crowd.end()


def test_as_many_as_there_are_places_are_in_at_once(crowd: Crowd) -> None:
    for number in range(4):
        crowd.come(number)
    assert (crowd.came_in, crowd.places.waiting) == ([0, 1], 2)


def test_who_comes_beyond_the_queue_is_told_to_come_again(crowd: Crowd) -> None:
    for number in range(5):
        crowd.come(number)
    with pytest.raises(Busy, match="Try again in a few seconds") as refusal:
        crowd.come(5).result(PATIENCE)
    assert (refusal.value.status, refusal.value.retry_after) == (503, 5)


def test_places_are_given_in_the_order_in_which_they_were_asked_for(crowd: Crowd) -> None:
    for number in range(5):
        crowd.come(number)
    for leaving, coming in ((1, 2), (0, 3), (3, 4)):
        crowd.leave[leaving].set()
        assert crowd.inside[coming].wait(PATIENCE)
    assert crowd.came_in == [0, 1, 2, 3, 4]


def test_who_leaves_and_comes_back_does_not_overtake(crowd: Crowd) -> None:
    for number in range(3):
        crowd.come(number)
    crowd.leave[0].set()
    assert crowd.inside[2].wait(PATIENCE)
    crowd.come(3)
    assert (crowd.came_in, crowd.places.waiting) == ([0, 1, 2], 1)


def test_a_wait_ends_and_leaves_the_line_as_it_was() -> None:
    crowd = Crowd(Capacity(at_once=1, queue=1, patience=0.01))
    crowd.come(0)
    for number in (1, 2):
        with pytest.raises(Busy):
            crowd.come(number).result(PATIENCE)
    assert crowd.places.waiting == 0
    crowd.leave[0].set()
    crowd.pool.shutdown()
    with crowd.places.place():
        assert crowd.came_in == [0]


def test_a_failure_inside_gives_the_place_back() -> None:
    places = Capacity(at_once=1, queue=0)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), places.place():
            raise ZeroDivisionError
    with places.place(), pytest.raises(Busy), places.place():
        pytest.fail("there was a second place")


def test_several_places_are_taken_at_once_and_nobody_overtakes_who_waits_for_many() -> None:
    crowd = Crowd(Capacity(at_once=10, queue=5, patience=PATIENCE))
    for number, count in enumerate((6, 7, 4)):
        crowd.come(number, count)
    assert (crowd.came_in, crowd.places.waiting) == ([0], 2)
    crowd.leave[0].set()
    assert crowd.inside[1].wait(PATIENCE)
    assert (crowd.came_in, crowd.places.waiting) == ([0, 1], 1)
    crowd.end()


def test_who_asks_for_more_than_there_are_gets_all() -> None:
    places = Capacity(at_once=10, queue=0)
    with places.place(11), pytest.raises(Busy), places.place(1):
        pytest.fail("there was one more")
    with places.place(10):
        pass


def test_who_gives_up_lets_those_in_who_ask_for_less() -> None:
    crowd = Crowd(Capacity(at_once=10, queue=5, patience=0.5))
    crowd.come(0, 6)
    hasty = crowd.come(1, 7)
    crowd.places._patience = PATIENCE
    crowd.come(2, 4)
    with pytest.raises(Busy):
        hasty.result(PATIENCE)
    assert crowd.inside[2].wait(PATIENCE)
    crowd.end()


def test_threads_are_left_for_pages_when_all_places_and_queues_are_full() -> None:
    every = (concurrency.LOOKS, concurrency.CALLS, concurrency.DRAWINGS)
    assert sum(each.at_once + each.queue for each in every) == concurrency.MOST
