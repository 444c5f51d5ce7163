"""Several results that were selected in the history, compared side by side."""

import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from landmarks.models import Result
from tests.rows import NOON, make_result
from tests.web.conftest import Submit

pytestmark = pytest.mark.django_db
ADDRESS = "/results/compare"


@pytest.fixture
def two(client: Client, submit: Submit) -> list[Result]:
    submit("astronaut.jpg")
    submit("two_people.jpg")
    return list(Result.objects.order_by("created"))


def compare(client: Client, *results: Result) -> HttpResponse:
    return client.post(ADDRESS, {"result": [result.pk for result in results]})


def page_of(client: Client, *results: Result) -> str:
    response = client.get(compare(client, *results)["Location"])
    assert response.status_code == 200
    return response.content.decode()


def test_the_selection_leads_to_an_address_with_its_ids(client: Client, two: list[Result]) -> None:
    expected = f"{ADDRESS}?ids={two[0].pk},{two[1].pk}"
    assertRedirects(compare(client, *reversed(two)), expected, 303)


def test_each_result_has_a_face_and_its_measurements(client: Client, two: list[Result]) -> None:
    page = page_of(client, *two)
    assert page.count('data-overlays="close-up"') == 2
    assert re.findall(r'<th scope="col"><bdi>(.+?)</bdi>', page) == ["astronaut.jpg", "two_people.jpg"]
    cells = re.search(r'<th scope="row">Face size</th>(.*?)</tr>', page, re.DOTALL)
    assert cells and cells[1].count("<td>") == 2 and cells[1].count("px") == 2
    assert "2 faces" in page


def test_two_results_of_one_photo_are_compared_point_by_point(client: Client, two: list[Result]) -> None:
    one = two[0]
    client.post(f"/results/{one.pk}/again", {"engine": "local", "mode": "1"})
    again = Result.objects.exclude(pk__in=[each.pk for each in two]).get()
    assertRedirects(compare(client, one, again), reverse("landmarks:result-compare", args=[one.pk, again.pk]), 303)


@pytest.mark.parametrize("count", [0, 1, 7])
def test_two_to_six_are_compared(client: Client, count: int) -> None:
    client.get("/results/")
    owner = str(client.session["owner"])
    results = [make_result(owner=owner, created=NOON + timedelta(minutes=number)) for number in range(count)]
    assertRedirects(compare(client, *results), "/results/", 303, fetch_redirect_response=False)
    assertContains(client.get("/results/"), "Select 2 to 6 results to compare them.")


def test_a_result_without_a_face_is_named(client: Client, submit: Submit, two: list[Result]) -> None:
    submit("rocket.jpg")
    assertRedirects(compare(client, *Result.objects.all()), "/results/", 303, fetch_redirect_response=False)
    assertContains(client.get("/results/"), "There is no face to compare in rocket.jpg.")


def test_results_of_others_are_not_found(client: Client, two: list[Result]) -> None:
    other = make_result(owner="other-owner")
    assert client.get(f"{ADDRESS}?ids={two[0].pk},{other.pk}").status_code == 404
    assert client.get(f"{ADDRESS}?ids={two[0].pk},elbow").status_code == 404
