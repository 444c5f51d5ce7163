"""Two runs over one photo side by side: of two engines, or with other options."""

import re
from dataclasses import replace
from math import dist

from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from landmarks.core.schema import REGIONS
from landmarks.models import Result
from tests.vendor import Vendor, analysis, answering, face_in
from tests.web.conftest import USED_UP, Submit
from tests.web.second_runs import (
    again,
    answer,
    buttons,
    comparison,
    detail,
    moved,
    newest,
    told_by_name,
)


def test_a_result_shows_the_other_engine_and_says_what_is_sent(client: Client, local: Result) -> None:
    assert buttons(client, local) == {"acedata": "Compare with Ace Data Cloud"}
    assertContains(
        told_by_name(client, local), "This sends the photo to Ace Data Cloud, which bills each call.", count=1
    )


def test_one_engine_has_no_comparison(client: Client, astronaut: Result) -> None:
    assertNotContains(client.get(detail(astronaut)), "Compare with")


def test_comparing_runs_the_other_engine_once(client: Client, local: Result, hosted: Vendor) -> None:
    response = again(client, local, engine="acedata", compare="1")
    other = newest()
    assertRedirects(response, comparison(local, other), 303)
    assertRedirects(again(client, local, engine="acedata", compare="1"), comparison(local, other), 303)
    assert len(hosted.requests) == 1
    for one, another in ((local, other), (other, local)):
        assertContains(client.get(detail(one)), comparison(one, another))
        assert buttons(client, one) == {}


def test_a_run_with_other_options_does_not_count(client: Client, local: Result, hosted: Vendor) -> None:
    Result.objects.create(
        owner=local.owner, photo=local.photo, engine="acedata", face_model_version="3.0", largest_only=True
    )
    assert buttons(client, local) == {"acedata": "Compare with Ace Data Cloud"}


def test_an_other_run_that_fails_leads_to_its_reason(client: Client, local: Result, hosted: Vendor) -> None:
    hosted.answers(USED_UP)
    response = again(client, local, engine="acedata", compare="1")
    assertRedirects(response, detail(newest()), 303)
    assert newest().is_failed


def test_the_page_tells_how_far_the_points_lie_apart(client: Client, local: Result, hosted: Vendor) -> None:
    left, right = local.found_faces()
    hosted.answers(answer(local, moved(left, 3, 4), moved(right, -5, 1)))
    page = client.get(again(client, local, engine="acedata", compare="1").headers["Location"]).content.decode()
    means = []
    for one, other in zip(local.found_faces(), newest().found_faces(), strict=True):
        eyes = [dist(face.region("left_eye")[0], face.region("right_eye")[0]) for face in (one, other)]
        gaps = {
            region.label: [
                200 * dist(*points) / sum(eyes)
                for points in zip(one.region(region.name), other.region(region.name), strict=True)
            ]
            for region in REGIONS
        }
        table = tables(page)[len(means) + 1]
        assert table[:-1] == [(label, f"{sum(each) / len(each):.1f}\xa0%") for label, each in gaps.items()]
        means.append(sum(map(sum, gaps.values())) / 90)
        assert table[-1] == ("All 90 points", f"{means[-1]:.1f}\xa0%")
        assert f"{max(map(max, gaps.values())):.1f}\xa0%" in page
    told = f"the points of the 2 faces that both found are {sum(means) / 2:.1f}\xa0% of the eye distance apart"
    assert told in page
    assert tables(page)[0][-1][1] == f"{sum(means) / 2:.1f}\xa0%"
    assert "the embedded engine’s points are about 3" in page


def tables(page: str) -> list[list[tuple[str, str]]]:
    """Label and distance of each row of each table."""
    found = []
    for table in re.findall(r'<table class="distances">(.*?)</table>', page, re.DOTALL):
        rows = re.findall(r'<th scope="row">(.*?)</th>\s*<td class="number">(.*?)</td>', table, re.DOTALL)
        found.append(
            [(re.sub(r"<svg.*?</svg>|<[^>]+>", "", label, flags=re.DOTALL).strip(), told) for label, told in rows]
        )
    return found


def facts(engine: str, count: str) -> str:
    """What stands below an overlay."""
    return rf'>{engine}</a>\s*<span class="result-summary"><span>{count}</span> · <span>\d+ ms</span></span>'


def test_both_overlays_are_there_with_engine_time_and_faces(client: Client, local: Result, hosted: Vendor) -> None:
    left, _ = local.found_faces()
    hosted.answers(answer(local, left))
    page = client.get(again(client, local, engine="acedata", compare="1").headers["Location"]).content.decode()
    assert page.count('viewBox="0 0 1126 661"') == 2
    assert re.search(facts(r"Embedded engine [\d.]+", "2 faces"), page)
    assert re.search(facts("Ace Data Cloud[^<]*", "1 face"), page)
    assert "Only the embedded engine found 1 face: number 2." in page
    assert "Lines: the embedded engine. Marks: Ace Data Cloud." in page


def test_faces_of_different_order_have_both_numbers(client: Client, local: Result, hosted: Vendor) -> None:
    left, right = local.found_faces()
    grown = replace(right, points=tuple((1.3 * x - 0.3 * 870, 1.3 * y - 0.3 * 200) for x, y in right.points))
    hosted.answers(answer(local, left, grown))
    page = client.get(again(client, local, engine="acedata", compare="1").headers["Location"])
    assertContains(page, "Face 1, number 2 of Ace Data Cloud")


def test_no_face_in_common_is_reported(client: Client, local: Result, hosted: Vendor) -> None:
    face = face_in(local.photo.width, local.photo.height)
    hosted.answers(answering(analysis(local.photo.width, local.photo.height, [face])))
    page = client.get(again(client, local, engine="acedata", compare="1").headers["Location"])
    assertContains(page, "no face was found by both")
    assertContains(page, "Only the embedded engine found 2 faces: numbers 1, 2.")
    assertContains(page, "Only Ace Data Cloud found 1 face.")


def test_two_runs_of_one_engine_can_be_compared(client: Client, astronaut: Result) -> None:
    again(client, astronaut, engine="local")
    page = client.get(comparison(astronaut, newest()))
    assertContains(page, "are 0.0\xa0% of the eye distance apart")
    assertContains(page, "Lines: the first run. Marks: the second run.")


def test_runs_with_other_options_are_told_apart(client: Client, two_people: Result) -> None:
    again(client, two_people, engine="local", mode="1", need_rotate_detection="1")
    page = client.get(comparison(two_people, newest()))
    assertContains(page, ", all faces, without rotation</a>")
    assertContains(page, ", only the largest face, with rotation</a>")


def test_many_faces_that_one_run_found_are_a_range(client: Client, submit: Submit, astronaut: Result) -> None:
    submit(sample="solvay1927")
    crowd = newest()
    again(client, crowd, engine="local", mode="1")
    assertContains(client.get(comparison(crowd, newest())), "Only the first run found 28 faces: numbers 2–29.")


def test_a_run_with_other_options_can_be_compared(client: Client, two_people: Result) -> None:
    again(client, two_people, engine="local", mode="1")
    largest = newest()
    for page in (client.get(detail(two_people)), client.get(detail(largest))):
        assertContains(page, f'href="{comparison(two_people, largest)}"')


def test_a_run_with_the_same_options_is_not(client: Client, two_people: Result) -> None:
    again(client, two_people, engine="local")
    assertNotContains(client.get(detail(newest())), "Compare both runs")


def test_only_two_results_of_one_photo_that_one_may_see_are_compared(
    client: Client, submit: Submit, local: Result, hosted: Vendor
) -> None:
    again(client, local, engine="acedata")
    other = newest()
    assert client.get(comparison(local, other)).status_code == 200
    assert Client().get(comparison(local, other)).status_code == 404
    assert client.get(comparison(local, local)).status_code == 404
    submit("astronaut.jpg", engine="local")
    assert client.get(comparison(local, newest())).status_code == 404
    Result.objects.filter(pk=other.pk).update(status="failed", error_code="api_error")
    assert client.get(comparison(local, other)).status_code == 404
    assert client.get(comparison(other, local)).status_code == 404
