"""Turns in the queue of jobs: owners one after the other, however much each of them has sent."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from landmarks.core.finding import Options
from landmarks.models import Collection, Job, JobQueue, JobStatus, Owner
from landmarks.services import collections
from landmarks.storage import collections as storage
from landmarks.storage import jobs, turns
from tests.rows import make_owner, make_photo

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)


def make_jobs(owner: str, count: int) -> list[Job]:
    """Of a batch."""
    made = []
    for _ in range(count):
        photo = make_photo(owner)
        facts = {"photo": photo, "engine": "local", "face_model_version": "3.0", "queue": JobQueue.BATCH}
        made.append(Job(owner=photo.owner, name=owner, **facts))
        jobs.insert(made[-1])
    return made


def claim(count: int) -> list[str]:
    """The owners of the next jobs."""
    found = [jobs.claim_next() for _ in range(count)]
    return [job.name if job else "" for job in found]


def make_collection(owner: Owner, count: int) -> Collection:
    """With so many addresses."""
    collection = collections.create(owner, owner.key, Options(100), "local")
    lines = [f"https://photos.example/{owner.key}-{number}.jpg" for number in range(count)]
    collections.add_addresses(collection, lines, lambda: None)
    Job.objects.filter(collection=collection).update(name=owner.key)
    return collection


def test_who_comes_later_waits_for_one_job_of_each_other_owner() -> None:
    make_jobs("ann", 6)
    assert claim(3) == ["ann"] * 3
    make_jobs("bob", 2)
    assert claim(2) == ["ann", "bob"]
    make_jobs("cy", 1)
    assert claim(5) == ["ann", "bob", "cy", "ann", ""]


def test_addresses_of_one_list_take_turns_with_others() -> None:
    make_collection(make_owner("ann"), 4)
    make_collection(make_owner("bob"), 2)
    assert claim(7) == ["ann", "bob", "ann", "bob", "ann", "ann", ""]


def test_an_owner_has_one_job_after_the_other() -> None:
    first, second, third = make_jobs("ann", 3)
    assert [jobs.claim_next() for _ in range(3)] == [first, second, third]


def test_who_has_waited_for_long_is_not_ahead_of_others_for_long() -> None:
    make_jobs("ann", 2)
    assert claim(2) == ["ann", "ann"]
    Job.objects.update(status=JobStatus.CANCELLED, lease=None, finished=timezone.now())
    make_jobs("bob", 2)
    make_jobs("ann", 2)
    assert claim(4) == ["bob", "ann", "bob", "ann"]


def test_what_is_tried_again_comes_after_what_waits() -> None:
    collection = make_collection(make_owner("ann"), 3)
    Job.objects.update(status=JobStatus.FAILED, finished=timezone.now())
    Collection.objects.update(failed=3)
    make_jobs("bob", 4)
    assert claim(3) == ["bob"] * 3
    assert storage.retry(collection) == 3
    assert claim(4) == ["bob", "ann", "ann", "ann"]
    assert sorted(Job.objects.filter(name="ann").values_list("turn", flat=True)) == [3, 4, 5]


def test_those_that_somebody_waits_for_go_first() -> None:
    make_jobs("ann", 2)
    photo = make_photo("bob")
    job = Job(owner=photo.owner, photo=photo, name="bob", engine="local", face_model_version="3.0")
    jobs.insert(job)
    assert claim(3) == ["bob", "ann", "ann"]


def test_a_message_is_for_whoever_has_the_turn() -> None:
    ann = make_jobs("ann", 4)
    assert jobs.mark_sent(MINUTE, 10) == ann
    assert jobs.claim_in_place_of(ann[0].pk) == ann[0]
    (bob,) = make_jobs("bob", 1)
    assert jobs.claim_in_place_of(ann[2].pk) == bob
    # Its own message comes once more, and finds it.
    assert jobs.mark_sent(MINUTE, 10) == [ann[2]]
    assert [jobs.claim_in_place_of(job.pk) for job in (ann[1], ann[1], bob, ann[2])] == [ann[1], None, None, ann[2]]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL decides by the size of the table")
def test_turns_are_read_along_an_index() -> None:
    owner = make_owner("ann")
    assert "USING INDEX job_turn (status=?" in jobs.queued(timezone.now())[:1].explain()
    assert "job_turn_of_owner" in Job.objects.open().filter(owner=owner, queue=1).order_by("-turn")[:1].explain()
    assert turns.next_turn(owner.pk, JobQueue.BATCH) == 0
