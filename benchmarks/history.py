"""How long the pages of the history take among few results, among many, and for an owner of few among many.

Databases are made for it and deleted: in SQLite, or in the PostgreSQL of DATABASE_URL. SQLite works within this
process, so CPU time is measured, which other programs do not lengthen; for PostgreSQL it is elapsed time.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from django.conf import settings
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import DEFAULT_DB_ALIAS, ConnectionHandler
from django.test import Client, override_settings

from benchmarks.album import Album, bundled_album
from benchmarks.arguments import add_count
from benchmarks.errors import BenchmarkError, UsageError
from benchmarks.report import Report, Row, Table, make_report, milliseconds, single
from benchmarks.site import PREFIX, connected
from benchmarks.timing import Progress, timed
from landmarks.models import Owner, Photo, Result, Status, first_position

HELP = "pages of the history among 1,000 and among 100,000 results; FOLDER has no effect"
FEW = 1_000
"""Results that fill a page with each filter, in the middle of the history too."""
MOST_RATIO = 1.5
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
STEP = timedelta(minutes=5)
OWNER, OTHER_OWNER = "benchmark-owner-of-all", "benchmark-owner-of-few"
default_album = bundled_album


# --- databases -------------------------------------------------------------------------------------------------------


@contextmanager
def database(folder: str, name: str) -> Iterator[BaseDatabaseWrapper]:
    """A connection to an empty database of the kind that the site has."""
    site = connections[DEFAULT_DB_ALIAS]
    test_name = f"{folder}/{name}.sqlite3" if site.vendor == "sqlite" else f"facesite_benchmark_{name}"
    described = {**site.settings_dict, "TEST": {**site.settings_dict["TEST"], "NAME": test_name}}
    connection = ConnectionHandler({DEFAULT_DB_ALIAS: described})[DEFAULT_DB_ALIAS]
    with connected(connection):
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield connection
    finally:
        connection.creation.destroy_test_db(site.settings_dict["NAME"], verbosity=0)


def fill(connection: BaseDatabaseWrapper, count: int, owner: str, every: int = 1) -> None:
    """Store results five minutes apart, or `every` so many steps: half with a frequent word, ten with a rare one."""
    with connected(connection):
        photo = Photo.objects.create(
            owner=Owner(kind=Owner.Kind.BROWSER, key=owner).saved(),
            digest="",
            file="photos/none.jpg",
            width=640,
            height=480,
            format="JPEG",
            created=NOW,
        )
        rows = (make_result(photo, number, count, every) for number in range(count))
        while some := list(islice(rows, 5_000)):
            Result.objects.bulk_create(some)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")  # as PostgreSQL does by itself after a while


def make_result(photo: Photo, number: int, count: int, every: int) -> Result:
    return Result(
        owner=photo.owner,
        photo=photo,
        name=f"{'portrait' if number % 2 else 'holiday'} {number:06}.jpg",
        note="zebra" if number % (count // 10) == 7 else "",
        created=NOW - number * every * STEP,
        engine="acedata" if number % 5 == 0 else "local",
        face_model_version="3.0",
        face_count=(1, 2, 0, 1, 9, 1, 0, 3, 1, 1)[number % 10],
        has_guessed=number % 10 in (1, 4, 7),
        has_turned=number % 10 == 3,
        smallest_face=24 + number % 200,
        status=Status.FAILED if number % 10 == 6 else Status.DONE,
        error_code="engine_failed" if number % 10 == 6 else "",
        thumbnail="thumbnails/none.jpg",
        elapsed_ms=80.0,
    )


# --- pages -----------------------------------------------------------------------------------------------------------


def page_addresses(count: int, every: int = 1) -> dict[str, str]:
    """Each filter on its first page and, as "deep", on the last page that is as full."""
    middle = (NOW - count * every * STEP / 2).date()
    filters = {
        "everything": "",
        "since a day": f"since={middle}",
        "until a day": f"until={middle}",
        "no face": "count=0",
        "one face": "count=1",
        "5 faces and more": "count=5-",
        "engine": "engine=acedata",
        "found": "state=found",
        "failed": "state=failed",
        "guessed points": "has_guessed=1",
        "turned heads": "has_turned=1",
        "small faces": "smaller_than=48",
        "no such size": "smaller_than=8",
        "frequent word": "words=portrait",
        "rare word": "words=zebra",
        "number in a name": f"words={count - 20:06}",
        "two words": "words=portrait+zebra",
        "no such word": "words=giraffe",
        "trigrams of many words": "words=0000000",
        "short word": "words=po",
        "no such short word": "words=qq",
    }
    deep = first_position(NOW - int(0.6 * count) * every * STEP)
    pages = {name: f"/results/?{query}" for name, query in filters.items()}
    return pages | {f"{name}, deep": f"{address}&before={deep}" for name, address in pages.items() if "day" not in name}


@dataclass(frozen=True)
class Side:
    """What one owner sees in one database."""

    connection: BaseDatabaseWrapper
    client: Client
    addresses: Mapping[str, str]

    def request(self, page: str) -> None:
        """Raises BenchmarkError for a page that is not found."""
        # Over HTTPS and by a name that is always allowed, so that it works with every setting of the site.
        response = self.client.get(self.addresses[page], secure=True, headers={"host": "localhost"})
        if response.status_code != 200:
            raise BenchmarkError(f"{self.addresses[page]} returned {response.status_code}.")


@contextmanager
def plain_static_files() -> Iterator[None]:
    """Let pages name static files that were not collected."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        STORAGES={**settings.STORAGES, "staticfiles": plain}, STATIC_ROOT=settings.STATICFILES_DIRS[0]
    ):
        yield


def client_of(owner: str) -> Client:
    client, session = Client(), SessionStore()
    session["owner"] = owner
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    return client


@contextmanager
def open_sides(many: int) -> Iterator[dict[str, Side]]:
    """Few results, many, and few that another owner has among these many."""
    every = many // FEW
    with TemporaryDirectory(prefix=PREFIX) as folder, ExitStack() as databases:
        small, large = (databases.enter_context(database(folder, name)) for name in ("small", "large"))
        fill(small, FEW, OWNER)
        fill(large, many, OWNER)
        fill(large, FEW, OTHER_OWNER, every)
        yield {
            "few": Side(small, client_of(OWNER), page_addresses(FEW)),
            "many": Side(large, client_of(OWNER), page_addresses(many)),
            "few_of_many": Side(large, client_of(OTHER_OWNER), page_addresses(FEW, every)),
        }


# --- figures ---------------------------------------------------------------------------------------------------------


def time_pages(sides: Mapping[str, Side], rounds: int, progress: Progress) -> dict[str, Row]:
    """Each page of each side in turn, round by round, after one request that loads the templates."""
    time_page(sides["few"], "everything", perf_counter)
    pages = list(sides["few"].addresses)
    clock = process_time if sides["few"].connection.vendor == "sqlite" else perf_counter
    seconds: dict[str, dict[str, list[float]]] = {page: {name: [] for name in sides} for page in pages}
    for page in progress(pages * rounds, "pages"):
        for name, side in sides.items():
            seconds[page][name].append(time_page(side, page, clock))
    return {page: to_row(seconds[page]) for page in pages}


def time_page(side: Side, page: str, clock: Callable[[], float]) -> float:
    with connected(side.connection):
        return timed(lambda: side.request(page), clock)


def to_row(seconds: Mapping[str, Sequence[float]]) -> Row:
    times = {name: milliseconds(runs) for name, runs in seconds.items()}
    ratios = {name: round(times[name].median / times["few"].median, 2) for name in ("many", "few_of_many")}
    return times | {f"{name}_ratio": single(ratio) for name, ratio in ratios.items()}


def find_problems(rows: Mapping[str, Row]) -> list[str]:
    """The pages that take too much longer among many results."""
    ratios = {page: max(row[name].median for name in row if name.endswith("_ratio")) for page, row in rows.items()}
    return [
        f"The page “{page}” takes {ratio} times as long among many results; {MOST_RATIO} is the limit."
        for page, ratio in ratios.items()
        if ratio > MOST_RATIO
    ]


def add_arguments(parser: ArgumentParser) -> None:
    add_count(parser, "many", 100_000, f"results in the large database; a multiple of {FEW}")
    add_count(parser, "rounds", 40, "repetitions")


def measure(album: Album, options: Namespace, progress: Progress) -> Report:
    """Raises BenchmarkError for a page that cannot be read."""
    if options.many % FEW:
        raise UsageError(f"--many must be a multiple of {FEW}, not {options.many}.")
    with plain_static_files(), open_sides(options.many) as sides:
        rows = time_pages(sides, options.rounds, progress)
        connection = sides["few"].connection
        version = ".".join(map(str, connection.get_database_version()))
    time = "CPU time" if connection.vendor == "sqlite" else "Elapsed time"
    conditions = {
        "database": f"{connection.vendor} {version}",
        "few": FEW,
        "many": options.many,
        "rounds": options.rounds,
    }
    table = Table(f"{time} of a page, medians", "page", rows)
    return make_report("history", conditions, {"pages": table}, problems=find_problems(rows))
