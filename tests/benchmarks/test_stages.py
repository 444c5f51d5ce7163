"""Stages: what is timed, not how fast it is."""

import pytest

from benchmarks.stages import STAGE_OF_MODEL, STAGES, TimedEngine, time_one, time_stages
from landmarks.engines.local.engine import Models
from tests.benchmarks.conftest import progress


def test_every_model_of_the_engine_belongs_to_a_stage(models_dir):
    assert set(vars(Models(models_dir))) == set(STAGE_OF_MODEL)


def test_the_timed_engine_finds_what_the_engine_finds(setup, engine, photos):
    photo = setup.read(photos[1].path)
    assert TimedEngine(setup.models_dir).find(photo, setup.options).faces == engine.find(photo, setup.options).faces


def test_the_stages_of_a_photo_add_up(setup, photos, storage):
    seconds = time_one(photos[0].path, setup, TimedEngine(setup.models_dir), storage.store)
    assert set(seconds) >= set(STAGES)
    assert all(value > 0 for value in seconds.values())
    assert seconds["whole"] == pytest.approx(sum(seconds[stage] for stage in STAGES if stage != "whole"))


def test_each_round_runs_over_each_photo_and_keeps_nothing(setup, photos, storage):
    runs = time_stages(photos, setup, storage.store, 2, progress)
    assert (storage.stored, storage.deleted) == (4, 4)
    assert {path.name: len(each) for path, each in runs.items()} == {"astronaut.jpg": 2, "two_people.jpg": 2}
