"""The page of measures, and their files."""

import json
import re

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from landmarks.core.measures import MEASURES
from landmarks.core.measures.geometry import shape_of
from landmarks.models import Face, Result
from tests.web.conftest import Submit, only_result


def address(result: Result, query: str = "") -> str:
    return f"/results/{result.pk}/measures/{query}"


def drawings_of(page: str) -> dict:
    found = re.search(r'<script id="measures-drawings" type="application/json">(.*?)</script>', page)
    assert found
    drawings: dict = json.loads(found[1])
    return drawings


def test_every_measure_has_a_row(client: Client, astronaut: Result) -> None:
    page = client.get(address(astronaut)).content.decode()
    assert re.findall(r'data-measure="(\w+)"', page) == list(MEASURES)
    assert "Measures of face 1" in page


def test_a_row_is_read_as_a_sentence_with_both_sides(client: Client, astronaut: Result) -> None:
    number = r"−?\d+\.\d plus or minus \d+\.\d"
    sentence = rf"Brow height: left {number}, right {number}, difference [+−]?\d+\.\d plus or minus \d+\.\d pixels"
    assert re.search(f'data-sentence="{sentence}"', client.get(address(astronaut)).content.decode())


def test_the_unit_can_be_chosen(client: Client, astronaut: Result) -> None:
    page = client.get(address(astronaut, "?unit=eye_percent")).content.decode()
    row = re.search(r'data-measure="outer_canthal_distance".*?</tr>', page, re.DOTALL)
    assert row
    assert "100.0" in row[0]
    assert re.search(r'value="eye_percent"\s+checked', page)


def test_without_a_visible_iris_millimetres_are_disabled_with_the_reason(client: Client, astronaut: Result) -> None:
    for query in ("", "?unit=mm"):
        page = client.get(address(astronaut, query)).content.decode()
        assert re.search(r'value="mm"\s+disabled', page)
        assert re.search(r'value="px"\s+checked', page)
        assert "No mm: the iris is less than 12 px wide" in page


def test_with_a_visible_iris_the_page_says_how_long_a_millimetre_is(client: Client, astronaut: Result) -> None:
    Face.objects.update(irises=[23.4, 23.4])
    page = client.get(address(astronaut, "?unit=mm")).content.decode()
    assert re.search(r'value="mm"\s+checked', page)
    assert "1 mm is 2.00 px here: the iris is taken as 11.7 ± 0.5 mm wide, so all mm may be 5 % off together." in page


@pytest.mark.parametrize(
    ("pose", "told"),
    [
        ({"yaw": -12.4, "pitch": 0, "roll": 0}, "Turned by 12°: left and right are not comparable."),
        (None, "Compare left and right only if the head faces the camera."),
    ],
    ids=["turned", "unknown"],
)
def test_sides_that_cannot_be_compared_have_a_caution(
    client: Client, astronaut: Result, pose: dict | None, told: str
) -> None:
    assertNotContains(client.get(address(astronaut)), "caution")
    Face.objects.update(pose=pose)
    assertContains(client.get(address(astronaut)), told)


def test_without_expected_errors_there_is_no_plus_minus(client: Client, astronaut: Result) -> None:
    Face.objects.update(uncertainty=None)
    response = client.get(address(astronaut))
    assertContains(response, "there is no ±")
    assertNotContains(response, "<small>±")


def test_a_guessed_measure_is_marked(client: Client, astronaut: Result) -> None:
    Face.objects.update(uncertainty=[0.09] * 90)
    assertContains(client.get(address(astronaut)), 'class="is-guessed"', count=len(MEASURES))


def test_what_is_drawn_lies_on_the_points(client: Client, astronaut: Result) -> None:
    drawing = drawings_of(client.get(address(astronaut)).content.decode())["mouth_width"]
    (face,) = astronaut.found_faces()
    shape = shape_of(face)
    expected = [shape[index] for index in sorted(MEASURES["mouth_width"].points)]
    assert [complex(*point) for point in drawing["points"]] == pytest.approx(
        [at + 0.5 + 0.5j for at in expected], abs=0.01
    )
    assert drawing["segments"] == [drawing["points"]]
    assert re.fullmatch(r"\d+\.\d px", drawing["chips"][0]["text"])


def test_each_side_has_its_own_line_and_value(client: Client, astronaut: Result) -> None:
    drawing = drawings_of(client.get(address(astronaut)).content.decode())["canthal_tilt"]
    assert [chip["side"] for chip in drawing["chips"]] == ["left", "right"]
    (left, _), (right, _) = drawing["segments"]
    assert left[0] < right[0]
    assert all(chip["text"].endswith("°") for chip in drawing["chips"])


def test_each_face_has_its_page(client: Client, two_people: Result) -> None:
    first, second = (client.get(address(two_people, f"?face={number}")).content.decode() for number in (1, 2))
    assert "Measures of face 2" in second
    assert drawings_of(first) != drawings_of(second)
    assertContains(client.get(address(two_people, "?face=3")), "There is no face 3", status_code=400)
    assertContains(client.get(address(two_people, "?unit=cm")), "“unit” must be one of", status_code=400)


def test_without_a_face_there_is_only_the_page_of_the_result(client: Client, submit: Submit) -> None:
    submit("rocket.jpg")
    result = only_result()
    assertRedirects(client.get(address(result)), f"/results/{result.pk}/", status_code=303)


def test_the_files_hold_all_faces(client: Client, two_people: Result) -> None:
    told = client.get(f"/results/{two_people.pk}/measures.json").json()
    assert [face["number"] for face in told["faces"]] == [1, 2]
    response = client.get(f"/results/{two_people.pk}/measures.csv")
    assert response.headers["Content-Disposition"] == 'attachment; filename="two_people-measures.csv"'
    assert response.content.count(b"\n") == 1 + sum(len(face["values"]) for face in told["faces"])
