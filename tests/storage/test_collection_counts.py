"""The numbers of a collection: whatever happens to its photos, they are those of its rows."""

import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Count
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from landmarks.core.errors import EngineTimeout
from landmarks.models import Collection, Job, JobStatus, Owner, Result
from landmarks.storage import collection_counts, collections, deletion, jobs
from landmarks.storage.collection_counts import State, state_of
from tests.rows import make_owner, make_photo, make_result

pytestmark = pytest.mark.django_db(transaction=True)
SECOND = timedelta(seconds=1)


def make_collection(name: str = "Spring") -> Collection:
    return Collection.objects.create(owner=make_owner(), name=name, engine="local", face_model_version="3.0")


def add(collection: Collection, earlier: Result | None = None) -> Job:
    job = new_job(collection, photo=make_photo(collection.owner))
    assert collections.insert(job, earlier)
    return job


def new_job(collection: Collection, **facts: Any) -> Job:
    return Job(
        owner=collection.owner, name="p.jpg", engine="local", face_model_version="3.0", collection=collection, **facts
    )


def claimed(job: Job) -> Job:
    found = jobs.claim(job.pk)
    assert found
    return found


def finish(job: Job, **facts: Any) -> Result:
    with transaction.atomic():
        result = make_result(photo=job.photo, owner=job.owner, **facts)
        jobs.finish(job, result)
    return result


@pytest.fixture
def collection() -> Collection:
    """With photos in every state, as another one has them, too."""
    for each in (made := make_collection(), make_collection("Autumn")):
        for faces in (0, 1, 1):
            finish(claimed(add(each)), face_count=faces)
        finish(claimed(add(each)), error_code="timeout", error_message="Too slow.")
        jobs.fail(claimed(add(each)), EngineTimeout("hosted_timeout"))
        jobs.cancel(add(each))
        claimed(add(each))
        for _ in range(2):
            add(each)
    return made


def counted(collection: Collection) -> dict[State, int]:
    """By looking at each."""
    rows = Job.objects.filter(collection=collection).values_list("status", "has_faces").annotate(Count("pk"))
    found = dict.fromkeys(State, 0)
    for status, has_faces, number in rows.order_by():
        found[state_of(status, has_faces)] += number
    return found


def one(collection: Collection, state: State) -> Job:
    job = Job.objects.filter(collection=collection, **collections.condition(state)).first()
    assert job
    return job


def run_out(collection: Collection, attempts: int) -> None:
    Job.objects.filter(status=JobStatus.RUNNING).update(due=timezone.now() - SECOND, attempts=attempts)
    jobs.requeue_expired()


def delete_result(collection: Collection) -> None:
    result = one(collection, State.DONE).result
    assert result and deletion.delete(result)


def delete_shared_result(collection: Collection) -> None:
    """That of photos in two collections, one of them tried again meanwhile."""
    result = one(collection, State.FAILED).result or one(collection, State.DONE).result
    assert result
    add(make_collection("Winter"), result)
    assert deletion.delete(result)


def fetch_known_photo(collection: Collection) -> None:
    """The photo of an address, which is in the collection already."""
    collections.insert_addresses(collection, [job := new_job(collection, address="https://a.example/1.jpg")])
    with pytest.raises(jobs.LeaseLost):
        collections.attach(claimed(job), one(collection, State.DONE).photo)  # type: ignore[arg-type]


CHANGES: dict[str, Callable[[Collection], object]] = {
    "nothing": lambda collection: None,
    "claim": lambda collection: jobs.claim(one(collection, State.QUEUED).pk),
    "release": lambda collection: jobs.release(one(collection, State.RUNNING), SECOND, counts=True),
    "fail": lambda collection: jobs.fail(one(collection, State.RUNNING), EngineTimeout("hosted_timeout")),
    "late failure": lambda collection: jobs.fail(one(collection, State.DONE), EngineTimeout("hosted_timeout")),
    "finish": lambda collection: finish(one(collection, State.RUNNING), face_count=1),
    "expire": lambda collection: run_out(collection, 1),
    "expire for the third time": lambda collection: run_out(collection, 3),
    "cancel one": lambda collection: jobs.cancel(one(collection, State.QUEUED)),
    "cancel one that runs": lambda collection: jobs.cancel(one(collection, State.RUNNING)),
    "cancel one that is over": lambda collection: jobs.cancel(one(collection, State.DONE)),
    "cancel all": collections.cancel,
    "retry all": collections.retry,
    "retry one": lambda collection: collections.retry(collection, one(collection, State.FAILED).pk),
    "retry one that is done": lambda collection: collections.retry(collection, one(collection, State.DONE).pk),
    "add a known result": lambda collection: add(collection, make_result(face_count=2)),
    "add addresses": lambda collection: collections.insert_addresses(
        collection, [new_job(collection, address=f"https://a.example/{number}.jpg") for number in range(3)]
    ),
    "fetch a photo that it has": fetch_known_photo,
    "delete a result": delete_result,
    "delete a result of several": delete_shared_result,
    "forget another owner": lambda collection: collections.delete_all(Owner(kind="browser", key="bob").saved()),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_numbers_are_those_of_the_rows(collection: Collection, change: str) -> None:
    CHANGES[change](collection)
    each = list(Collection.objects.all())
    kept = collection_counts.count_each(each)
    assert {row.pk: kept[row.pk].by_state for row in each} == {row.pk: counted(row) for row in each}
    assert len(each) >= 2


def test_photos_that_come_and_end_at_once_are_all_counted() -> None:
    collection = make_collection()

    def work(number: int) -> None:
        try:
            for _ in range(5):
                if job := jobs.claim(add(collection).pk):
                    with suppress(jobs.LeaseLost):
                        finish(job, face_count=number % 2)
                add(collection)
                collections.cancel(collection)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        for _ in threads.map(work, range(4)):
            pass
    assert collection_counts.count(collection).by_state == counted(collection)
    assert collection_counts.count(collection).total == 40


def test_a_collection_that_is_deleted_meanwhile_has_no_photos(collection: Collection) -> None:
    pk = collection.pk
    collection.delete()
    collection.pk = pk
    assert collection_counts.count(collection).total == 0


@pytest.fixture
def prefers_indexes() -> Iterator[None]:
    """PostgreSQL reads a few rows without one."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET enable_seqscan = off")
        yield
        if connection.vendor == "postgresql":
            cursor.execute("SET enable_seqscan = on")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by the number of rows")
def test_nobody_looks_at_photos_that_are_over_to_count_them(collection: Collection) -> None:
    with CaptureQueriesContext(connection) as queries:
        collection_counts.count(collection)
    (query,) = queries
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
        plan = str(cursor.fetchall())
    assert "job_state (collection_id=? AND status=?" in plan
    assert "SCAN landmarks_job" not in plan


@pytest.mark.usefixtures("prefers_indexes")
def test_an_address_is_found_along_an_index(collection: Collection) -> None:
    """Also the longest, which is too long for an index of PostgreSQL's usual kind."""
    address = "https://a.example/" + secrets.token_hex(2000)
    collections.insert_addresses(collection, [new_job(collection, address=address)])
    assert collections.find_address(collection, address)
    rows = collections.jobs_of(collection).filter(address=address).order_by("position")
    assert "job_address" in rows.explain()
