"""How long the pages of a collection take with 1,000 and with 100,000 photos."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from itertools import islice
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from django.db.backends.base.base import BaseDatabaseWrapper

from benchmarks.album import Album, bundled_album
from benchmarks.arguments import add_count
from benchmarks.history import FEW, NOW, OWNER, Side, client_of, database, find_problems, plain_static_files, time_page
from benchmarks.report import Report, Row, Table, make_report, milliseconds, single
from benchmarks.site import PREFIX, connected
from benchmarks.timing import Progress
from landmarks.models import Collection, Job, JobStatus, Owner, Photo, Result, Status

HELP = "pages of collections with 1,000 and with 100,000 photos; FOLDER has no effect"
PAGES = ("", "?state=done", "?state=none", "?state=failed", "?state=queued")
BATCH = 5_000

default_album = bundled_album


def fill(connection: BaseDatabaseWrapper, count: int) -> Collection:
    """Store a collection in which some photos have no face, failed, or wait."""
    with connected(connection):
        owner = Owner(kind=Owner.Kind.BROWSER, key=OWNER).saved()
        states = [state_of(number) for number in range(count)]
        numbers = {name: states.count(name) for name in ("done", "none", "failed")}
        collection = Collection.objects.create(
            owner=owner, name="Benchmark", engine="local", face_model_version="3.0", total=count, **numbers
        )
        numbered = iter(enumerate(states))
        while some := list(islice(numbered, BATCH)):
            store(collection, some)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")  # as PostgreSQL does by itself after a while
        return collection


def state_of(number: int) -> str:
    return ("done", "done", "none", "done", "failed", "done", "done", "queued")[number % 8]


def store(collection: Collection, states: list[tuple[int, str]]) -> None:
    owner = collection.owner
    photos = [
        Photo(owner=owner, digest=f"{number:064}", file="photos/none.jpg", width=640, height=480, format="JPEG")
        for number, _ in states
    ]
    Photo.objects.bulk_create(photos)
    facts = {"owner": owner, "engine": "local", "face_model_version": "3.0"}
    results, rows = [], []
    for (number, state), photo in zip(states, photos, strict=True):
        moment, name = NOW + number * timedelta(seconds=1), f"photo {number:06}.jpg"
        result = None
        if state in ("done", "none"):
            faces = int(state == "done")
            result = Result(photo=photo, name=name, created=moment, face_count=faces, status=Status.DONE, **facts)
            results.append(result)
        rows.append(
            Job(
                collection=collection,
                photo=photo,
                name=name,
                created=moment,
                result=result,
                status=JobStatus.DONE if result else JobStatus(state),
                has_faces=state == "done" if result else None,
                **facts,
            )
        )
    Result.objects.bulk_create(results)
    Job.objects.bulk_create(rows)


@contextmanager
def open_sides(many: int) -> Iterator[dict[str, Side]]:
    with TemporaryDirectory(prefix=PREFIX) as folder, ExitStack() as databases:
        sides = {}
        for name, count in (("few", FEW), ("many", many)):
            connection = databases.enter_context(database(folder, name))
            path = f"/collections/{fill(connection, count).pk}/"
            pages = {"the list": "/collections/", **{f"page {query}".strip(): path + query for query in PAGES}}
            sides[name] = Side(connection, client_of(OWNER), pages)
        yield sides


def time_pages(sides: dict[str, Side], rounds: int, progress: Progress) -> dict[str, Row]:
    clock = process_time if sides["few"].connection.vendor == "sqlite" else perf_counter
    time_page(sides["few"], "page", clock)  # loads the templates
    pages = list(sides["few"].addresses)
    seconds: dict[str, dict[str, list[float]]] = {page: {name: [] for name in sides} for page in pages}
    for page in progress(pages * rounds, "pages"):
        for name, side in sides.items():
            seconds[page][name].append(time_page(side, page, clock))
    return {page: to_row(each) for page, each in seconds.items()}


def to_row(seconds: dict[str, list[float]]) -> Row:
    times = {name: milliseconds(each) for name, each in seconds.items()}
    return {**times, "many_ratio": single(round(times["many"].median / times["few"].median, 2))}


def add_arguments(parser: ArgumentParser) -> None:
    add_count(parser, "many", 100_000, "photos in the large collection")
    add_count(parser, "rounds", 20, "repetitions")


def measure(album: Album, options: Namespace, progress: Progress) -> Report:
    """Raises BenchmarkError for a page that cannot be read."""
    with plain_static_files(), open_sides(options.many) as sides:
        rows = time_pages(sides, options.rounds, progress)
        vendor = sides["few"].connection.vendor
    time = "CPU time" if vendor == "sqlite" else "Elapsed time"
    conditions = {"database": vendor, "few": FEW, "many": options.many, "rounds": options.rounds}
    tables = {"pages": Table(f"{time} of a page, medians", "page", rows)}
    return make_report("collection-pages", conditions, tables, (), find_problems(rows))
