"""How long pages of the history take at 1,000 and at 100,000 results; run by hand, see docs/history.md.

    .venv/bin/python -m tests.benchmark_history

Databases are made for it and thrown away: in SQLite, or in the PostgreSQL of DATABASE_URL. SQLite works within this
process, so its time is that of the processor, which other programs do not lengthen; PostgreSQL's is that of the clock.
"""

import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from statistics import median
from time import perf_counter, process_time

FEW, MANY = 1_000, 100_000
ROUNDS = 40
AT_MOST = 1.5
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
STEP = timedelta(minutes=5)
OWNER = "benchmark-of-one-owner"
FRIEND = "friend-of-a-few-results"


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="facesite-benchmark-") as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "facesite.settings"}
        import django

        django.setup()
        from django.test.utils import override_settings, setup_test_environment

        setup_test_environment()
        plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
        with ExitStack() as sites, override_settings(STORAGES={**django.conf.settings.STORAGES, **plain}):
            small = sites.enter_context(site("small"))
            large = sites.enter_context(site("large"))
            fill(small, FEW, OWNER)
            fill(large, MANY, OWNER)
            # Somebody with few results among many of others.
            fill(large, FEW, FRIEND, every=MANY // FEW)
            return tell(measure(small, large))


@contextmanager
def site(name: str) -> Iterator[object]:
    """A connection to an empty database of this name."""
    from django.db import DEFAULT_DB_ALIAS, connections
    from django.db.utils import ConnectionHandler

    place = {**connections[DEFAULT_DB_ALIAS].settings_dict}
    place["TEST"] = {**place["TEST"], "NAME": os.path.join(os.environ["DATA_DIR"], f"{name}.sqlite3")}
    if connections[DEFAULT_DB_ALIAS].vendor != "sqlite":
        place["TEST"]["NAME"] = f"facesite_benchmark_{name}"
    connection = ConnectionHandler({DEFAULT_DB_ALIAS: place})[DEFAULT_DB_ALIAS]
    before = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = connection
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    connections[DEFAULT_DB_ALIAS] = before
    yield connection
    connection.creation.destroy_test_db(place["NAME"], verbosity=0)


def fill(connection: object, count: int, owner: str, every: int = 1) -> None:
    """So many results, five minutes apart: every second with a frequent word, ten in all with a rare one."""
    from django.db import DEFAULT_DB_ALIAS, connections

    from landmarks.models import Photo, Result

    connections[DEFAULT_DB_ALIAS] = connection
    photo = Photo.objects.create(
        owner=owner, digest="", file="photos/none.jpg", width=640, height=480, format="JPEG", created=NOW
    )
    rows = (
        Result(
            owner=owner,
            photo=photo,
            name=f"{'portrait' if number % 2 else 'holiday'} {number:06}.jpg",
            note="zebra" if number % (count // 10) == 7 else "",
            created=NOW - number * every * STEP,
            engine="acedata" if number % 5 == 0 else "local",
            face_model_version="3.0",
            face_count=(1, 2, 0, 1, 9, 1, 0, 3, 1, 1)[number % 10],
            error_code="engine_failed" if number % 10 == 6 else "",
            thumbnail="thumbnails/none.jpg",
            elapsed_ms=80.0,
        )
        for number in range(count)
    )
    while some := list(islice(rows, 5_000)):
        Result.objects.bulk_create(some)
    if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as it does by itself after a while


def queries(count: int, every: int = 1) -> dict[str, str]:
    """Each filter by itself, on its first page and on the last that is as full."""
    from landmarks.models import first_place

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
        "frequent word": "words=portrait",
        "rare word": "words=zebra",
        "number in a name": f"words={count - 20:06}",
        "two words": "words=portrait+zebra",
        "no such word": "words=giraffe",
        "threes of many words": "words=0000000",
        "short word": "words=po",
        "no such short word": "words=qq",
    }
    deep = first_place(NOW - int(0.6 * count) * every * STEP)
    pages = {name: f"/results/?{query}" for name, query in filters.items()}
    return pages | {f"{name}, deep": f"{address}&before={deep}" for name, address in pages.items() if "day" not in name}


def measure(small: object, large: object) -> dict[str, tuple[float, float, float]]:
    """Milliseconds of each page: of few results, of many, and of few among many."""
    from django.contrib.sessions.backends.signed_cookies import SessionStore
    from django.db import DEFAULT_DB_ALIAS, connections
    from django.test import Client

    def client(owner: str) -> Client:
        made, session = Client(), SessionStore()
        session["owner"] = owner
        session.save()
        made.cookies["facesite_session"] = session.session_key
        return made

    sides = [
        (small, client(OWNER), queries(FEW)),
        (large, client(OWNER), queries(MANY)),
        (large, client(FRIEND), queries(FEW, MANY // FEW)),
    ]
    clock = process_time if small.vendor == "sqlite" else perf_counter  # type: ignore[attr-defined]
    times: dict[str, tuple[list[float], ...]] = {name: ([], [], []) for name in sides[0][2]}
    for _ in range(ROUNDS):
        for name, taken in times.items():
            for (connection, browser, addresses), list_of in zip(sides, taken, strict=True):
                connections[DEFAULT_DB_ALIAS] = connection
                begin = clock()
                response = browser.get(addresses[name])
                list_of.append(1000 * (clock() - begin))
                assert response.status_code == 200, (name, response.status_code)
    return {name: tuple(map(median, taken)) for name, taken in times.items()}  # type: ignore[misc]


def tell(found: dict[str, tuple[float, float, float]]) -> int:
    """Print the table; 1 if a page takes too much longer among many results."""
    from django.db import connection

    print(f"date      {datetime.now(UTC):%Y-%m-%d %H:%M} UTC")  # noqa: T201
    print(f"machine   {platform.machine()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}")  # noqa: T201
    print(f"database  {connection.vendor} {'.'.join(map(str, connection.get_database_version()))}")  # noqa: T201
    of = "the processor" if connection.vendor == "sqlite" else "the clock"
    print(f"time      medians of {ROUNDS} rounds in milliseconds of {of}\n")  # noqa: T201
    print(f"{'page':28}{FEW:>9,}{MANY:>9,}{'ratio':>7}{'few of many':>13}{'ratio':>7}")  # noqa: T201
    worst = 0.0
    for name, (few, many, among) in found.items():
        worst = max(worst, many / few, among / few)
        print(f"{name:28}{few:9.2f}{many:9.2f}{many / few:7.2f}{among:13.2f}{among / few:7.2f}")  # noqa: T201
    print(f"\nthe largest ratio is {worst:.2f}, at most {AT_MOST} is wanted")  # noqa: T201
    return int(worst > AT_MOST)


if __name__ == "__main__":
    sys.exit(main())
