"""POST with async=1: answered with a job at once, which is polled, cancelled and repeated by its key."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from landmarks.models import Job, Photo, Result
from landmarks.services import jobs
from landmarks.storage import jobs as storage
from tests.api.conftest import RESULTS, MakeToken, Program, error_of

pytestmark = pytest.mark.django_db
LATER = f"{RESULTS}?async=1"


def queue(program: Program, photo: Path, path: str = LATER, **fields: str) -> Any:
    response = program.send(path, photo, "photo", **fields)
    assert response.status_code == 202, response.content
    return response.json()


def poll(program: Program, job: dict[str, Any]) -> Any:
    response = program.get(job["url"])
    assert response.status_code == 200
    return response.json()


def run_all() -> None:
    while job := storage.claim_next():
        jobs.run(job)


def test_the_answer_is_a_job_whose_result_comes_later(program: Program, images: Path) -> None:
    response = program.send(LATER, images / "astronaut.jpg", "photo", note="mine")
    job = response.json()
    assert response.status_code == 202
    assert job["url"] == f"http://testserver{response['Location']}" == f"http://testserver/api/jobs/{job['id']}"
    assert (job["status"], job["progress"], job["result"], job["error"]) == ("queued", 0, None, None)
    assert poll(program, job) == job
    run_all()
    done = poll(program, job)
    assert (done["status"], done["progress"], done["attempts"], done["error"]) == ("done", 1, 1, None)
    result = program.get(f"{RESULTS}/{done['result']}").json()
    assert (result["name"], result["note"], result["face_count"]) == ("astronaut.jpg", "mine", 1)


def test_a_photo_can_come_as_a_form_an_address_or_base64(
    program: Program, images: Path, web: Callable[[str], str]
) -> None:
    import base64

    queue(program, images / "rocket.jpg", f"{RESULTS}/upload?async=1")
    data = base64.b64encode((images / "rocket.jpg").read_bytes()).decode()
    for body in ({"image_url": web("rocket.jpg")}, {"image_base64": data}):
        assert program.post(LATER, body, content_type="application/json").status_code == 202
    run_all()
    assert [result.status for result in Result.objects.all()] == ["done"] * 3
    assert Result.objects.exclude(address="").count() == 1


@pytest.mark.parametrize("path", [RESULTS, f"{RESULTS}?async=0"])
def test_without_async_the_answer_is_the_result(program: Program, images: Path, path: str) -> None:
    assert program.send(path, images / "rocket.jpg", "photo").status_code == 201
    assert not Job.objects.exists()


@pytest.mark.parametrize("query", ["async=2", "async=yes", "async=1&async=1", "asynchronous=1"])
def test_another_value_is_an_error(program: Program, images: Path, query: str) -> None:
    assert error_of(program.send(f"{RESULTS}?{query}", images / "rocket.jpg", "photo")) == (400, "bad_request")


def test_what_is_wrong_with_the_photo_is_reported_at_once(program: Program, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_text("no photo")
    assert error_of(program.send(LATER, tmp_path / "photo.jpg", "photo")) == (415, "photo_unsupported")


def test_limits_are_those_of_a_request_that_waits(
    client: Client, make_token: MakeToken, models_dir: Path, images: Path, settings: Any
) -> None:
    program = Program(make_token(rate="1/day"), client)
    queue(program, images / "rocket.jpg")
    assert error_of(program.send(LATER, images / "rocket.jpg", "photo")) == (429, "too_many_requests")
    settings.MAX_STORED_MB = 0
    other = Program(make_token("bob", rate="off"), client)
    assert error_of(other.send(LATER, images / "rocket.jpg", "photo")) == (403, "quota_exceeded")


def test_an_engine_that_failed_is_told_with_the_result(
    program: Program, images: Path, settings: Any, tmp_path: Path
) -> None:
    job = queue(program, images / "rocket.jpg")
    settings.MODELS_DIR = tmp_path
    run_all()
    failed = poll(program, job)
    assert (failed["status"], failed["error"]["code"]) == ("failed", "engine_unavailable")
    assert UUID(failed["result"])


def test_a_job_is_cancelled_with_its_photo(program: Program, images: Path) -> None:
    job = queue(program, images / "rocket.jpg")
    response = program.client.delete(job["url"], headers=program.headers())
    assert (response.status_code, response.json()["status"]) == (200, "cancelled")
    assert poll(program, job) == response.json()
    run_all()
    assert not Photo.objects.exists()
    assert not Result.objects.exists()


def test_a_job_that_is_over_is_not_cancelled(program: Program, images: Path) -> None:
    job = queue(program, images / "rocket.jpg")
    run_all()
    assert program.client.delete(job["url"], headers=program.headers()).json()["status"] == "done"
    assert Result.objects.exists()


@pytest.mark.parametrize("method", ["get", "delete"])
def test_somebody_elses_job_does_not_exist(
    program: Program, client: Client, make_token: MakeToken, images: Path, method: str
) -> None:
    job = queue(program, images / "rocket.jpg")
    bob = Program(make_token("bob", rate="off"), client)
    for url in (job["url"], f"/api/jobs/{uuid4()}"):
        assert error_of(getattr(client, method)(url, headers=bob.headers())) == (404, "not_found")
    assert poll(program, job)["status"] == "queued"


def test_a_job_is_not_sent_again_while_it_has_not_changed(program: Program, images: Path) -> None:
    job = queue(program, images / "rocket.jpg")
    tag = program.get(job["url"])["ETag"]
    headers = {**program.headers(), "If-None-Match": tag}
    assert program.client.get(job["url"], headers=headers).status_code == 304
    run_all()
    assert program.client.get(job["url"], headers=headers).status_code == 200


def test_a_repeated_request_gets_the_same_job(program: Program, images: Path) -> None:
    def send(path: str) -> HttpResponse:
        with (images / "rocket.jpg").open("rb") as file:
            headers = {**program.headers(), "Idempotency-Key": "k"}
            return program.client.post(path, {"photo": file}, headers=headers)

    first, second = send(LATER), send(LATER)
    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true"
    assert Job.objects.count() == 1
    assert error_of(send(RESULTS)) == (422, "idempotency_key_reused")
    run_all()
    assert send(LATER).json()["status"] == "done"
    Result.objects.get().delete()
    assert send(LATER).json()["status"] == "queued"
