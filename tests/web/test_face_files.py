"""Crops, masks and blurred photos by the addresses of the pages."""

import json
from io import BytesIO

import numpy as np
import pytest
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from landmarks.core.schema import REGIONS
from landmarks.models import Result
from tests.web.conftest import Submit, body, only_result


def get(client: Client, result: Result, name: str) -> HttpResponse:
    return client.get(f"/results/{result.pk}/{name}")


def picture(client: Client, result: Result, name: str) -> Image.Image:
    response = get(client, result, name)
    assert response.status_code == 200, name
    return Image.open(BytesIO(body(response)))


def test_a_crop_has_its_size_and_its_matrix(client: Client, two_people: Result) -> None:
    response = get(client, two_people, "faces/2/crop.png?size=300&margin=0.1")
    crop = Image.open(BytesIO(body(response)))
    assert (crop.format, crop.size, response.headers["Content-Type"]) == ("PNG", (300, 300), "image/png")
    matrix = json.loads(response.headers["Crop-Matrix"])
    assert json.loads(crop.text["matrix"]) == matrix  # type: ignore[attr-defined]
    points = np.array(two_people.found_faces()[1].points)
    moved = points @ np.array(matrix)[:, :2].T + np.array(matrix)[:, 2]
    assert moved.min() >= 0 and moved.max() <= 299
    left, right = moved[21:29].mean(axis=0), moved[29:37].mean(axis=0)
    assert left[1] == pytest.approx(right[1], abs=1e-3) and left[0] < right[0]


def test_a_mask_fits_the_photo_or_the_crop(client: Client, two_people: Result) -> None:
    assert picture(client, two_people, "faces/1/mask.png").size == (1126, 661)
    assert picture(client, two_people, "faces/1/mask.png?size=100").size == (100, 100)
    assert picture(client, two_people, "faces/1/mask.png?margin=0").size == (256, 256)
    whole = np.asarray(picture(client, two_people, "faces/1/mask.png"))
    assert set(np.unique(whole)) == set(range(len(REGIONS) + 1))
    lips = np.asarray(picture(client, two_people, "faces/1/mask.png?regions=mouth"))
    assert set(np.unique(lips)) == {0, 6}
    assert not np.asarray(picture(client, two_people, "faces/1/mask.png?regions=")).any()


def test_the_blurred_photo_is_a_jpeg_without_metadata_whose_faces_are_gone(client: Client, two_people: Result) -> None:
    blurred, photo = picture(client, two_people, "blurred.jpg"), picture(client, two_people, "photo")
    assert (blurred.format, blurred.size, dict(blurred.getexif())) == ("JPEG", photo.size, {})
    assert not {"comment", "exif", "icc_profile"} & set(blurred.info)
    for face in two_people.found_faces():
        box = tuple(map(round, (face.box.left, face.box.top, face.box.right, face.box.bottom)))
        details = [
            np.abs(np.diff(np.asarray(each.crop(box).convert("L")).astype(int))).mean() for each in (blurred, photo)
        ]
        assert details[0] < 0.4 * details[1]


def test_a_photo_without_faces_has_nothing_to_blur(client: Client, submit: Submit) -> None:
    submit("rocket.jpg")
    rocket = only_result()
    assert picture(client, rocket, "blurred.jpg").size == picture(client, rocket, "photo").size
    assert get(client, rocket, "faces/1/crop.png").status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        *(
            "faces/1/crop.png?size=15",
            "faces/1/crop.png?size=1025",
            "faces/1/crop.png?size=x",
            "faces/1/crop.png?size=1e3",
        ),
        *("faces/1/crop.png?margin=-0.1", "faces/1/crop.png?margin=1.1", "faces/1/crop.png?margin=nan"),
        *("faces/1/mask.png?regions=ear", "faces/1/mask.png?size=0"),
    ],
)
def test_other_sizes_margins_and_regions_are_rejected_with_a_sentence(
    client: Client, astronaut: Result, name: str
) -> None:
    response = get(client, astronaut, name)
    assert response.status_code == 400 and response.content.decode().endswith(".")
    answer = client.get(f"/results/{astronaut.pk}/{name}", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")


@pytest.mark.parametrize("number", ["0", "2", "99999999999999999999"])
@pytest.mark.parametrize("name", ["crop.png", "mask.png"])
def test_a_face_that_does_not_exist_is_not_found(client: Client, astronaut: Result, number: str, name: str) -> None:
    assert get(client, astronaut, f"faces/{number}/{name}").status_code == 404


def test_the_page_links_to_them(client: Client, two_people: Result) -> None:
    page = client.get(f"/results/{two_people.pk}/?face=2").content.decode()
    for name in ("blurred.jpg?download=1", "faces/2/crop.png?size=512&amp;download=1"):
        assert f"/results/{two_people.pk}/{name}" in page
    response = get(client, two_people, "blurred.jpg?download=1")
    assert response.headers["Content-Disposition"] == 'attachment; filename="two_people-blurred.jpg"'
    body(response)
