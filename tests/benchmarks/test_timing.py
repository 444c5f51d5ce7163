"""How runs are repeated and timed."""

import pytest

from benchmarks.timing import Stopwatch, rounds_for, run_in_threads, timed


def test_a_stopwatch_adds_up_stages_also_those_that_fail():
    stopwatch = Stopwatch()
    for _ in range(2):
        with pytest.raises(KeyError), stopwatch.stage("one"):
            raise KeyError
    assert list(stopwatch.seconds) == ["one"]


def test_times_an_action_by_any_clock():
    ticks = iter([3.0, 5.5])
    assert timed(lambda: None, lambda: next(ticks)) == 2.5


@pytest.mark.parametrize(("count", "wanted", "rounds"), [(4, 28, 7), (85, 28, 1), (5, 28, 6), (0, 28, 28)])
def test_many_photos_need_few_rounds(count, wanted, rounds):
    assert rounds_for(count, wanted) == rounds


def test_threads_work_on_every_item():
    done: list[int] = []
    run_in_threads(range(20), 3, done.append)
    assert sorted(done) == list(range(20))


def test_a_failure_in_a_thread_is_raised():
    with pytest.raises(ZeroDivisionError):
        run_in_threads([1, 0], 2, lambda number: 1 / number)
