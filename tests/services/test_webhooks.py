"""Webhooks: each end is reported once, signed, and again until the address has taken the report."""

import base64
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from ipaddress import ip_network
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.db import connection
from django.db.models import F
from django.utils import timezone

from landmarks.access import tokens
from landmarks.core.errors import AddressInvalid, JobInterrupted
from landmarks.models import Collection, Delivery, DeliveryStatus, Job, Result, Token, Webhook
from landmarks.services import collections, runs, webhooks
from landmarks.storage import collections as collection_rows
from landmarks.storage import jobs as job_rows
from landmarks.storage import webhooks as storage
from tests.ports import free_port
from tests.receivers import Receiver, receiving
from tests.rows import make_photo, make_result

pytestmark = pytest.mark.django_db(transaction=True)
SITE = "https://photos.example.org/faces"


@pytest.fixture(autouse=True)
def receiver(settings: LazySettings) -> Iterator[Receiver]:
    settings.FETCH_ALLOW_NETWORKS = (ip_network("127.0.0.0/8"),)
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def token() -> Token:
    return Token.objects.select_related("owner").get(digest=tokens.digest(tokens.make("ann")))


def make_job(token: Token, address: str) -> Job:
    job = Job(owner=token.owner, photo=make_photo(token.owner), engine="local", face_model_version="3.0", name="a.jpg")
    job_rows.insert(job, webhooks.make(address, token, SITE))
    return job


def make_collection(token: Token, address: str) -> Collection:
    hook = webhooks.make(address, token, SITE)
    return collections.create(token.owner, "Spring", runs.run_options(), "local", hook)


def add(collection: Collection) -> Job:
    job = collections.make_job(collection, "a.jpg")
    job.photo = make_photo(collection.owner)
    assert collection_rows.insert(job, None)
    return job


def finish(job: Job, **facts: object) -> Result:
    claimed = job_rows.claim(job.pk)
    assert claimed
    result: Result = make_result(owner=job.owner, photo=job.photo, **facts)
    job_rows.finish(claimed, result)
    return result


def settle() -> None:
    """As if the time for further photos were over."""
    Webhook.objects.update(due=F("due") - 2 * storage.SETTLED)


def attempt() -> Delivery:
    """Make the next attempt, as if its time had come."""
    Delivery.objects.filter(status=DeliveryStatus.PENDING).update(due=timezone.now())
    delivery = storage.claim_next()
    assert delivery
    webhooks.deliver(delivery)
    delivery.refresh_from_db()
    return delivery


# --- the report ------------------------------------------------------------------------------------------------------


def test_the_end_of_a_job_is_reported_once_and_signed(token: Token, receiver: Receiver) -> None:
    job = make_job(token, receiver.url())
    assert webhooks.report_ended() == 0
    result = finish(job)
    assert (webhooks.report_ended(), webhooks.report_ended()) == (1, 0)
    delivery = attempt()
    assert (delivery.status, delivery.attempts, delivery.http_status) == (DeliveryStatus.DELIVERED, 1, 204)
    assert storage.claim_next() is None
    (received,) = receiver.received
    assert received.path == "/hook?key=a%2Fb"
    body = json.loads(received.body)
    job.refresh_from_db()
    assert job.finished
    assert (body["type"], body["timestamp"]) == ("job.done", job.finished.isoformat())
    assert body["data"] == {
        "id": str(job.pk),
        "status": "done",
        "url": f"{SITE}/api/jobs/{job.pk}",
        "result": str(result.pk),
        "result_url": f"{SITE}/api/results/{result.pk}",
        "error_code": None,
    }
    assert received.headers["content-type"] == "application/json"
    assert UUID(received.headers["webhook-id"]) == delivery.pk
    assert is_signed(received.headers, received.body, tokens.webhook_secret(token))


def is_signed(headers: dict[str, str], body: bytes, secret: str) -> bool:
    """As in docs/api.md."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    signature = "v1," + base64.b64encode(hmac.new(key, text, sha256).digest()).decode()
    return any(hmac.compare_digest(signature, each) for each in headers["webhook-signature"].split(" "))


def test_a_failed_and_a_cancelled_job_are_reported_without_what_is_personal(token: Token, receiver: Receiver) -> None:
    failed, cancelled = (make_job(token, receiver.url()) for _ in range(2))
    claimed = job_rows.claim(failed.pk)
    assert claimed
    job_rows.fail(claimed, JobInterrupted("job_interrupted", attempts=3))
    job_rows.cancel(cancelled)
    assert webhooks.report_ended() == 2
    for _ in range(2):
        attempt()
    bodies = {body["data"]["id"]: body for body in (json.loads(each.body) for each in receiver.received)}
    assert bodies[str(failed.pk)]["type"] == "job.failed"
    assert bodies[str(failed.pk)]["data"]["error_code"] == "job_interrupted"
    assert bodies[str(cancelled.pk)]["type"] == "job.cancelled"
    assert not any(b"a.jpg" in each.body or b"ann" in each.body for each in receiver.received)


def test_a_collection_is_reported_each_time_it_is_over(token: Token, receiver: Receiver) -> None:
    collection = make_collection(token, receiver.url())
    settle()
    assert webhooks.report_ended() == 0  # it is empty
    first, second = add(collection), add(collection)
    finish(first, face_count=1)
    settle()
    assert webhooks.report_ended() == 0
    finish(second)
    assert (webhooks.report_ended(), webhooks.report_ended()) == (1, 0)
    attempt()
    body = json.loads(receiver.received[0].body)
    assert (body["type"], body["data"]["url"]) == ("collection.finished", f"{SITE}/api/collections/{collection.pk}")
    assert {name: number for name, number in body["data"]["counts"].items() if number} == {"done": 1, "none": 1}
    finish(add(collection))
    assert webhooks.report_ended() == 0  # more photos may follow
    settle()
    assert webhooks.report_ended() == 1
    attempt()
    assert len({each.headers["webhook-id"] for each in receiver.received}) == 2


def test_photos_that_are_tried_again_are_reported_again(token: Token, receiver: Receiver) -> None:
    collection = make_collection(token, receiver.url())
    finish(add(collection), error_code="engine_failed")
    settle()
    assert webhooks.report_ended() == 1
    assert collection_rows.retry(collection) == 1
    settle()
    assert webhooks.report_ended() == 0
    collection_rows.cancel(collection)
    assert webhooks.report_ended() == 1


def test_reports_go_with_what_they_are_about(token: Token, receiver: Receiver) -> None:
    finish(make_job(token, receiver.url())).delete()
    collection = make_collection(token, receiver.url())
    job_rows.cancel(add(collection))
    settle()
    webhooks.report_ended()
    collection.delete()
    assert not Webhook.objects.exists()
    assert not Delivery.objects.exists()


# --- the secret ------------------------------------------------------------------------------------------------------


def test_the_secret_is_another_one_for_each_token_and_the_site(token: Token, settings: LazySettings) -> None:
    other = Token.objects.get(digest=tokens.digest(tokens.make("ann")))
    secret = tokens.webhook_secret(token)
    assert secret.startswith("whsec_") and len(base64.b64decode(secret[6:])) == 32
    assert secret != tokens.webhook_secret(other)
    settings.SECRET_KEY = "another"  # noqa: S105
    assert secret != tokens.webhook_secret(token)


def test_while_the_key_of_the_site_is_replaced_both_secrets_are_right(token: Token, settings: LazySettings) -> None:
    before = tokens.webhook_secret(token)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    headers = webhooks.signed("id", b"body", token)
    for secret in (before, tokens.webhook_secret(token)):
        assert is_signed(headers, b"body", secret)
    assert not is_signed(headers, b"other", before)


# --- attempts --------------------------------------------------------------------------------------------------------


def report(token: Token, address: str) -> None:
    job_rows.cancel(make_job(token, address))
    webhooks.report_ended()


@pytest.mark.parametrize("status", [500, 404, 302])
def test_a_report_that_was_not_taken_is_sent_again(token: Token, receiver: Receiver, status: int) -> None:
    receiver.statuses = [status, 200]
    report(token, receiver.url())
    first = attempt()
    assert (first.status, first.error, first.http_status) == (DeliveryStatus.PENDING, "webhook_status", status)
    assert storage.claim_next() is None
    second = attempt()
    assert (second.status, second.error, second.attempts) == (DeliveryStatus.DELIVERED, "", 2)
    one, two = receiver.received
    assert (one.path, one.body, one.headers["webhook-id"]) == (two.path, two.body, two.headers["webhook-id"])


def test_an_address_where_nobody_listens_is_tried_again(token: Token) -> None:
    report(token, f"http://127.0.0.1:{free_port()}/")
    delivery = attempt()
    assert (delivery.status, delivery.error, delivery.http_status) == ("pending", "webhook_unreachable", None)


def test_an_address_that_hangs_is_left(
    token: Token, receiver: Receiver, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.may_answer.clear()
    networks = settings.FETCH_ALLOW_NETWORKS
    monkeypatch.setattr(webhooks, "limits", lambda: webhooks.PostLimits(0.2, networks))
    report(token, receiver.url())
    assert attempt().error == "webhook_unreachable"


def test_an_address_that_may_not_be_reached_gets_nothing(
    token: Token, receiver: Receiver, settings: LazySettings
) -> None:
    report(token, receiver.url())
    report(token, receiver.url().replace("127.0.0.1", "localhost"))
    settings.FETCH_ALLOW_NETWORKS = ()
    for _ in range(2):
        assert attempt().error == "webhook_unreachable"
    assert not receiver.received
    with pytest.raises(AddressInvalid):
        webhooks.make(receiver.url(), token, SITE)


def test_it_is_given_up_within_a_day(token: Token, receiver: Receiver) -> None:
    receiver.statuses = [500] * 20
    report(token, receiver.url())
    attempts, waited = [], timedelta()
    while not attempts or attempts[-1].status == DeliveryStatus.PENDING:
        attempts.append(attempt())
        waited += max(timedelta(), attempts[-1].due - timezone.now())
    assert len(attempts) == len(receiver.received) == storage.MAX_ATTEMPTS
    assert (attempts[-1].status, attempts[-1].error) == (DeliveryStatus.FAILED, "webhook_status")
    assert timedelta(hours=12) < waited < timedelta(hours=24)
    assert storage.claim_next() is None


@pytest.mark.parametrize("reason", ["gone", "token_revoked"])
def test_nothing_more_is_sent_where_it_is_not_wanted(token: Token, receiver: Receiver, reason: str) -> None:
    receiver.statuses = [410]
    report(token, receiver.url())
    if reason == "token_revoked":
        tokens.revoke(token.prefix)
    delivery = attempt()
    assert (delivery.status, delivery.error) == (DeliveryStatus.FAILED, f"webhook_{reason}")


def test_waits_become_longer_and_differ() -> None:
    waits = [storage.wait_after(number).total_seconds() for number in range(1, storage.MAX_ATTEMPTS)]
    assert all(8 <= wait <= 12 for wait in waits[:1])
    assert all(later > 2 * sooner for sooner, later in zip(waits[:5], waits[1:5], strict=False))
    assert max(waits) <= storage.LONGEST_WAIT * 1.2
    assert len({storage.wait_after(1) for _ in range(5)}) > 1


def test_an_attempt_is_made_by_one_process_only(token: Token, receiver: Receiver) -> None:
    for _ in range(5):
        report(token, receiver.url())
    claimed: list[UUID] = []

    def claim() -> None:
        while delivery := storage.claim_next():
            claimed.append(delivery.pk)
        connection.close()

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == sorted(Delivery.objects.values_list("pk", flat=True))


def test_the_attempt_of_a_killed_process_is_made_again_and_its_late_answer_discarded(
    token: Token, receiver: Receiver
) -> None:
    report(token, receiver.url())
    late = storage.claim_next()
    assert late and storage.claim_next() is None
    receiver.statuses = [500]
    assert attempt().attempts == 2
    storage.note_delivered(late, 200)
    assert Delivery.objects.get().status == DeliveryStatus.PENDING


def test_one_token_does_not_hold_up_another(token: Token, receiver: Receiver) -> None:
    for _ in range(3):
        report(token, receiver.url())
    other = Token.objects.get(digest=tokens.digest(tokens.make("bob")))
    report(other, receiver.url())
    claimed = storage.claim_next({token.pk})
    assert claimed and claimed.webhook.token == other


def test_a_job_is_kept_until_it_is_reported(token: Token, receiver: Receiver) -> None:
    job_rows.cancel(make_job(token, receiver.url()))
    Job.objects.update(finished=timezone.now() - 2 * job_rows.KEPT)
    assert not job_rows.delete_finished()
    webhooks.report_ended()
    assert not job_rows.delete_finished()
    attempt()
    assert job_rows.delete_finished()
    assert not Delivery.objects.exists()


def test_old_reports_are_deleted(token: Token, receiver: Receiver) -> None:
    report(token, receiver.url())
    attempt()
    assert not storage.delete_old()
    Delivery.objects.update(finished=timezone.now() - storage.KEPT)
    assert storage.delete_old()
    assert not Delivery.objects.exists()
