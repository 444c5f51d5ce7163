"""Webhooks of a running site: what a killed process leaves is delivered by another, and no attempt is made twice."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.receivers import Receiver, receiving
from tests.server.job_site import JobSite, eventually, running_site

EXPIRE = "UPDATE landmarks_delivery SET due = '2026-01-01 00:00:00' WHERE status = 'pending'"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def job_site(tmp_path: Path, models_dir: Path) -> Iterator[JobSite]:
    yield from running_site(None, tmp_path, models_dir, FETCH_ALLOW_NETWORKS="127.0.0.0/8")


def test_an_attempt_that_was_killed_is_made_again_by_one_of_two_servers(
    job_site: JobSite, images: Path, receiver: Receiver
) -> None:
    server = job_site.open()
    receiver.may_answer.clear()
    job = job_site.submit(images / "rocket.jpg", webhook_url=receiver.url())
    first = receiver.wait()
    assert job_site.poll(job)["webhook"]["status"] == "pending"
    server.kill()
    receiver.may_answer.set()
    with job_site.site.open_database() as database:
        database.execute(EXPIRE)
        database.commit()
    for _ in range(2):
        job_site.serve()
    hook = eventually(lambda: (hook := job_site.poll(job)["webhook"])["finished"] and hook)
    assert (hook["status"], hook["attempts"]) == ("delivered", 2)
    assert [each.headers["webhook-id"] for each in receiver.received] == [first.headers["webhook-id"]] * 2
    assert [each.body for each in receiver.received] == [first.body] * 2


def test_an_end_is_reported_although_the_process_was_killed_before(
    job_site: JobSite, images: Path, receiver: Receiver
) -> None:
    server = job_site.open()
    collection = job_site.request("POST", "/api/collections", json={"name": "a", "webhook_url": receiver.url()})
    path = f"/api/collections/{collection['id']}"
    with (images / "rocket.jpg").open("rb") as photo:
        job_site.request("POST", f"{path}/photos/upload", files={"photo": photo})
    eventually(lambda: job_site.request("GET", path)["progress"] == 1)
    server.kill()
    job_site.serve()
    eventually(lambda: job_site.request("GET", path)["webhook"]["status"] == "delivered")
    # At least once: the process may have been killed right after it was received.
    assert len({each.headers["webhook-id"] for each in receiver.received}) == 1
    assert json.loads(receiver.received[0].body)["data"]["counts"]["none"] == 1
