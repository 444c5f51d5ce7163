"""Many photos, analysed one after the other or by several processes, in the order in which they are named."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import nullcontext
from multiprocessing import get_context

from landmarks.cli import saving, worker
from landmarks.cli.overlays import write_overlay
from landmarks.cli.sources import read_source
from landmarks.cli.tasks import Answer, Failure, Outcome, Task
from landmarks.core.errors import LandmarksError
from landmarks.engines.local.threads import single_thread
from landmarks.photos.encode import write_photo
from landmarks.services import runs

PHOTOS_PER_PROCESS = 8
"""From which on a further process is worth its start, which takes as long as about ten photos."""
AHEAD = 4
"""Photos for each process that are under way or wait for an earlier one: a bound for the memory that they take."""


def outcomes(tasks: list[Task], jobs: int) -> Iterator[Outcome]:
    """Analyse the photos in at most so many processes. One job uses one processor.

    Raises BrokenProcessPool if the system ends a process, as it does when memory runs out.
    """
    processes = min(jobs, len(tasks) // PHOTOS_PER_PROCESS)
    if processes > 1:
        yield from in_processes(tasks, processes)
    else:
        with single_thread() if jobs == 1 else nullcontext():
            yield from map(analyze, tasks)


def in_processes(tasks: Iterable[Task], processes: int) -> Iterator[Outcome]:
    """Processes, not threads, with which two were 1.65 times as fast as one instead of 1.8 (docs/decisions/0024)."""
    # Not forked: this one may have threads, whose locks would stay locked.
    context, window = get_context("spawn"), deque[Future[Outcome]]()
    pool = ProcessPoolExecutor(processes, context, worker.prepare)
    try:
        for task in tasks:
            window.append(pool.submit(worker.work, task))
            if len(window) == AHEAD * processes:
                yield window.popleft().result()
        while window:
            yield window.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def analyze(task: Task) -> Outcome:
    """The picture is gone before the next one is read."""
    return saving.analyze(task, task.saving) if task.saving else analyze_unsaved(task)


def analyze_unsaved(task: Task) -> Outcome:
    try:
        read = read_source(task.source)
        photo, finding = runs.analyze(read.read(), task.options, task.engine, read.public_address)
    except LandmarksError as exc:
        return Outcome(task.source, Failure(exc.code, exc.message))
    if task.upright:
        with task.upright.open("wb") as file:
            write_photo(photo.image, file)
    version = finding.face_model_version or task.options.face_model_version
    answer = Answer(photo.width, photo.height, photo.orientation, version, finding)
    return Outcome(task.source, answer, write_overlay(photo.image, finding.faces, task.overlay) if task.overlay else "")
