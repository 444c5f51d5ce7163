"""A site that does all it can at once: what comes beyond is told so and loses nothing, and pages go on."""

import html
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.asserts import assertContains

from landmarks.core.errors import Busy, StorageError
from landmarks.core.messages import MESSAGES
from landmarks.models import Result
from landmarks.runtime import caller
from landmarks.runtime.concurrency import DETECTION, DRAWING, HOSTED_CALLS
from tests.runtime.limits import full
from tests.vendor import Vendor
from tests.web.conftest import Submit
from tests.web.second_runs import again

DETECTING, CALLING = MESSAGES["busy_detecting"], html.escape(MESSAGES["busy_calling"])


@pytest.fixture
def busy() -> Iterator[None]:
    with full(DETECTION), full(HOSTED_CALLS), full(DRAWING):
        yield


@pytest.mark.usefixtures("busy")
def test_a_photo_beyond_that_comes_back_with_the_form(submit: Submit) -> None:
    response = submit("astronaut.jpg", image_url="http://example.org/typed.jpg", mode="1")
    assertContains(response, DETECTING, status_code=503)
    assertContains(response, "http://example.org/typed.jpg", status_code=503)
    assert int(response.headers["Retry-After"]) >= 1


@pytest.mark.django_db
def test_the_rest_of_a_form_waits_no_longer_than_a_photo_that_waited_in_vain(
    client: Client, images: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    patience: list[float] = []

    def wait_in_vain(*args: object) -> None:
        patience.append(caller.current().patience)
        caller.current().patience -= 5
        raise StorageError("storage_failed") if len(patience) == 1 else Busy("busy_detecting")

    monkeypatch.setattr("landmarks.services.runs.submit", wait_in_vain)
    names = ("astronaut.jpg", "rocket.jpg", "two_people.jpg")
    files = [SimpleUploadedFile(name, (images / name).read_bytes()) for name in names]
    assert client.post("/", {"photo": files, "mode": "0", "engine": "local"}).status_code == 503
    assert patience == pytest.approx([caller.PATIENCE - 5 * number for number in range(3)], abs=4)


@pytest.mark.parametrize("name", ["astronaut.jpg", "two_people.jpg"])
def test_pages_go_on(client: Client, submit: Submit, request: pytest.FixtureRequest, name: str) -> None:
    submit(name)
    page = f"/results/{Result.objects.get().pk}/"
    request.getfixturevalue("busy")
    for address in ("/", "/results/", page, f"{page}overlay.svg", f"{page}export/json"):
        assert client.get(address).status_code == 200


def test_a_drawing_beyond_the_limit_is_busy(client: Client, astronaut: Result, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue("busy")
    response = client.get(f"/results/{astronaut.pk}/overlay.png")
    assertContains(response, "Temporarily unavailable", status_code=503)
    assert int(response.headers["Retry-After"]) >= 1


def test_a_further_run_beyond_the_limit_is_busy(
    client: Client, astronaut: Result, hosted: Vendor, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue("busy")
    for engine, sentence in (("local", DETECTING), ("acedata", CALLING)):
        assertContains(again(client, astronaut, engine=engine), sentence, status_code=503)
    assert not hosted.requests
    assert Result.objects.count() == 1
