"""Collections that are paused: nothing of them is begun until they go on."""

from datetime import timedelta

import pytest

from landmarks.core.finding import Options
from landmarks.models import Collection, Job, JobStatus
from landmarks.services import collections
from landmarks.storage import collection_counts, jobs
from landmarks.storage import collections as storage
from landmarks.storage.collections import State
from tests.rows import make_owner

pytestmark = pytest.mark.django_db(transaction=True)
SECOND = timedelta(seconds=1)


def add(collection: Collection, *names: str) -> None:
    lines = [f"https://photos.example/{name}" for name in names]
    collections.add_addresses(collection, lines, lambda: None)


@pytest.fixture
def collection() -> Collection:
    """With two addresses."""
    made = collections.create(make_owner("ann"), "Spring", Options(100), "local")
    add(made, "1.jpg", "2.jpg")
    return made


def claim() -> str:
    job = jobs.claim_next()
    return job.name if job else ""


def test_nothing_of_a_paused_collection_is_begun(collection: Collection) -> None:
    storage.pause(collection)
    add(collection, "3.jpg")
    job = Job.objects.first()
    assert job
    assert jobs.claim_next() is None
    assert jobs.mark_sent(SECOND, 10) == []
    assert jobs.claim(job.pk) is None
    assert jobs.claim_in_place_of(job.pk) is None
    assert collection_counts.count(collection).by_state[State.QUEUED] == 3
    assert not any(each.number for each in jobs.count_open())


def test_a_resumed_collection_goes_on_where_it_was(collection: Collection) -> None:
    storage.pause(collection)
    add(collection, "3.jpg")
    storage.resume(collection)
    assert [claim() for _ in range(4)] == ["1.jpg", "2.jpg", "3.jpg", ""]


def test_other_collections_go_on_and_are_not_overtaken_afterwards(collection: Collection) -> None:
    storage.pause(collection)
    other = collections.create(make_owner("bob"), "Autumn", Options(100), "local")
    add(other, "a.jpg", "b.jpg", "c.jpg", "d.jpg")
    assert [claim() for _ in range(2)] == ["a.jpg", "b.jpg"]
    storage.resume(collection)
    assert [claim() for _ in range(4)] == ["1.jpg", "c.jpg", "2.jpg", "d.jpg"]


def test_what_runs_is_finished_and_what_fails_waits(collection: Collection) -> None:
    running = jobs.claim_next()
    assert running
    storage.pause(collection)
    assert jobs.renew(running)
    jobs.release(running, -SECOND, counts=True)
    assert jobs.claim_next() is None
    Job.objects.update(status=JobStatus.FAILED, finished=running.created)
    Collection.objects.update(failed=2)
    assert storage.retry(collection) == 2
    assert jobs.claim_next() is None


def test_a_collection_that_is_not_paused_stays_as_it_is(collection: Collection) -> None:
    before = list(Job.objects.order_by("turn").values_list("name", "turn", "queue"))
    storage.resume(collection)
    assert list(Job.objects.order_by("turn").values_list("name", "turn", "queue")) == before


def test_a_paused_collection_can_be_cancelled(collection: Collection) -> None:
    storage.pause(collection)
    assert storage.cancel(collection) == 2
    storage.resume(collection)
    assert jobs.claim_next() is None
