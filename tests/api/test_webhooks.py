"""webhook_url: taken with a job or a collection, checked, and shown with what became of its reports."""

import json
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone

from landmarks.api.webhook_schemas import CollectionReport, JobReport
from landmarks.models import Delivery, Job, Webhook
from landmarks.services import webhooks
from landmarks.storage import webhooks as storage
from tests.api.conftest import RESULTS, Program, error_of
from tests.api.test_jobs import LATER, poll, queue, run_all
from tests.receivers import Receiver, receiving

pytestmark = pytest.mark.django_db
COLLECTIONS = "/api/collections"
JSON = "application/json"


@pytest.fixture
def receiver(settings: LazySettings) -> Iterator[Receiver]:
    settings.FETCH_ALLOW_NETWORKS = (ip_network("127.0.0.0/8"),)
    with receiving() as receiver:
        yield receiver


def deliver_all() -> None:
    webhooks.report_ended()
    Delivery.objects.update(due=timezone.now())
    while delivery := storage.claim_next():
        webhooks.deliver(delivery)


def test_a_job_shows_what_became_of_its_report(program: Program, images: Path, receiver: Receiver) -> None:
    job = queue(program, images / "rocket.jpg", webhook_url=receiver.url())
    waiting = {"url": receiver.url(), "status": "waiting", "attempts": 0}
    assert job["webhook"] == waiting | dict.fromkeys(("next_attempt", "finished", "error"))
    assert poll(program, job) == job
    run_all()
    receiver.statuses = [503]
    deliver_all()
    pending = poll(program, job)["webhook"]
    assert (pending["status"], pending["attempts"], pending["finished"]) == ("pending", 1, None)
    assert pending["next_attempt"] > timezone.now().isoformat()
    assert (pending["error"]["code"], "503" in pending["error"]["message"]) == ("status", True)
    deliver_all()
    delivered = poll(program, job)["webhook"]
    assert (delivered["status"], delivered["attempts"], delivered["error"]) == ("delivered", 2, None)
    report = JobReport.model_validate_json(receiver.received[-1].body, extra="forbid")
    assert report.type == "job.done"
    body = json.loads(receiver.received[-1].body)["data"]
    assert (body["url"], body["result"]) == (job["url"], poll(program, job)["result"])
    assert program.get(body["result_url"]).status_code == 200


def test_a_cancelled_job_is_reported(program: Program, images: Path, receiver: Receiver) -> None:
    job = queue(program, images / "rocket.jpg", f"{RESULTS}/upload?async=1", webhook_url=receiver.url())
    program.client.delete(job["url"], headers=program.headers())
    deliver_all()
    assert json.loads(receiver.received[0].body)["type"] == "job.cancelled"


def test_a_collection_shows_its_last_report(program: Program, images: Path, receiver: Receiver) -> None:
    body = {"name": "Spring", "webhook_url": receiver.url()}
    collection = program.post(COLLECTIONS, body, content_type=JSON).json()
    assert collection["webhook"]["status"] == "waiting"
    program.send(collection["photos"], images / "rocket.jpg", "photo")
    run_all()
    Webhook.objects.update(due=timezone.now())
    deliver_all()
    assert program.get(collection["url"]).json()["webhook"]["status"] == "delivered"
    assert program.get(COLLECTIONS).json()["collections"][0]["webhook"]["status"] == "delivered"
    assert CollectionReport.model_validate_json(receiver.received[0].body, extra="forbid").data.total == 1
    data = json.loads(receiver.received[0].body)["data"]
    assert (data["url"], data["counts"]["none"]) == (collection["url"], 1)
    program.send(collection["photos"], images / "two_people.jpg", "photo")
    assert program.get(collection["url"]).json()["webhook"]["status"] == "waiting"


def test_without_an_address_there_is_none(program: Program, images: Path) -> None:
    assert queue(program, images / "rocket.jpg")["webhook"] is None
    assert program.post(COLLECTIONS, {"name": "a"}, content_type=JSON).json()["webhook"] is None
    assert not Webhook.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        *("ftp://example.org/", "example.org", "https://ann:secret@example.org/", "http://127.0.0.1/", "http://[::1]/"),
        *("http://169.254.169.254/latest", "https://203.0.113.9:8443/", "data:text/plain,a", "http://2130706433/"),
    ],
)
def test_another_address_is_an_error(program: Program, images: Path, address: str) -> None:
    sent = [
        program.send(LATER, images / "rocket.jpg", "photo", webhook_url=address),
        program.post(COLLECTIONS, {"name": "a", "webhook_url": address}, content_type=JSON),
    ]
    for response in sent:
        status, code = error_of(response)
        assert (status, code in ("bad_request", "address_invalid")) == (400, True)
    assert not Job.objects.exists()
    assert not Webhook.objects.exists()


def test_it_needs_a_job(program: Program, images: Path) -> None:
    response = program.send(RESULTS, images / "rocket.jpg", "photo", webhook_url="https://example.org/")
    assert error_of(response) == (400, "bad_request")
    assert "async=1" in response.json()["error"]["message"]


def test_a_repeated_request_is_reported_once(program: Program, receiver: Receiver) -> None:
    headers = {**program.headers(), "Idempotency-Key": "k"}

    def send(**fields: Any) -> Any:
        return program.client.post(COLLECTIONS, {"name": "a", **fields}, content_type=JSON, headers=headers)

    first, second = send(webhook_url=receiver.url()), send(webhook_url=receiver.url())
    assert first.json() == second.json()
    assert Webhook.objects.count() == 1
    assert error_of(send(webhook_url=receiver.url("/other"))) == (422, "idempotency_key_reused")
