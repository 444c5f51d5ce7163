"""Photos, drawings and exports by token, and what a program with a copy of them gets."""

import io
import json
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.test import Client
from PIL import Image

from landmarks.models import Result
from tests.api.conftest import RESULTS, MakeToken, Program, error_of

JSON = "application/json"
FILES = (
    *("photo", "overlay.png", "overlay.svg", "export/json", "export/csv"),
    *("blurred.jpg", "faces/1/crop.png", "faces/1/mask.png", "faces/1/geometry"),
)


@pytest.fixture
def made(program: Program, images: Path) -> dict:
    return program.send(RESULTS, images / "two_people.jpg", "photo").json()


def content(response: object) -> bytes:
    return response.getvalue() if response.streaming else response.content  # type: ignore[attr-defined]


def test_the_photo_is_upright_and_without_metadata(program: Program, made: dict) -> None:
    response = program.get(made["pictures"]["photo"])
    assert response.headers["Content-Type"] == "image/jpeg"
    with Image.open(io.BytesIO(content(response))) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (1126, 661), {})


def test_drawings_are_those_of_the_pages(program: Program, made: dict, settings: LazySettings) -> None:
    settings.HISTORY = "shared"
    query = "?faces=1&regions=mouth,nose&labels=1&size=2&opacity=0.5&colour=face&lines=0&scale=1"
    for name in ("overlay.png", "overlay.svg"):
        ours = program.get(f"{RESULTS}/{made['id']}/{name}{query}")
        theirs = Client().get(f"/results/{made['id']}/{name}{query}")
        assert content(ours) == content(theirs)
        assert ours.headers["Content-Type"] == theirs.headers["Content-Type"]
    assert content(program.get(made["pictures"]["overlay_svg"])) != content(ours)


def test_a_drawing_is_enlarged_only_if_asked_for(program: Program, made: dict) -> None:
    path = f"{RESULTS}/{made['id']}/overlay.png"
    for query, size in (("", (1126, 661)), ("?scale=2", (2252, 1322))):
        with Image.open(io.BytesIO(content(program.get(path + query)))) as image:
            assert image.size == size


def test_lists_may_be_given_in_both_ways(program: Program, made: dict) -> None:
    path = f"{RESULTS}/{made['id']}/overlay.svg"
    assert content(program.get(f"{path}?regions=mouth&regions=nose")) == content(
        program.get(f"{path}?regions=mouth,nose")
    )


@pytest.mark.parametrize("query", ["faces=3", "regions=ear", "size=99", "colour=red", "labels=yes", "faces=0"])
@pytest.mark.parametrize("name", ["overlay.png", "overlay.svg"])
def test_other_drawings_are_rejected(program: Program, made: dict, name: str, query: str) -> None:
    assert error_of(program.get(f"{RESULTS}/{made['id']}/{name}?{query}")) == (400, "bad_request")


@pytest.mark.parametrize("name", ["overlay.png", "overlay.svg"])
def test_a_misspelt_option_is_reported(program: Program, made: dict, name: str) -> None:
    response = program.get(f"{RESULTS}/{made['id']}/{name}?color=face")
    assert error_of(response) == (400, "bad_request")
    assert "Did you mean colour?" in response.json()["error"]["message"]


@pytest.mark.parametrize("name", FILES)
def test_nobody_else_gets_a_file(program: Program, made: dict, make_token: MakeToken, name: str) -> None:
    path = f"{RESULTS}/{made['id']}/{name}"
    assert error_of(Program(make_token("bob"), Client()).get(path)) == (404, "not_found")
    assert error_of(Client().get(path)) == (400, "no_token")
    assert error_of(program.get(f"{RESULTS}/{uuid4()}/{name}")) == (404, "not_found")


@pytest.mark.parametrize("name", ["photo", "overlay.png", "blurred.jpg", "faces/1/crop.png"])
def test_a_lost_photo_is_reported(program: Program, made: dict, name: str) -> None:
    result = Result.objects.select_related("photo").get()
    result.photo.file.delete(save=False)
    Path(result.photo.file.storage.path(f"photos/{result.photo_id.hex[:2]}/{result.photo_id}.jpg")).unlink(True)
    assert error_of(program.get(f"{RESULTS}/{made['id']}/{name}"))[0] == 404


# --- copies ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", *(f"/{name}" for name in FILES)])
def test_a_copy_that_is_current_is_not_sent_again(program: Program, made: dict, name: str) -> None:
    path = f"{RESULTS}/{made['id']}{name}"
    first = program.get(path)
    tag = first.headers["ETag"]
    content(first)
    for known in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        again = program.client.get(path, headers={**program.headers(), "If-None-Match": known})
        assert (again.status_code, content(again)) == (304, b"")
        assert again.headers["ETag"] == tag
        assert again.headers["Cache-Control"] == "private, no-store"
    other = program.client.get(path, headers={**program.headers(), "If-None-Match": '"other"'})
    assert other.status_code == 200
    assert content(other)


@pytest.mark.parametrize(
    "name", ["export/csv?guessed=2", "export/csv?scale=2", "overlay.png?size=99", "overlay.svg?size=99"]
)
def test_a_wrong_option_is_an_error_whatever_copy_there_is(program: Program, made: dict, name: str) -> None:
    headers = {**program.headers(), "If-None-Match": "*"}
    assert program.client.get(f"{RESULTS}/{made['id']}/{name}", headers=headers).status_code == 400


def test_a_copy_is_old_when_the_result_is_renamed(program: Program, made: dict) -> None:
    path = f"{RESULTS}/{made['id']}"
    tag = program.get(path).headers["ETag"]
    program.client.patch(path, {"name": "other"}, content_type=JSON, headers=program.headers())
    response = program.client.get(path, headers={**program.headers(), "If-None-Match": tag})
    assert (response.status_code, response.json()["name"]) == (200, "other")


@pytest.mark.parametrize("name", ["overlay.png", "overlay.svg"])
def test_drawings_with_other_options_are_others(program: Program, made: dict, name: str) -> None:
    path = f"{RESULTS}/{made['id']}/{name}"
    tags = set()
    for query in ("", "labels=1", "faces=1", "size=2"):
        response = program.get(f"{path}?{query}")
        content(response)
        tags.add(response.headers["ETag"])
    assert len(tags) == 4


def test_a_copy_opens_nothing_to_others(program: Program, made: dict, make_token: MakeToken) -> None:
    path = f"{RESULTS}/{made['id']}/photo"
    response = program.get(path)
    content(response)
    tag = response.headers["ETag"]
    other = Client().get(path, headers={"Authorization": f"Bearer {make_token('bob')}", "If-None-Match": tag})
    assert other.status_code == 404


# --- faces -----------------------------------------------------------------------------------------------------------


def test_the_geometry_has_the_matrix_of_the_crop_and_the_areas_of_the_mask(program: Program, made: dict) -> None:
    path = f"{RESULTS}/{made['id']}/faces/1"
    told = program.get(f"{path}/geometry?size=64&margin=0.5&regions=nose,mouth").json()
    crop = program.get(f"{path}/crop.png?size=64&margin=0.5")
    assert told["matrix"] == json.loads(crop.headers["Crop-Matrix"])
    assert (told["number"], told["size"], told["margin"]) == (1, 64, 0.5)
    assert list(told["polygons"]) == ["mouth", "nose"]
    assert (told["polygons"]["mouth"]["value"], len(told["polygons"]["nose"]["points"])) == (6, 12)
    points = made["faces"][0]["points"]["mouth"][:12]
    assert told["polygons"]["mouth"]["points"] == [pytest.approx((each["x"], each["y"]), abs=0.001) for each in points]


@pytest.mark.parametrize("name", ["crop.png", "mask.png", "geometry"])
def test_other_faces_and_crops_are_rejected(program: Program, made: dict, name: str) -> None:
    path = f"{RESULTS}/{made['id']}/faces"
    assert error_of(program.get(f"{path}/3/{name}")) == (404, "not_found")
    assert error_of(program.get(f"{path}/0/{name}")) == (404, "not_found")
    for query in ("size=9", "size=9999", "margin=2", "margin=inf", "sise=64"):
        assert error_of(program.get(f"{path}/1/{name}?{query}")) == (400, "bad_request")


def test_a_blurred_photo_is_among_the_pictures(program: Program, made: dict) -> None:
    response = program.get(made["pictures"]["blurred"])
    with Image.open(io.BytesIO(content(response))) as image:
        assert (image.format, image.size) == ("JPEG", (1126, 661))
