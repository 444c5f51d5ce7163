"""Times in the visitor's time zone."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from facesite.middleware.timezone import local_times
from tests.rows import NOON, make_result


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("Asia/Tokyo", "Asia/Tokyo"),
        ("", "UTC"),
        ("Europe", "UTC"),
        ("../../etc/passwd", "UTC"),
        ("Middle/Earth", "UTC"),
        ("x" * 4000, "UTC"),
    ],
)
def test_a_zone_is_taken_if_there_is_one_of_that_name(zone: str, name: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["facesite_zone"] = zone

    def answer(request: HttpRequest) -> HttpResponse:
        return HttpResponse(timezone.get_current_timezone_name())

    assert local_times(answer)(request).content.decode() == name  # type: ignore[attr-defined]
    assert timezone.get_current_timezone_name() == "UTC"


@pytest.mark.django_db
def test_times_of_the_history_are_local_or_say_their_zone(client: Client) -> None:
    client.get("/results/")
    make_result(owner=client.session["owner"], created=NOON.replace(hour=23))
    page = client.get("/results/")
    assertContains(page, "Times in UTC")
    assertContains(page, ">23:00</time>")
    client.cookies["facesite_zone"] = "Asia/Tokyo"
    page = client.get("/results/")
    assertNotContains(page, "Times in")
    assertContains(page, ">08:00</time>")
    assertContains(page, "Monday 2 March")
