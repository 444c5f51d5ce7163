"""Which processes run jobs: their rows come, stay as long as they do, and go."""

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from landmarks.models import Worker
from landmarks.storage import jobs, workers
from tests.storage.test_jobs import make_job

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def worker() -> Iterator[None]:
    workers.begin("threads")
    yield
    workers.end()


def test_a_worker_is_listed_until_it_ends() -> None:
    for _ in range(2):
        workers.note_seen()
    (row,) = workers.all_workers()
    assert (row.process, row.executor, row.is_alive, row.jobs) == (os.getpid(), "threads", True, ())
    assert workers.count_alive() == {"threads": 1}
    workers.end()
    assert workers.all_workers() == []


def test_what_it_claims_is_noted_with_it() -> None:
    workers.note_seen()
    make_job()
    job = jobs.claim_next()
    assert workers.all_workers()[0].jobs == (job.pk,)


def test_one_that_is_not_seen_is_gone_and_then_forgotten() -> None:
    now = timezone.now()
    Worker.objects.create(host="a", process=1, executor="celery", seen=now - workers.ALIVE)
    Worker.objects.create(host="b", process=1, executor="celery", seen=now - workers.KEPT - timedelta(seconds=1))
    assert [row.is_alive for row in workers.all_workers()] == [False, False]
    assert workers.count_alive() == {}
    workers.note_seen()
    assert {row.host for row in workers.all_workers()} >= {"a"}
    assert not Worker.objects.filter(host="b").exists()


def test_one_that_was_forgotten_while_it_was_frozen_comes_back() -> None:
    workers.note_seen()
    Worker.objects.all().delete()
    workers.note_seen()
    assert len(workers.all_workers()) == 1
