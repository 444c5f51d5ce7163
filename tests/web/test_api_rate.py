"""API_RATE on pages: every photo that is looked at counts, nothing else does, and a refusal says how long."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from pytest_django.asserts import assertContains

from landmarks.models import Result
from tests.vendor import Vendor, refusal
from tests.web.conftest import Submit, submit_from
from tests.web.second_runs import again

TOO_OFTEN = "You have reached the limit of 2 requests in 1 hour"


@pytest.fixture(autouse=True)
def two_an_hour(settings: LazySettings) -> None:
    settings.API_RATE = "2/hour"


def test_a_third_photo_is_refused_with_the_form(submit: Submit) -> None:
    assert [submit("astronaut.jpg").status_code for _ in range(2)] == [303, 303]
    response = submit("astronaut.jpg", mode="1")
    assertContains(response, TOO_OFTEN, status_code=429)
    assert 3500 < int(response.headers["Retry-After"]) <= 3600
    assert Result.objects.count() == 2


def test_each_photo_of_a_form_counts_and_each_error_is_shown(client: Client, submit: Submit) -> None:
    response = submit("astronaut.jpg", "two_people.jpg", "rocket.jpg")
    assert (response.status_code, response.headers["Location"]) == (303, "/results/")
    assertContains(client.get("/results/"), f"<bdi>rocket.jpg</bdi>: {TOO_OFTEN}")
    assert Result.objects.count() == 2


def test_a_form_of_which_nothing_is_taken_comes_back(submit: Submit) -> None:
    submit("astronaut.jpg", "rocket.jpg")
    response = submit("two_people.jpg", "obama-240p.jpg")
    assertContains(response, f"<bdi>two_people.jpg</bdi>: {TOO_OFTEN}", status_code=429)
    assertContains(response, f"<bdi>obama-240p.jpg</bdi>: {TOO_OFTEN}", status_code=429)


def test_photos_that_are_none_count_too(client: Client, submit: Submit, tmp_path: Path) -> None:
    (tmp_path / "text.jpg").write_text("This is no photo.")
    statuses = [submit_from(client, tmp_path)("text.jpg").status_code for _ in range(3)]
    assert statuses[0] == statuses[1] != 429
    assert statuses[2] == 429


def test_a_further_run_counts(client: Client, submit: Submit, hosted: Vendor) -> None:
    hosted.answers(refusal(403, "used_up", "Your balance is not sufficient."))
    submit("astronaut.jpg", engine="acedata")
    result = Result.objects.get()
    assert again(client, result, engine="local").status_code == 303
    response = again(client, result, engine="acedata")
    assertContains(response, TOO_OFTEN, status_code=429)
    assert int(response.headers["Retry-After"]) > 3500
    assert len(hosted.requests) == 1


def test_what_is_there_already_costs_nothing(client: Client, submit: Submit, hosted: Vendor) -> None:
    submit("astronaut.jpg", engine="local")
    result = Result.objects.get()
    assert [again(client, result, engine="acedata", compare="1").status_code for _ in range(4)] == [303] * 4
    assert len(hosted.requests) == 1


def test_viewing_downloading_and_deleting_are_not_limited(client: Client, astronaut: Result) -> None:
    page = f"/results/{astronaut.pk}/"
    for _ in range(4):
        assert client.get("/").status_code == client.get(page).status_code == 200
        assert client.get(f"{page}export/csv").status_code == client.get(f"{page}overlay.svg").status_code == 200
    assert client.post(f"{page}delete").status_code == 303


def test_other_clients_are_not_concerned(submit: Submit, images: Path) -> None:
    assert [submit("astronaut.jpg").status_code for _ in range(3)] == [303, 303, 429]
    other = submit_from(Client(REMOTE_ADDR="192.0.2.8"), images)
    assert other("astronaut.jpg").status_code == 303


def test_off_is_no_bound(submit: Submit, settings: LazySettings) -> None:
    settings.API_RATE = "off"
    assert [submit("rocket.jpg").status_code for _ in range(4)] == [303] * 4
