"""Speed, memory and, with a manifest, accuracy of the embedded engine."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from benchmarks.accuracy import Score, score
from benchmarks.album import MANIFEST, Album, bundled_album
from benchmarks.arguments import add_photo_arguments, positive
from benchmarks.errors import UsageError
from benchmarks.first_pass import Analyzed, FirstPass, Setup, photo_conditions, run_first_pass, setup_of
from benchmarks.memory import measure_memory, time_starts
from benchmarks.report import Report, Row, Table, make_report, milliseconds, single
from benchmarks.site import models_dir, store_result, temporary_storage
from benchmarks.stages import STAGES, time_stages
from benchmarks.throughput import measure_threads
from benchmarks.timing import Progress, rounds_for
from landmarks.engines.base import Engine
from landmarks.engines.local.engine import LocalEngine

HELP = "the embedded engine: time of each stage, threads, start, memory and, with a manifest, accuracy"
STAGE_RUNS, THREAD_RUNS, STARTS = 28, 3, 7
PERCENTAGES = ("recall", "anchors", "anchors_without_offset", "profile", "fr8")
"""The figures of a score that are percentages; the others are counts."""

default_album = bundled_album


@dataclass(frozen=True)
class Run:
    """What every part of the benchmark is given."""

    album: Album
    options: Namespace
    setup: Setup
    engine: Engine
    first_pass: FirstPass
    progress: Progress

    @property
    def photos(self) -> Sequence[Analyzed]:
        return self.first_pass.photos


Tables = dict[str, Table]


def speed(run: Run) -> Tables:
    rounds = run.options.rounds or rounds_for(len(run.photos), STAGE_RUNS)
    with temporary_storage():
        runs = time_stages(run.photos, run.setup, store_result, rounds, run.progress)
    every_run = [each for some in runs.values() for each in some]
    rows = {stage: {"time": milliseconds([each[stage] for each in every_run])} for stage in STAGES}
    details = {run.album.name_of(photo.path): photo_row(photo, runs[photo.path]) for photo in run.photos}
    return {
        "speed": Table(f"Time of each stage of a photo, {rounds} rounds", "stage", rows),
        "by_photo": Table("The same by photo", "photo", details, is_detail=True),
    }


def photo_row(photo: Analyzed, runs: Sequence[Mapping[str, float]]) -> Row:
    sizes = {
        "width": single(photo.width, "px"),
        "height": single(photo.height, "px"),
        "faces": single(len(photo.faces)),
    }
    return {**sizes, **{stage: milliseconds([each[stage] for each in runs]) for stage in STAGES}}


def threads(run: Run) -> Tables:
    rows = measure_threads(run.photos, run.setup, run.engine, run.options.rounds or THREAD_RUNS, run.progress)
    return {"threads": Table("From bytes to points, in a second", "what", rows)}


def start(run: Run) -> Tables:
    portrait = next((photo for photo in run.photos if len(photo.faces) == 1), run.photos[0])
    rows = time_starts(portrait.path, run.setup, run.options.rounds or STARTS, run.progress)
    return {"start": Table("From the start of a process to its first answer", "event", rows)}


def memory(run: Run) -> Tables:
    count = run.options.memory_photos
    rows = measure_memory([photo.path for photo in run.photos], run.setup, count, run.progress)
    return {"memory": Table(f"Resident memory of a process that analyses {count} photos", "after", rows)}


def accuracy(run: Run) -> Tables:
    if not run.album.truths:
        return {}
    points = {photo.path: [np.array(face.points) for face in photo.faces] for photo in run.photos}
    scores = score((truth, points.get(path, [])) for path, truth in run.album.truths.items())
    title = "Accuracy by tag; errors in percent of the distance between the outer eye corners"
    return {"accuracy": Table(title, "tag", {tag: score_row(each) for tag, each in scores.items()})}


def score_row(score: Score) -> Row:
    values = {name: value for name, value in asdict(score).items() if value is not None}
    return {name: single(value, "%" if name in PERCENTAGES else "") for name, value in values.items()}


PARTS: dict[str, Callable[[Run], Tables]] = {
    "speed": speed,
    "threads": threads,
    "start": start,
    "memory": memory,
    "accuracy": accuracy,
}


def add_arguments(parser: ArgumentParser) -> None:
    add_photo_arguments(parser)
    parser.add_argument("--only", action="append", choices=PARTS, help="one part; may be repeated (default: all)")
    parser.add_argument("--memory-photos", type=positive, metavar="N", default=1000, help="(default: %(default)s)")


def measure(album: Album, options: Namespace, progress: Progress) -> Report:
    """Raises BenchmarkError when no photo can be read, EngineError when the engine cannot run."""
    if "accuracy" in (options.only or ()) and not album.truths:
        raise UsageError(f"Accuracy needs a folder with a {MANIFEST}; docs/benchmark.md shows its form.")
    album, setup = album.first(options.photos), setup_of(models_dir(), rotate=options.rotate)
    engine = LocalEngine(setup.models_dir)
    seen = run_first_pass(album, setup, engine, progress)
    run = Run(album, options, setup, engine, seen, progress)
    tables: Tables = {}
    for part in PARTS:
        if part in (options.only or PARTS):
            tables |= PARTS[part](run)
    return make_report("engine", photo_conditions(album, seen, setup), tables, seen.notes)
