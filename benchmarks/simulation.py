"""Workers that take photos in turn, simulated: how long photos wait in bursts, and when more workers are needed.

A simulation of discrete events: photos come at random moments (exponential gaps), the first free worker takes the one
that has waited longest, and each takes a time that was measured. These times are those of two real workers that get one
burst; how long its photos took is compared with a simulation of that burst.
"""

import heapq
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

import numpy as np

from benchmarks.album import Album, portraits
from benchmarks.arguments import add_count
from benchmarks.errors import BenchmarkError
from benchmarks.job_site import JobSite, running_site
from benchmarks.load import distinct
from benchmarks.report import Report, Row, Table, make_report, single
from benchmarks.services import BROKERS
from benchmarks.timing import Progress

HELP = "1, 10 and 100 workers against bursts, simulated with measured times, and two real workers beside it"
WORKERS = (1, 10, 100)
LOADS = (0.5, 0.8, 0.9, 1.0)
"""Photos that come in a second, divided by those that the workers can do."""
BURST = 60.0
"""Seconds in which a burst brings photos at several times the rate, once in ten minutes."""
BURST_FACTOR = 3.0
PERIOD = 600.0
SECONDS = 3 * PERIOD
REAL = 2
LONGEST = 900
SEED = 20

default_album = portraits


@dataclass(frozen=True)
class Waits:
    """Seconds from when a photo came until a worker took it."""

    p50: float
    p95: float
    longest: float


def simulate(arrivals: Sequence[float], services: Sequence[float], workers: int) -> list[float]:
    """The seconds that each photo waits; `services` are the seconds that it takes then."""
    free = [0.0] * workers
    """When each worker is free again, as a heap."""
    waits = []
    for arrival, service in zip(arrivals, services, strict=True):
        begin = max(arrival, free[0])
        heapq.heapreplace(free, begin + service)
        waits.append(begin - arrival)
    return waits


def arrivals(rate: float, seconds: float, numbers: np.random.Generator) -> Iterator[float]:
    """Moments at which photos come, so many a second on average, more of them in bursts."""
    # In a burst they come BURST_FACTOR times as often as otherwise; the average is the rate all the same.
    quiet = rate * PERIOD / (PERIOD + BURST * (BURST_FACTOR - 1))
    moment = 0.0
    while True:
        is_burst = moment % PERIOD < BURST
        moment += float(numbers.exponential(1 / (quiet * (BURST_FACTOR if is_burst else 1.0))))
        if moment >= seconds:
            return
        yield moment


def waits_of(workers: int, load: float, services: Sequence[float]) -> Waits:
    """Of three bursts and what is between them."""
    numbers = np.random.default_rng(SEED)
    rate = load * workers / float(np.mean(services))
    moments = list(arrivals(rate, SECONDS, numbers))
    return summary(simulate(moments, list(numbers.choice(services, len(moments))), workers))


def summary(waits: Sequence[float]) -> Waits:
    p50, p95, longest = (float(each) for each in np.percentile(waits, (50, 95, 100)))
    return Waits(p50, p95, longest)


# --- two real workers ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Real:
    """What workers did with a burst of photos that all came at once: seconds until each was done, in order."""

    ends: list[float]

    @property
    def services(self) -> list[float]:
        """Seconds that each took a worker, from the gaps between the ends."""
        return [REAL * float(gap) for gap in np.diff(self.ends)]


def run_burst(site: JobSite, photos: Sequence[bytes]) -> Real:
    """Raises BenchmarkError where the workers don't finish."""
    jobs, end = [site.submit(photo) for photo in photos], time.monotonic() + LONGEST
    for worker in site.workers:
        worker.start()
    rows = [site.wait_until_over(job, end) for job in jobs]
    if None in rows:
        raise BenchmarkError("The workers did not finish their photos.")
    moments = sorted(datetime.fromisoformat(row["finished"]).timestamp() for row in rows)
    # Until each has loaded its engine.
    moments = moments[2 * REAL :]
    return Real([moment - moments[0] for moment in moments])


def compare(real: Real) -> Row:
    """The same burst, simulated with the times of the other half of the photos."""
    services = real.services
    half = services[: len(services) // 2]
    numbers = np.random.default_rng(SEED)
    count = len(real.ends)
    runs = []
    for _ in range(200):
        drawn = list(numbers.choice(half, count))
        runs.append([w + s for w, s in zip(simulate([0.0] * count, drawn, REAL), drawn, strict=True)])
    simulated = float(np.median([np.percentile(run, 95) for run in runs]))
    measured = float(np.percentile(real.ends, 95))
    return {
        "measured p95": single(round(measured, 2), "s"),
        "simulated p95": single(round(simulated, 2), "s"),
        "ratio": single(round(simulated / measured, 2)),
    }


# --- the report ------------------------------------------------------------------------------------------------------


def to_row(waits: Waits) -> Row:
    return {
        "p50": single(round(waits.p50, 2), "s"),
        "p95": single(round(waits.p95, 2), "s"),
        "longest": single(round(waits.longest, 1), "s"),
    }


def add_arguments(parser: ArgumentParser) -> None:
    add_count(parser, "photos", 120, "photos of the burst for two real workers")
    parser.add_argument("--broker", choices=BROKERS, default="redis", help="what brings the jobs (%(default)s)")


def measure(album: Album, options: Namespace, progress: Progress) -> Report:
    """Raises BenchmarkError where a program is missing."""
    photos = list(islice(distinct([path.read_bytes() for path in album.paths]), options.photos))
    with running_site(options.broker, REAL, starts_workers=False) as site:
        real = run_burst(site, photos)
    services = real.services
    cases = [(workers, load) for workers in WORKERS for load in LOADS]
    rows = {
        f"{workers} at {load:.0%}": to_row(waits_of(workers, load, services)) for workers, load in progress(cases, "")
    }
    times: Row = {
        "mean": single(round(float(np.mean(services)), 3), "s"),
        "p95": single(round(float(np.percentile(services, 95)), 3), "s"),
    }
    tables = {
        "service": Table("Time of a photo in a worker", "of", {"measured": times}),
        "real": Table("A burst for two workers: until done", "of", {"burst": compare(real)}),
        "waiting": Table("Simulated waiting times", "workers and load", rows),
    }
    conditions = {"photos": options.photos, "burst": f"{BURST_FACTOR:.0f} times for {BURST:.0f} s in {PERIOD:.0f} s"}
    return make_report("simulation", conditions, tables)
