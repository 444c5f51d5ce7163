"""Collections: each photo once, whatever fails, and continued where it ended."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection

from landmarks.core.errors import QuotaExceeded, RateExceeded
from landmarks.models import Collection, Job, Owner, Photo, Result
from landmarks.services import collections, jobs, runs
from landmarks.storage import collection_counts
from landmarks.storage import collections as storage
from landmarks.storage import jobs as job_rows
from landmarks.storage.collection_counts import State
from tests.api.conftest import web  # noqa: F401  a fixture of this module, too

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("models_dir")]
PHOTOS = ("astronaut.jpg", "rocket.jpg", "two_people.jpg")


@pytest.fixture(autouse=True)
def media(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def ann() -> Owner:
    return Owner(kind=Owner.Kind.BROWSER, key="ann")


@pytest.fixture
def collection() -> Collection:
    return collections.create(ann(), "Spring", runs.run_options(), "local")


def add(collection: Collection, photo: Path) -> bool:
    return collections.add(collection, photo.read_bytes(), photo.name)


def run_all() -> None:
    while job := job_rows.claim_next():
        jobs.run(job)


def states(collection: Collection) -> dict[str, int]:
    return {state.value: count for state, count in collection_counts.count(collection).by_state.items() if count}


def no_limit() -> None:
    """Counts nothing."""


def test_photos_are_counted_by_their_state(collection: Collection, images: Path, media: Path) -> None:
    for name in PHOTOS:
        assert add(collection, images / name)
    assert states(collection) == {"queued": 3}
    lost = Photo.objects.order_by("created").last()
    assert lost
    (media / str(lost.file)).unlink()
    run_all()
    assert states(collection) == {"done": 1, "none": 1, "failed": 1}
    counts = collection_counts.count(collection)
    assert (counts.over, counts.total) == (3, 3)
    assert [result.name for result in collections.results_of(collection).oldest_first()] == list(PHOTOS[:2])


def test_a_photo_is_in_a_collection_once(collection: Collection, images: Path) -> None:
    assert add(collection, images / "rocket.jpg")
    assert not add(collection, images / "rocket.jpg")
    assert Job.objects.count() == 1


def test_a_photo_that_was_analysed_before_is_done_at_once(collection: Collection, images: Path) -> None:
    data = (images / "astronaut.jpg").read_bytes()
    result = runs.submit(data, "astronaut.jpg", ann(), runs.run_options(), "local")
    assert add(collection, images / "astronaut.jpg")
    assert states(collection) == {"done": 1}
    assert Job.objects.get().result == result
    other = collections.create(ann(), "Rotated", runs.run_options(rotate=True), "local")
    add(other, images / "astronaut.jpg")
    assert states(other) == {"queued": 1}


def test_a_photo_from_an_address_is_named_without_the_query(collection: Collection) -> None:
    lines = ["https://example.org/a%20photo.jpg?key=secret/x.jpg", "https://example.org/"]
    collections.add_addresses(collection, lines, no_limit)
    job, _ = collections.submit_address(collection, "https://example.org/b.jpg?key=secret", "")
    assert {each.name for each in Job.objects.exclude(pk=job.pk)} == {"a photo.jpg", "example.org"}
    assert job.name == "b.jpg"


def test_addresses_are_fetched_when_it_is_their_turn(
    collection: Collection,
    web: Callable[[str], str],  # noqa: F811
    images: Path,
) -> None:
    add(collection, images / "rocket.jpg")
    lines = [web("astronaut.jpg"), web("rocket.jpg"), web("rocket.jpg") + "-gone", "ftp://example.org/a"]
    added = collections.add_addresses(collection, lines, no_limit)
    assert (added.new, [name for name, _ in added.refused]) == (3, ["ftp://example.org/a"])
    assert collections.add_addresses(collection, lines, no_limit).known == 3
    run_all()
    # The rocket was in the collection already.
    assert states(collection) == {"done": 1, "none": 1, "failed": 1}
    failed = Job.objects.get(status="failed")
    assert (failed.error_code, failed.photo) == ("fetch_failed", None)
    assert Job.objects.get(has_faces=True).result.address == lines[0]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        (
            "https://a.example/1.jpg\r\n\n  http://b.example/2.jpg ",
            ["https://a.example/1.jpg", "http://b.example/2.jpg"],
        ),
        ("name,url\nAnn,https://a.example/1.jpg\nBob,none", ["https://a.example/1.jpg", "Bob,none"]),
        ("a.example/1.jpg\nhttps://a.example/2.jpg", ["a.example/1.jpg", "https://a.example/2.jpg"]),
        ("one", ["one"]),
        ('"https://a.example/1.jpg";"Ann"', ["https://a.example/1.jpg"]),
        ("https://a.example/1,2.jpg?a=b,c", ["https://a.example/1,2.jpg?a=b,c"]),
        ("Ann\thttps://a.example/1.jpg", ["https://a.example/1.jpg"]),
        ("", []),
    ],
    ids=["lines", "table", "no scheme", "no address", "quoted", "commas", "tabs", "nothing"],
)
def test_addresses_are_found_in_lists_and_tables(text: str, addresses: list[str]) -> None:
    assert list(collections.addresses_in(text)) == addresses


def archive(images: Path, *names: str) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for name in names:
            packed.write(images / name, f"album/{name}")
        packed.writestr("album/notes.txt", "no photo")
    return file


def test_an_archive_is_unpacked_and_what_is_no_photo_named(collection: Collection, images: Path) -> None:
    added = collections.add_archive(collection, archive(images, *PHOTOS), no_limit)
    assert (added.new, added.known, [name for name, _ in added.refused]) == (3, 0, ["notes.txt"])
    assert states(collection) == {"queued": 3}


def test_an_archive_that_takes_too_long_is_continued(
    collection: Collection, images: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collections, "SECONDS", -1)
    added = collections.add_archive(collection, archive(images, *PHOTOS), no_limit)
    assert (added.new, added.is_cut_short) == (0, True)
    monkeypatch.undo()
    collections.add_archive(collection, archive(images, PHOTOS[0]), no_limit)
    added = collections.add_archive(collection, archive(images, *PHOTOS), no_limit)
    assert (added.new, added.known, added.is_cut_short) == (2, 1, False)


def test_only_new_photos_of_an_archive_are_counted(collection: Collection, images: Path) -> None:
    counted: list[int] = []
    add(collection, images / PHOTOS[0])
    collections.add_archive(collection, archive(images, PHOTOS[0]), lambda: counted.append(1))
    assert len(counted) == 1, "only notes.txt, which may be a photo"


def test_what_keeps_all_photos_out_ends_the_archive(
    collection: Collection, images: Path, settings: LazySettings
) -> None:
    settings.MAX_STORED_MB = 0
    added = collections.add_archive(collection, archive(images, *PHOTOS), no_limit)
    assert isinstance(added.stopped_by, QuotaExceeded)
    assert (added.new, added.refused) == (0, [])


def test_a_rate_ends_a_list_which_can_be_sent_again(collection: Collection) -> None:
    left = [1]

    def count() -> None:
        if not left:
            raise RateExceeded("rate_exceeded", limit=1, period=60, retry_after=1)
        left.pop()

    lines = ["https://a.example/1.jpg", "https://a.example/2.jpg"]
    added = collections.add_addresses(collection, lines, count)
    assert (added.new, isinstance(added.stopped_by, RateExceeded)) == (1, True)
    left.append(1)
    added = collections.add_addresses(collection, lines, count)
    assert (added.new, added.known, added.stopped_by) == (1, 1, None)


def test_failed_photos_are_tried_again(
    collection: Collection, images: Path, settings: LazySettings, tmp_path: Path
) -> None:
    add(collection, images / "astronaut.jpg")
    models, settings.MODELS_DIR = settings.MODELS_DIR, tmp_path
    run_all()
    assert states(collection) == {"failed": 1}
    settings.MODELS_DIR = models
    assert storage.retry(collection) == 1
    run_all()
    assert states(collection) == {"done": 1}
    assert Result.objects.count() == 2


def test_what_is_cancelled_can_be_added_again(collection: Collection, images: Path) -> None:
    add(collection, images / "astronaut.jpg")
    assert storage.cancel(collection) == 1
    assert states(collection) == {"cancelled": 1}
    assert add(collection, images / "astronaut.jpg")
    run_all()
    assert states(collection) == {"cancelled": 1, "done": 1}


def test_jobs_of_a_collection_stay_with_it(collection: Collection, images: Path) -> None:
    add(collection, images / "rocket.jpg")
    run_all()
    Job.objects.update(finished="2026-01-01T00:00:00Z")
    assert not job_rows.delete_finished()
    collection.delete()
    assert not Job.objects.exists()
    assert Result.objects.exists()


def test_pages_go_through_all_photos_in_the_order_of_adding(collection: Collection, images: Path) -> None:
    for name in PHOTOS:
        add(collection, images / name)
    first = storage.read_page(collection, 2)
    assert ([job.name for job in first.jobs], first.before) == (list(PHOTOS[:2]), None)
    second = storage.read_page(collection, 2, after=first.after)
    assert ([job.name for job in second.jobs], second.after) == ([PHOTOS[2]], None)
    back = storage.read_page(collection, 2, before=second.before)
    assert [job.name for job in back.jobs] == list(PHOTOS[:2])
    assert storage.read_page(collection, 2, State.DONE).jobs == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by the number of rows")
@pytest.mark.parametrize("state", list(State))
def test_a_page_of_one_state_is_read_along_an_index(collection: Collection, state: State) -> None:
    rows = storage.jobs_of(collection).filter(**storage.condition(state)).order_by("position")
    plan = rows.explain()
    assert "job_state" in plan
    assert "TEMP B-TREE" not in plan
