"""Figures for Prometheus, as its own parser reads them."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from facesite.middleware.metrics import count_responses
from landmarks.models import Job, JobQueue, JobStatus
from landmarks.runtime import metrics
from landmarks.services import runs
from tests.patience import PATIENCE
from tests.rows import make_photo


@pytest.fixture
def counting(settings: LazySettings) -> Iterator[None]:
    settings.METRICS = True
    metrics.start()
    yield
    metrics.stop()


def figures(text: str) -> dict[tuple[str, ...], float]:
    """By the name of each sample and the values of its labels."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def read(client: Client) -> dict[tuple[str, ...], float]:
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    return figures(response.content.decode())


def test_there_are_none_unless_they_are_on(client: Client) -> None:
    assert client.get("/metrics").status_code == 404


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "Via"])
def test_visitors_through_a_proxy_get_none(client: Client, counting: None, header: str) -> None:
    assert client.get("/metrics", headers={header: "192.0.2.1"}).status_code == 404


@pytest.mark.django_db
def test_engines_are_measured(client: Client, counting: None, images: Path, models_dir: Path) -> None:
    runs.analyze((images / "two_people.jpg").read_bytes(), runs.run_options(), "local")
    found = read(client)
    assert found["facesite_engine_seconds_count", "local"] == 1
    assert found["facesite_engine_seconds_sum", "local"] > 0
    assert found["facesite_faces_total", "local"] == 2


@pytest.mark.django_db
def test_rejected_requests_are_counted_by_reason(client: Client, counting: None) -> None:
    client.get("/no-such-page")
    client.get("/no-such-page-either")
    client.get("/api/results")
    found = read(client)
    assert found["facesite_rejected_requests_total", "not_found", "404"] == 2
    assert found["facesite_rejected_requests_total", "no_token", "400"] == 1


@pytest.mark.django_db
def test_responses_are_counted_by_route(client: Client, counting: None) -> None:
    def answer(request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=418)

    request = HttpRequest()
    request.method = "BREW"
    count_responses(answer)(request)
    found = read(client)
    assert found["facesite_responses_total", "other", "none", "418"] == 1
    assert found["facesite_request_seconds_count", "other", "none"] == 1


@pytest.mark.django_db
def test_the_queue_is_shown(client: Client, counting: None) -> None:
    photo = make_photo()
    for minutes in (2, 5):
        created = timezone.now() - timedelta(minutes=minutes)
        Job.objects.create(owner=photo.owner, photo=photo, engine="local", created=created)
    Job.objects.create(owner=photo.owner, photo=photo, engine="local", status=JobStatus.RUNNING, lease=uuid4())
    Job.objects.create(
        owner=photo.owner,
        photo=photo,
        engine="local",
        queue=JobQueue.BATCH,
        status=JobStatus.CANCELLED,
        finished=timezone.now(),
    )
    found = read(client)
    assert found["facesite_open_jobs", "interactive", "queued"] == 2
    assert found["facesite_open_jobs", "interactive", "running"] == 1
    assert found["facesite_open_jobs", "batch", "queued"] == 0
    assert found["facesite_job_age_seconds", "interactive"] == pytest.approx(300, abs=PATIENCE)
    assert found["facesite_job_age_seconds", "batch"] == 0


@pytest.mark.django_db
def test_the_free_space_is_shown(client: Client, counting: None) -> None:
    assert read(client)[("facesite_free_bytes",)] > 0
