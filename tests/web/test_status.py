"""The page for operators."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from landmarks.models import Job, JobStatus, Worker
from landmarks.storage import workers
from tests.rows import make_photo, make_result

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def metrics(settings: LazySettings) -> None:
    settings.METRICS = True


def text(client: Client) -> str:
    response = client.get("/status/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_nothing_happened_yet(client: Client) -> None:
    page = text(client)
    assert "<p>None.</p>" in page
    assert "0 results in the same time" in page
    assert "MB are free" in page


def test_queue_and_failures_are_counted(client: Client) -> None:
    now, photo = timezone.now(), make_photo()
    make_result(error_code="timeout", error_message="The engine took too long.", created=now)
    make_result(error_code="timeout", error_message="The engine took too long.", created=now)
    made = {"owner": photo.owner, "photo": photo, "engine": "local"}
    Job.objects.create(**made)
    Job.objects.create(**made, status=JobStatus.RUNNING, lease=uuid4())
    Job.objects.create(**made, status=JobStatus.FAILED, error_code="photo_damaged", finished=now)
    page = text(client)
    assert "<code>timeout</code> </th> <td> An engine </td> <td>2</td>" in page
    assert "<code>photo_damaged</code> </th> <td> A job </td> <td>1</td>" in page
    assert '<th scope="row">interactive</th> <td>queued</td> <td>1</td>' in page
    assert '<th scope="row">interactive</th> <td>running</td> <td>1</td>' in page
    assert "2 results in the same time" in page


def test_workers_are_listed_with_their_jobs(client: Client) -> None:
    now, photo, since = timezone.now(), make_photo(), timezone.now() - timedelta(minutes=10)
    busy = Worker.objects.create(host="a.example", process=12345, executor="celery", started=since)
    Worker.objects.create(host="b.example", process=7, executor="threads", started=since, seen=now - workers.ALIVE)
    made = {"owner": photo.owner, "photo": photo, "engine": "local", "worker": busy.pk}
    job = Job.objects.create(**made, status=JobStatus.RUNNING, lease=uuid4())
    over = Job.objects.create(**made, status=JobStatus.FAILED, error_code="photo_damaged", finished=now)
    page = text(client)
    rows = re.findall(r'<th scope="row">(\S+ \d+)</th>(.*?)</tr>', page)
    assert [name for name, _ in rows] == ["a.example 12345", "b.example 7"]
    first, second = (row for _, row in rows)
    assert f"<code>{job.pk}</code>" in first
    assert str(over.pk) not in page
    assert ("gone" in first, "gone" in second) == (False, True)


def test_no_name_and_no_address_is_shown(client: Client) -> None:
    result = make_result(name="Dr. Jones.jpg", note="a secret", error_code="timeout", error_message="Dr. Jones")
    page = text(client)
    assert not any(word in page for word in ("Jones", "secret", str(result.pk)))


def test_it_is_reached_directly_beside_a_proxy_for_https(client: Client, settings: LazySettings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/status/").status_code == 200
    assert client.get("/results/").status_code == 301


def test_visitors_do_not_see_it(client: Client, settings: LazySettings) -> None:
    assert client.get("/status/", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 404
    settings.METRICS = False
    assert client.get("/status/").status_code == 404
