"""The simulation of workers: first come, first served, by whoever is free."""

import numpy as np
import pytest

from benchmarks import simulation
from benchmarks.simulation import PERIOD, Real, arrivals, compare, simulate, waits_of


def test_photos_wait_for_the_next_free_worker() -> None:
    assert simulate([0, 0, 0], [2, 2, 2], 1) == [0, 2, 4]
    assert simulate([0, 0, 0], [2, 5, 1], 2) == [0, 0, 2]
    assert simulate([0, 10], [2, 2], 1) == [0, 0]


def test_bursts_bring_three_times_as_much_and_the_average_is_the_rate() -> None:
    moments = np.array(list(arrivals(5.0, 20 * PERIOD, np.random.default_rng(1))))
    assert len(moments) / (20 * PERIOD) == pytest.approx(5.0, rel=0.05)
    is_burst = moments % PERIOD < simulation.BURST
    quiet = np.sum(~is_burst) / (20 * (PERIOD - simulation.BURST))
    assert np.sum(is_burst) / (20 * simulation.BURST) / quiet == pytest.approx(simulation.BURST_FACTOR, rel=0.1)


def test_more_load_is_a_longer_wait_and_more_workers_a_shorter_one() -> None:
    waits = [waits_of(1, load, [0.5]).p95 for load in (0.3, 0.6, 0.9)]
    assert waits == sorted(waits)
    assert waits_of(10, 0.6, [0.5]).p50 <= waits_of(1, 0.6, [0.5]).p50


def test_a_burst_of_two_even_workers_is_simulated_as_it_was() -> None:
    ends = [number * 0.25 for number in range(1, 41)]
    row = compare(Real(ends))
    assert row["ratio"].median == pytest.approx(1.0, abs=0.1)
