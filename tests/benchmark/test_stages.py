"""Stages, threads: what is timed, not how fast it is."""

import pytest

from landmarks.benchmark.stages import (
    STAGE_OF_MODEL,
    STAGES,
    TimedEngine,
    measure_threads,
    time_batch,
    time_one,
    time_stages,
)
from landmarks.benchmark.timing import Clock, rounds_for, spread, timed
from landmarks.engines.local.engine import Models
from tests.benchmark.conftest import watch


def test_every_model_of_the_engine_belongs_to_a_stage(models_dir):
    assert set(vars(Models(models_dir))) == set(STAGE_OF_MODEL)


def test_the_timed_engine_finds_what_the_engine_finds(bench, engine, looks):
    photo = bench.read(looks[1].path)
    assert TimedEngine(bench.models_dir).find(photo, bench.options).faces == engine.find(photo, bench.options).faces


def test_the_stages_of_a_photo_add_up(bench, looks, shelf):
    seconds = time_one(looks[0].path, bench, TimedEngine(bench.models_dir), shelf.keep)
    assert set(seconds) >= set(STAGES)
    assert all(value > 0 for value in seconds.values())
    assert seconds["whole"] == pytest.approx(sum(seconds[stage] for stage in STAGES if stage != "whole"))


def test_each_round_goes_over_each_photo_and_keeps_nothing(bench, looks, shelf):
    times = time_stages(looks, bench, shelf.keep, 2, watch)
    assert times.rounds == 2
    assert (shelf.kept, shelf.taken_away) == (4, 4)
    assert list(times.stages) == list(STAGES)
    assert [(each.photo, each.width, each.faces) for each in times.by_photo] == [
        ("astronaut.jpg", 512, 1),
        ("two_people.jpg", 1126, 2),
    ]
    assert all(set(each.median_ms) == set(STAGES) for each in times.by_photo)


def test_few_photos_are_repeated_until_medians_are_steady(bench, looks, shelf):
    assert time_stages(looks[:1], bench, shelf.keep, None, watch).rounds == 28


def test_tells_photos_and_faces_a_second_with_one_and_two_threads(bench, engine, looks):
    one, two = measure_threads(looks, bench, engine, 1, watch)
    assert (one.threads, two.threads) == (1, 2)
    assert one.faces_per_s == pytest.approx(1.5 * one.photos_per_s, abs=0.05)


def test_an_error_in_a_thread_is_told(bench, engine, looks, tmp_path):
    broken = type(looks[0])(tmp_path / "none.jpg", 1, 1, ())
    with pytest.raises(Exception, match="cannot be read"):
        time_batch([broken], bench, engine, 2)


def test_half_of_the_runs_stay_below_the_median():
    assert spread([0.001, 0.002, 0.003]).median_ms == 2
    assert spread([0.001] * 19 + [0.1]).p95_ms < 10


def test_nothing_timed_has_no_median():
    with pytest.raises(ValueError, match="nothing was timed"):
        spread([])


def test_a_clock_adds_up_stages_also_those_that_fail():
    clock = Clock()
    for _ in range(2):
        with pytest.raises(KeyError), clock.stage("one"):
            raise KeyError
    assert list(clock.seconds) == ["one"]
    assert timed(lambda: sum(range(1000))) > 0


@pytest.mark.parametrize(("count", "wanted", "rounds"), [(4, 28, 7), (85, 28, 1), (5, 28, 6), (0, 28, 28)])
def test_many_photos_need_few_rounds(count, wanted, rounds):
    assert rounds_for(count, wanted) == rounds
