"""The points of other schemes on the page of a result, in its data and its pictures."""

import json
import re

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from landmarks.core.schemes import PROJECTIONS, project, region_of
from landmarks.models import Face, Result
from tests.web.conftest import body
from tests.web.test_viewer_data import data_of

ROW = re.compile(
    r'<tr><th scope="row">(\d+)</th><td>(\w+)</td><td class="number">([\d.]+)</td><td class="number">([\d.]+)'
)


@pytest.mark.parametrize("scheme", PROJECTIONS)
def test_the_table_lists_numbers_names_and_places(client: Client, astronaut: Result, scheme: str) -> None:
    page = client.get(f"/results/{astronaut.pk}/?scheme={scheme}").content.decode()
    projected = project(astronaut.found_faces()[0], scheme)
    assert ROW.findall(page) == [
        (str(number), name, f"{x:.1f}", f"{y:.1f}")
        for number, (name, (x, y)) in enumerate(zip(projected.names, projected.points, strict=True))
    ]
    assert PROJECTIONS[scheme].note in page
    assert f'data-copy="/results/{astronaut.pk}/export/csv?scheme={scheme}"' in page


@pytest.mark.parametrize("scheme", PROJECTIONS)
def test_the_data_has_the_same_points_by_region_with_their_numbers(
    client: Client, astronaut: Result, scheme: str
) -> None:
    data = data_of(client, astronaut, f"?scheme={scheme}")
    projected, (face,) = project(astronaut.found_faces()[0], scheme), data["faces"]
    numbers = []
    for region in data["regions"]:
        assert len(region["numbers"]) == len(region["meanings"]) == len(face["points"][region["name"]])
        for number, name, point in zip(
            region["numbers"], region["meanings"], face["points"][region["name"]], strict=True
        ):
            assert (name, region_of(name).name) == (projected.names[number], region["name"])
            assert point == [round(value, 1) for value in projected.points[number]]
            numbers.append(number)
    assert sorted(numbers) == list(range(len(projected.points)))


@pytest.mark.parametrize("scheme", PROJECTIONS)
def test_overlay_and_pictures_draw_as_many_marks(client: Client, astronaut: Result, scheme: str) -> None:
    count = PROJECTIONS[scheme].scheme.count
    page = client.get(f"/results/{astronaut.pk}/?scheme={scheme}").content.decode()
    assert page.count(f'aria-label="1 face, {count} points"') == 1
    svg = client.get(f"/results/{astronaut.pk}/overlay.svg?scheme={scheme}").content.decode()
    assert svg.count("<use ") == count
    assert svg == body(client.get(f"/results/{astronaut.pk}/export/svg?scheme={scheme}")).decode()


def test_numbers_are_those_of_the_scheme(client: Client, astronaut: Result) -> None:
    svg = client.get(f"/results/{astronaut.pk}/overlay.svg?scheme=ibug68&labels=1").content.decode()
    written = re.findall(r"<text [^>]*>(\d+)</text>", svg)
    assert sorted(map(int, written)) == list(range(68))


def test_the_png_of_a_scheme_is_another(client: Client, astronaut: Result) -> None:
    address = f"/results/{astronaut.pk}/overlay.png"
    assert body(client.get(f"{address}?scheme=five")) != body(client.get(address))
    assert body(client.get(f"{address}?scheme=face90")) == body(client.get(address))


def test_regions_without_a_point_cannot_be_chosen(client: Client, astronaut: Result) -> None:
    page = client.get(f"/results/{astronaut.pk}/?scheme=five")
    boxes = re.findall(r'<input type="checkbox"\s+(name="regions"|disabled)\s+value="(\w+)"', page.content.decode())
    assert {name for how, name in boxes if how != "disabled"} == {"left_eye", "right_eye", "nose", "mouth"}
    assertNotContains(page, 'data-regions="left_pupil"')


def test_a_select_without_a_script_chooses_the_scheme(client: Client, astronaut: Result) -> None:
    assertContains(client.get(f"/results/{astronaut.pk}/"), '<option value="" selected>90 points</option>', html=True)
    page = client.get(f"/results/{astronaut.pk}/?scheme=wflw98")
    assertContains(page, '<option value="wflw98" selected>98, WFLW</option>', html=True)
    assertContains(page, "overlay.png?scheme=wflw98")


def test_guessed_points_are_guessed_in_the_scheme(client: Client, astronaut: Result) -> None:
    Face.objects.update(uncertainty=[0.2] * 21 + [0.01] * 69)
    (face,) = data_of(client, astronaut, "?scheme=ibug68")["faces"]
    assert set(face["errors"]) == {"face_profile"} and len(face["errors"]["face_profile"]) == 17
    assertContains(client.get(f"/results/{astronaut.pk}/overlay.svg?scheme=ibug68"), "#guess-face_profile", count=17)
    hidden = client.get(f"/results/{astronaut.pk}/overlay.svg?scheme=ibug68&guessed=0").content.decode()
    assert hidden.count("<use ") == 68 - 17


def test_an_unknown_scheme_is_explained(client: Client, astronaut: Result) -> None:
    for address in ("", "overlay.svg", "overlay.png"):
        response = client.get(f"/results/{astronaut.pk}/{address}?scheme=ibug69")
        assert response.status_code == 400
        assert "“scheme” must be one of face90, ibug68" in response.content.decode()


def test_save_as_begins_with_the_scheme_that_is_shown(client: Client, astronaut: Result) -> None:
    page = client.get(f"/results/{astronaut.pk}/save?scheme=lapa106&lines=0").content.decode()
    checked = re.findall(r'name="scheme"\s+value="(\w*)"\s+checked', page)
    assert checked == ["lapa106"]
    assert 'name="lines" value="0"' in page and 'type="hidden" name="scheme"' not in page
    sizes = [json.loads(f"[{text.replace(' ', ',')}]") for text in re.findall(r'data-sizes="([\d ]+)"', page)]
    assert {len(each) for each in sizes} == {1, 5} and all(size > 0 for each in sizes for size in each)
