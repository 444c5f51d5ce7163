"""Analysing again with rotation, where an engine found no face or is not sure of any."""

import re

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from landmarks.models import Face, Result
from tests.vendor import Vendor, refusal
from tests.web.conftest import Submit

LABEL = "Analyse again with rotation"
FORM = re.compile(r'<form class="run"\s+action="([^"]+)"(?:(?!</form>).)*?Analyse again with rotation', re.DOTALL)
NO_FACE = refusal(400, "bad_request", "InvalidParameterValue.NoFaceInPhoto")


def detail(result: Result) -> str:
    return reverse("landmarks:result-detail", args=[result.pk])


def newest() -> Result:
    return Result.objects.newest_first()[0]


def sent_by_button(page: str) -> tuple[str, dict[str, str]]:
    """Where the form goes, and what it sends."""
    found = FORM.search(page)
    assert found
    fields = dict(re.findall(r'name="([\w-]+)"\s+value="([^"]*)"', found[0]))
    return found[1], fields


@pytest.fixture
def empty(submit: Submit) -> Result:
    submit("rocket.jpg")
    return Result.objects.get()


@pytest.fixture
def doubtful(submit: Submit) -> Result:
    submit("two_people.jpg", dense="1")
    Face.objects.update(score=0.8)
    return Result.objects.get()


@pytest.mark.parametrize("name", ["empty", "doubtful"])
def test_a_button_runs_the_same_engine_with_rotation(client: Client, request: pytest.FixtureRequest, name: str) -> None:
    result: Result = request.getfixturevalue(name)
    page = client.get(detail(result)).content.decode()
    assert Result.objects.count() == 1, "nothing is run to decide"
    address, fields = sent_by_button(page)
    response = client.post(address, fields)
    rotated = newest()
    assertRedirects(response, detail(rotated), 303)
    assert (rotated.photo, rotated.engine, rotated.rotate) == (result.photo, result.engine, True)
    assert (rotated.largest_only, rotated.dense) == (result.largest_only, result.dense)
    assert {each.turned for each in rotated.tried()} == {0, 90, 180, 270}


@pytest.mark.parametrize("name", ["empty", "doubtful"])
def test_what_was_found_with_rotation_is_a_link(client: Client, request: pytest.FixtureRequest, name: str) -> None:
    result: Result = request.getfixturevalue(name)
    client.post(*sent_by_button(client.get(detail(result)).content.decode()))
    page = client.get(detail(result))
    assertNotContains(page, LABEL)
    assertContains(page, f'href="{detail(newest())}">See what was found with rotation</a>')
    page = client.get(detail(newest()))
    assertNotContains(page, LABEL)
    assertNotContains(page, "See what was found with rotation")


@pytest.mark.parametrize("scores", [[0.8, 0.95], [0.8, None]], ids=["sure", "unknown"])
def test_one_face_beyond_doubt_is_enough(client: Client, doubtful: Result, scores: list[float | None]) -> None:
    assertContains(client.get(detail(doubtful)), "isn’t sure of these faces")
    for face, score in zip(Face.objects.all(), scores, strict=True):
        Face.objects.filter(pk=face.pk).update(score=score)
    assertNotContains(client.get(detail(doubtful)), LABEL)


def test_a_hosted_engine_says_what_is_sent(client: Client, submit: Submit, hosted: Vendor) -> None:
    hosted.answers(NO_FACE)
    submit("rocket.jpg", engine="acedata")
    page = client.get(detail(newest())).content.decode()
    form = FORM.search(page)
    assert form and 'aria-describedby="run-acedata"' in form[0]
    assert page.count('id="run-acedata"') == 1
    hosted.answers(NO_FACE)
    client.post(*sent_by_button(page))
    assert newest().rotate


def test_a_stranger_cannot_have_the_photo_sent(
    client: Client, submit: Submit, hosted: Vendor, settings: LazySettings
) -> None:
    settings.HISTORY = "shared"
    hosted.answers(NO_FACE)
    submit("rocket.jpg", engine="acedata")
    assertContains(client.get(detail(newest())), LABEL)
    assertNotContains(Client().get(detail(newest())), LABEL)


def test_an_engine_that_is_gone_has_no_button(client: Client, empty: Result) -> None:
    Result.objects.update(engine="retired")
    assertNotContains(client.get(detail(empty)), LABEL)
