"""Photos a second of one and two workers, and their CPU time for a photo, beside bare engines on the same machine.

A bare engine is a process that decodes, analyses and encodes the same photos with one thread. Workers and bare engines
take turns, so that other work on the machine affects both. All photos are submitted before the workers start, and they
are measured from when all of them are at work until the last photo is done.
"""

import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from benchmarks.album import Album, portraits
from benchmarks.arguments import add_count
from benchmarks.errors import BenchmarkError
from benchmarks.job_site import JobSite, Program, running_site
from benchmarks.load import distinct
from benchmarks.process import Child, cpu_seconds, running
from benchmarks.report import Report, Row, Table, figure, make_report, milliseconds
from benchmarks.services import BROKERS
from benchmarks.site import models_dir
from benchmarks.timing import Progress

HELP = "workers of Celery beside bare engines: photos a second of one and two, CPU time for each photo"
WORKERS = (1, 2)
LEAST_GAIN = 1.65
"""Times as many photos a second that two workers must do, unless two bare engines don't either."""
MOST_CPU = 1.1
"""Times the CPU time of the bare work that a worker may take for a photo."""
LONGEST = 900

default_album = portraits


@dataclass(frozen=True)
class Round:
    """What so many workers, or bare engines, did."""

    rate: float
    """Photos a second."""
    cpu: float
    """Seconds for a photo."""


def work(site: JobSite, count: int, photos: Iterator[bytes], number: int) -> Round:
    """Of `count` workers over so many photos. Raises BenchmarkError where they don't finish them."""
    before = site.results()
    jobs = [site.submit(photo) for photo in islice(photos, number)]
    workers, end = site.workers[:count], time.monotonic() + LONGEST
    try:
        for worker in workers:
            worker.start()
        # Each has loaded its engine by then, and done some.
        warm = number // 3
        site.wait_for_results(before + warm, end)
        cpu, done = sum(map(cpu_of, workers)), site.results()
        site.wait_for_results(before + number, end)
        cpu, rest = sum(map(cpu_of, workers)) - cpu, before + number - done
        rows = [site.wait_until_over(job, end) for job in jobs]
    finally:
        for worker in workers:
            worker.stop()
    if None in rows:
        raise BenchmarkError("The workers did not finish their photos.")
    return Round(rate_of(rows, warm), cpu / rest)


def cpu_of(worker: Program) -> float:
    return cpu_seconds(worker.process.pid) if worker.process else 0.0


def rate_of(rows: Sequence[Any], warm: int) -> float:
    """Photos a second from the one with that number on."""
    moments = sorted(datetime.fromisoformat(row["finished"]) for row in rows)[warm - 1 :]
    return (len(moments) - 1) / (moments[-1] - moments[0]).total_seconds()


@contextmanager
def bare_engines(paths: Sequence[Path]) -> Iterator[list[Child]]:
    with ExitStack() as stack:
        yield [stack.enter_context(running("benchmarks.bare_work", models_dir(), 1, *paths)) for _ in WORKERS]


def work_bare(engines: Sequence[Child], number: int) -> Round:
    """Each of them over so many photos."""
    began = time.perf_counter()
    with ThreadPoolExecutor(len(engines)) as threads:
        cpu = list(threads.map(lambda engine: float(engine.ask()), engines))
    return Round(len(engines) * number / (time.perf_counter() - began), sum(cpu) / (len(engines) * number))


def to_tables(rounds: Sequence[dict[str, Round]]) -> dict[str, Table]:
    """`rounds` have what is done by its name and number, such as `workers, 2`."""
    rates: dict[str, Row] = {name: {"rate": figure([each[name].rate for each in rounds], "1/s")} for name in rounds[0]}
    costs: dict[str, Row] = {name: {"cpu": milliseconds([each[name].cpu for each in rounds])} for name in rounds[0]}
    gains: dict[str, Row] = {
        name: {"gain": figure([each[f"{name}, 2"].rate / each[f"{name}, 1"].rate for each in rounds], "")}
        for name in ("workers", "bare engines")
    }
    ratios = [
        each[f"workers, {count}"].cpu / each[f"bare engines, {count}"].cpu for each in rounds for count in WORKERS
    ]
    return {
        "rate": Table("Photos in a second", "who", rates),
        "gain": Table("Two divided by one", "who", gains),
        "cpu": Table("CPU time of a photo", "who", costs),
        "ratio": Table("CPU time divided by that of the bare work", "who", {"workers": {"ratio": figure(ratios, "")}}),
    }


def find_problems(tables: dict[str, Table]) -> list[str]:
    gains = {name: row["gain"].median for name, row in tables["gain"].rows.items()}
    ratio, found = tables["ratio"].rows["workers"]["ratio"].median, []
    if gains["workers"] < min(LEAST_GAIN, 0.95 * gains["bare engines"]):
        found.append(f"Slow: two workers did {gains['workers']:.2f} times as much as one.")
    if ratio > MOST_CPU:
        found.append(f"Slow: a worker took {ratio:.2f} times the CPU time of the bare work for a photo.")
    return found


def add_arguments(parser: ArgumentParser) -> None:
    add_count(parser, "photos", 90, "photos in a round; those of the folder are repeated")
    add_count(parser, "rounds", 3, "repetitions")
    parser.add_argument("--broker", choices=BROKERS, default="redis", help="what brings the jobs (%(default)s)")


def measure(album: Album, options: Namespace, progress: Progress) -> Report:
    """Raises BenchmarkError where a program is missing, or the system has no /proc."""
    if not Path("/proc/self/task").is_dir():
        raise BenchmarkError("The CPU time of workers can only be measured on Linux.")
    paths = list(islice(cycle(album.paths), options.photos))
    photos = distinct([path.read_bytes() for path in album.paths])
    with running_site(options.broker, len(WORKERS), starts_workers=False) as site, bare_engines(paths) as bare:
        for engine in bare:
            engine.ask()  # loads its models
        rounds = [
            {
                f"{name}, {count}": did
                for count in WORKERS
                for name, did in (
                    ("workers", work(site, count, photos, options.photos)),
                    ("bare engines", work_bare(bare[:count], options.photos)),
                )
            }
            for _ in progress(range(options.rounds), "rounds")
        ]
    tables = to_tables(rounds)
    conditions = {"photos": f"{options.photos} of {album.name}", "rounds": options.rounds, "broker": options.broker}
    return make_report("workers", conditions, tables, (), find_problems(tables))
