"""The files of a result: photo, thumbnail, overlays and exports."""

import json
import math
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http.response import ResponseHeaders
from django.test import Client
from django.urls import reverse
from PIL import Image, ImageColor
from pytest_django.asserts import assertContains

from landmarks.core.schema import BY_NAME
from landmarks.drawing.sizes import sizes_of
from landmarks.models import Result
from tests.web.conftest import FILES, Submit, body


def fetch(client: Client, result: Result, name: str) -> tuple[ResponseHeaders, bytes]:
    response = client.get(reverse("landmarks:result-detail", args=[result.pk]) + name)
    assert response.status_code == 200, name
    return response.headers, body(response)


def picture(client: Client, result: Result, name: str) -> Image.Image:
    return Image.open(BytesIO(fetch(client, result, name)[1]))


def test_the_photo_is_a_jpeg_of_the_same_size_without_metadata(client: Client, two_people: Result) -> None:
    photo = picture(client, two_people, "photo")
    assert (photo.format, photo.size) == ("JPEG", (1126, 661))
    assert not photo.getexif()


def test_the_thumbnail_has_the_size_that_pages_give_it(client: Client, two_people: Result) -> None:
    assert picture(client, two_people, "thumbnail").size == (480, 360)


def test_the_overlay_is_drawn_into_the_photo(client: Client, astronaut: Result) -> None:
    plain = picture(client, astronaut, "overlay.png?scale=1&regions=")
    drawn = picture(client, astronaut, "overlay.png?scale=1")
    assert (drawn.format, drawn.size) == ("PNG", (512, 512))
    assert fetch(client, astronaut, "overlay.png")[0]["Content-Type"] == "image/png"
    assert drawn.tobytes() != plain.tobytes()


def test_a_picture_of_a_small_face_is_enlarged_unless_another_scale_is_given(client: Client, astronaut: Result) -> None:
    size = sizes_of(astronaut.found_faces()[0]).side
    factor = math.ceil(240 / size)
    assert factor > 1
    assert picture(client, astronaut, "overlay.png").size == (512 * factor, 512 * factor)
    assert picture(client, astronaut, "overlay.png?scale=2").size == (1024, 1024)
    assert ElementTree.fromstring(fetch(client, astronaut, "overlay.svg")[1]).get("width") == "512"  # noqa: S314
    assert ElementTree.fromstring(fetch(client, astronaut, "overlay.svg?scale=3")[1]).get("width") == "1536"  # noqa: S314


def test_an_enlarged_picture_has_its_points_in_place(client: Client, astronaut: Result) -> None:
    drawn = picture(client, astronaut, "overlay.png?scale=4&lines=0")
    for name in ("mouth", "nose", "left_eye"):
        colour = ImageColor.getrgb(BY_NAME[name].colour)
        for x, y in astronaut.found_faces()[0].region(name):
            found = drawn.getpixel((int(4 * (x + 0.5)), int(4 * (y + 0.5))))
            assert isinstance(found, tuple)
            assert sum(abs(one - other) for one, other in zip(found, colour, strict=True)) < 90


def test_a_picture_of_a_large_face_is_as_large_as_its_photo(client: Client, astronaut: Result) -> None:
    face = astronaut.faces.get()
    face.points = [[x * 3, y * 3] for x, y in face.points]
    face.save()
    assert picture(client, astronaut, "overlay.png").size == (512, 512)


def test_the_menu_says_how_much_a_picture_is_enlarged(client: Client, astronaut: Result) -> None:
    page = client.get(reverse("landmarks:result-detail", args=[astronaut.pk])).content.decode()
    factor = math.ceil(240 / sizes_of(astronaut.found_faces()[0]).side)
    assert f"PNG, {factor} ×" in page
    assert f"overlay.png?scale={factor}&amp;download=1" in page
    assert "overlay.png?scale=1&amp;download=1" in page
    address = f"/results/{astronaut.pk}"
    assertContains(client.get(f"{address}/save"), f"Enlarged {factor} times")
    drawn, told = (f"{address}/export?format={name}&guessed=1&scale={factor}" for name in ("png", "csv"))
    assert client.get(drawn)["Location"] == f"{address}/export/png?scale={factor}"
    assert client.get(told)["Location"] == f"{address}/export/csv"


def test_the_overlay_as_svg_is_a_document_of_the_photos_size(client: Client, two_people: Result) -> None:
    headers, content = fetch(client, two_people, "overlay.svg?faces=2&regions=nose,mouth&labels=1&size=2")
    root = ElementTree.fromstring(content)  # noqa: S314 - our own
    assert root.get("viewBox") == "0 0 1126 661"
    assert headers["Content-Type"] == "image/svg+xml"
    assert b'data-face="2"' in content
    assert b'data-face="1"' not in content
    assert b'data-region="left_eye"' not in content


@pytest.mark.parametrize("name", ["overlay.png", "overlay.svg"])
@pytest.mark.parametrize(
    "query",
    [
        "regions=hair",
        "faces=9",
        "faces=0",
        "size=0.1",
        "size=big",
        "lines=2",
        "labels=x",
        "scale=0",
        "scale=9",
        "scale=1.5",
    ],
)
def test_a_picture_that_cannot_be_drawn_says_why(client: Client, two_people: Result, name: str, query: str) -> None:
    address = reverse("landmarks:result-detail", args=[two_people.pk])
    response = client.get(f"{address}{name}?{query}")
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().endswith(".")


def test_json_is_the_vendors_answer(client: Client, two_people: Result) -> None:
    headers, content = fetch(client, two_people, "export/json")
    answer = json.loads(content)
    assert (answer["image_width"], answer["image_height"], len(answer["face_shape_set"])) == (1126, 661, 2)
    assert headers["Content-Disposition"] == 'attachment; filename="two_people.json"'


def test_csv_has_a_row_a_point(client: Client, two_people: Result) -> None:
    lines = fetch(client, two_people, "export/csv")[1].decode().splitlines()
    assert len(lines) == 1 + 2 * 90


def test_an_unknown_format_is_not_found(client: Client, two_people: Result) -> None:
    address = reverse("landmarks:result-export", args=[two_people.pk, "docx"])
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("name", [name for name in FILES if not name.endswith("/")])
def test_a_file_runs_nothing_when_it_is_opened(client: Client, astronaut: Result, name: str) -> None:
    policy = fetch(client, astronaut, name)[0]["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script" not in policy


@pytest.mark.parametrize(
    ("name", "saved_as"),
    [
        ("photo", "two_people.jpg"),
        ("overlay.png", "two_people-points.png"),
        ("overlay.svg", "two_people-points.svg"),
    ],
)
def test_a_file_is_shown_unless_a_download_is_requested(
    client: Client, two_people: Result, name: str, saved_as: str
) -> None:
    shown = fetch(client, two_people, name)[0]["Content-Disposition"]
    saved = fetch(client, two_people, f"{name}?download")[0]["Content-Disposition"]
    assert shown == f'inline; filename="{saved_as}"'
    assert saved == f'attachment; filename="{saved_as}"'


def test_a_name_from_before_turns_no_file_name_around(client: Client, astronaut: Result) -> None:
    Result.objects.update(name="photo\u202egpj.exe\u2066.jpg")
    header = fetch(client, astronaut, "photo?download")[0]["Content-Disposition"]
    assert header == 'attachment; filename="photogpj.exe.jpg"'


def test_a_hostile_name_stays_inside_its_header(client: Client, astronaut: Result) -> None:
    Result.objects.update(name='../../a"; x="\r\nSet-Cookie: y=1;.jpg')
    header = fetch(client, astronaut, "photo?download")[0]["Content-Disposition"]
    assert header == 'attachment; filename="a\\"; x=\\" Set-Cookie: y=1;.jpg"'


def test_a_name_in_another_script_is_kept(client: Client, submit: Submit, images: Path) -> None:
    photo = SimpleUploadedFile("顔.jpg", (images / "astronaut.jpg").read_bytes())
    client.post("/", {"photo": photo})
    header = fetch(client, Result.objects.get(), "photo?download")[0]["Content-Disposition"]
    assert header == "attachment; filename*=utf-8''%E9%A1%94.jpg"
