"""A site that does all it can at once: what comes beyond is told so and loses nothing, and pages go on."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.test import Client
from pytest_django.asserts import assertContains

from landmarks.core.messages import MESSAGES
from landmarks.models import Result
from landmarks.runtime import concurrency
from landmarks.runtime.concurrency import Capacity
from tests.vendor import Vendor
from tests.web.conftest import Submit
from tests.web.test_run_again import again

SENTENCE = MESSAGES["busy"]


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with ExitStack() as stack:
        for kind in ("LOOKS", "CALLS", "DRAWINGS"):
            places = Capacity(at_once=1, queue=0)
            monkeypatch.setattr(concurrency, kind, places)
            stack.enter_context(places.place())
        yield


@pytest.mark.usefixtures("full")
def test_a_photo_beyond_that_comes_back_with_the_form(submit: Submit) -> None:
    response = submit("astronaut.jpg", image_url="http://example.org/typed.jpg", mode="1")
    assertContains(response, SENTENCE, status_code=503)
    assertContains(response, "http://example.org/typed.jpg", status_code=503)
    assert response.headers["Retry-After"] == "5"


@pytest.mark.parametrize("name", ["astronaut.jpg", "two_people.jpg"])
def test_pages_go_on(client: Client, submit: Submit, request: pytest.FixtureRequest, name: str) -> None:
    submit(name)
    page = f"/results/{Result.objects.get().pk}/"
    request.getfixturevalue("full")
    for address in ("/", "/results/", page, f"{page}overlay.svg", f"{page}export/json"):
        assert client.get(address).status_code == 200


def test_a_drawing_beyond_that_is_told(client: Client, astronaut: Result, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue("full")
    response = client.get(f"/results/{astronaut.pk}/overlay.png")
    assertContains(response, "This cannot be done right now", status_code=503)
    assert response.headers["Retry-After"] == "5"


def test_a_further_run_beyond_that_is_told(
    client: Client, astronaut: Result, hosted: Vendor, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue("full")
    for engine in ("local", "acedata"):
        assertContains(again(client, astronaut, engine=engine), SENTENCE, status_code=503)
    assert not hosted.requests
    assert Result.objects.count() == 1
