"""The JSON that the scripts of a result's page read."""

import json
import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from landmarks.core.measures import inter_ocular_distance
from landmarks.core.schema import BY_NAME, POINT_COUNT, REGIONS
from landmarks.drawing.sizes import Proportion
from landmarks.models import Face, Result
from landmarks.web.presenters.viewer_data import sizes
from tests.conftest import BASE_DIR
from tests.web.conftest import Submit, only_result

DATA = re.compile(r'<script id="viewer-data" type="application/json">(.*?)</script>', re.DOTALL)


def data_of(client: Client, result: Result, query: str = "") -> Any:
    page = client.get(reverse("landmarks:result-detail", args=[result.pk]) + query).content.decode()
    (data,) = DATA.findall(page)
    return json.loads(data)


def test_it_has_every_face_with_all_points_in_pixels(client: Client, two_people: Result) -> None:
    faces = data_of(client, two_people)["faces"]
    assert [face["number"] for face in faces] == [1, 2]
    for face, found in zip(faces, two_people.found_faces(), strict=True):
        for region in REGIONS:
            assert face["points"][region.name] == [[round(x, 1), round(y, 1)] for x, y in found.region(region.name)]


def test_it_names_regions_and_points(client: Client, astronaut: Result) -> None:
    regions = data_of(client, astronaut)["regions"]
    assert [region["name"] for region in regions] == [region.name for region in REGIONS]
    for region in regions:
        expected = BY_NAME[region["name"]]
        assert (region["label"], tuple(region["meanings"])) == (expected.label, expected.meanings)


def test_it_has_the_errors_of_guessed_points_only(client: Client, astronaut: Result) -> None:
    Face.objects.update(uncertainty=[0.2, *[0.0] * (POINT_COUNT - 1)])
    (face,) = data_of(client, astronaut)["faces"]
    distance = inter_ocular_distance(astronaut.found_faces()[0])
    assert face["errors"] == {"face_profile": {"0": round(0.2 * distance, 1)}}


@pytest.mark.parametrize(("query", "chosen"), [("", 1), ("?face=3", 3)])
def test_faces_too_small_for_marks_have_pupils_only_unless_chosen(
    client: Client, submit: Submit, settings: LazySettings, query: str, chosen: int
) -> None:
    settings.MAX_FACES = 5
    submit(BASE_DIR / "static/samples/solvay1927.jpg")
    for face in data_of(client, only_result(), query)["faces"]:
        regions = set(BY_NAME) if face["number"] == chosen else {"left_pupil", "right_pupil"}
        assert set(face["points"]) == regions
    for face in data_of(client, only_result(), "?zoom=64")["faces"]:
        assert set(face["points"]) == set(BY_NAME)


def test_its_constants_are_those_of_the_drawing() -> None:
    found = sizes()
    number = Proportion(**found["number"])
    assert [number.of(radius) for radius in (1, 5, 20)] == [7, 12, 24]
    assert Proportion(**found["halo"]).of(100) == 34
