"""Jobs while something fails again and again: each must be done once, or failed with its reason.

Without a broker the server's own threads run the jobs; with one, two workers of Celery. What fails is one of those who
run jobs, or the server (`kill`), the database (`database`), the broker (`broker`), or one of those who run jobs does
nothing for longer than its leases last, and then goes on (`freeze`).
"""

import signal
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from typing import Any

from benchmarks.album import Album, portraits
from benchmarks.arguments import add_count
from benchmarks.errors import UsageError
from benchmarks.job_site import JobSite, Program, running_site
from benchmarks.load import distinct
from benchmarks.report import Report, Row, Table, figure, make_report, milliseconds, single
from benchmarks.services import BROKERS
from benchmarks.timing import Progress
from landmarks.storage.jobs import LEASE, MAX_ATTEMPTS

HELP = "jobs while what they depend on fails: lost and doubled results, time"
CLIENTS = 4
"""That submit photos."""
CLIENTS = 4
"""That submit photos."""
LONGEST = 900
"""Seconds for all jobs, after which those that are not over are lost."""
FROZEN = LEASE.total_seconds() + 10
"""Seconds, after which the jobs of a frozen process have been given to others."""
LATE = "result is discarded"
"""What a process logs whose answer came too late."""

default_album = portraits


def kill(victim: Program, site: JobSite) -> None:
    victim.kill()
    victim.start()


def freeze(victim: Program, site: JobSite) -> None:
    victim.signal(signal.SIGSTOP)
    time.sleep(FROZEN)
    victim.signal(signal.SIGCONT)


def restart_database(victim: Program, site: JobSite) -> None:
    if site.database:
        site.database.stop()
        site.database.start()


def restart_broker(victim: Program, site: JobSite) -> None:
    if site.broker:
        site.broker.stop()
        site.broker.start()


FAULTS: dict[str, Callable[[Program, JobSite], None]] = {
    "kill": kill,
    "freeze": freeze,
    "database": restart_database,
    "broker": restart_broker,
}


def victims(site: JobSite, fault: str) -> Iterator[Program]:
    """Whom a fault hits, one after the other. The server that is asked is never frozen."""
    programs = (*site.workers, *site.servers) if fault == "kill" else site.executors
    yield from cycle(reversed(programs) if fault == "freeze" and len(programs) > 1 else programs)


def add_arguments(parser: ArgumentParser) -> None:
    add_count(parser, "jobs", 200, "jobs; the photos of the folder are repeated")
    parser.add_argument("--fault", choices=FAULTS, default="kill", help="what fails meanwhile (%(default)s)")
    add_count(parser, "times", 5, "how often")
    parser.add_argument(
        "--broker", choices=BROKERS, default="", help="use Celery's workers, with a broker of that kind"
    )


def measure(album: Album, options: Namespace, progress: Progress) -> Report:
    """Raises BenchmarkError where a program is missing."""
    if options.fault == "broker" and not options.broker:
        raise UsageError("Name the broker that fails: --broker redis or rabbitmq.")
    photos, fault = [path.read_bytes() for path in album.paths], FAULTS[options.fault]
    # Of threads, those of another server must do what the frozen one does not.
    servers = 2 if options.fault == "freeze" and not options.broker else 1
    has_cluster = options.fault == "database"
    with running_site(options.broker, 2 if options.broker else 0, servers=servers, has_cluster=has_cluster) as site:
        began = time.monotonic()
        # Others submit meanwhile, so that jobs wait and run whenever something fails.
        with ThreadPoolExecutor(CLIENTS) as clients:
            submitting = [clients.submit(site.submit, photo) for photo in islice(distinct(photos), options.jobs)]
            hit = islice(victims(site, options.fault), options.times)
            for number, victim in enumerate(progress(list(hit), options.fault), start=1):
                site.wait_for_results(options.jobs * number // (options.times + 2), began + LONGEST)
                fault(victim, site)
            jobs = [each.result() for each in progress(submitting, "submitting")]
        rows = [site.wait_until_over(job, began + LONGEST) for job in progress(jobs, "waiting")]
        seconds, total, late = time.monotonic() - began, site.results(), site.count_logged(LATE)
    table: Row = {
        **to_row(rows),
        "discarded": single(late),
        "seconds": single(round(seconds, 1), "s"),
        "submitting": milliseconds(site.seconds),
    }
    executor, database = options.broker or "threads", "postgresql" if has_cluster else "sqlite"
    conditions = {"jobs": options.jobs, "fault": options.fault, "times": options.times, "executor": executor}
    tables = {"jobs": Table("Jobs", "of", {"all": table})}
    return make_report("jobs", conditions | {"database": database}, tables, (), problems(rows, total))


def done(rows: Sequence[Any]) -> list[Any]:
    return [row for row in rows if row and row["status"] == "done"]


def failed(rows: Sequence[Any]) -> list[Any]:
    return [row for row in rows if row and row["status"] != "done"]


def to_row(rows: Sequence[Any]) -> Row:
    """Of the jobs as the site describes them; None stands for one that never ended."""
    return {
        "done": single(len(done(rows))),
        "failed": single(len(failed(rows))),
        "begun again": single(sum(row["attempts"] > 1 for row in rows if row)),
        "attempts": figure([row["attempts"] for row in rows if row], ""),
    }


def problems(rows: Sequence[Any], total: int) -> list[str]:
    """`total` is the number of results that there are."""
    found = [f"{rows.count(None)} jobs never ended."] if None in rows else []
    found += [f"A job failed without a reason: {row}" for row in failed(rows) if not row["error"]]
    results = [row["result"] for row in done(rows)]
    # An engine that failed is a result, too, but none fails here.
    if not total == len(results) == len(set(results)):
        found.append(f"{len(results)} jobs are done, but there are {total} results.")
    if any(row["attempts"] > MAX_ATTEMPTS for row in rows if row):
        found.append("A job was begun too often.")
    return found
