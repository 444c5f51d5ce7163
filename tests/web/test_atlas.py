"""The atlas: every point of the schema on the page, in the drawing and in the files, found by words and by region."""

import json
import re
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse

from landmarks.core.schema import BY_NAME, POINT_COUNT, POINT_NAMES, REGIONS
from landmarks.core.schemes import COUNTERPARTS, PROJECTIONS, SCHEMES, Counterpart, Quality
from landmarks.drawing.reference_face import MEAN_FACE
from landmarks.web.views.atlas import cell, sections

POINTS = [f"{region.name}-{index}" for region in REGIONS for index in range(region.count)]
ROW = re.compile(r'<tr id="(?P<name>[^"]+)"(?P<more>[^>]*)>(?P<cells>.*?)</tr>', re.DOTALL)
CELL = re.compile(r"<t[hd][^>]*>\s*(?:<a[^>]*>)?([^<]*)", re.DOTALL)
SVG = "{http://www.w3.org/2000/svg}"


def page(client: Client, **query: str) -> str:
    response = client.get(reverse("landmarks:atlas"), query)
    assert response.status_code == 200
    return response.content.decode()


def rows(text: str) -> dict[str, list[str]]:
    return {row["name"]: [words.strip() for words in CELL.findall(row["cells"])] for row in ROW.finditer(text)}


def found(text: str) -> list[str]:
    return [row["name"] for row in ROW.finditer(text) if "hidden" not in row["more"]]


def shown_tables(text: str) -> list[str]:
    tables = re.findall(r'<section class="atlas-section"\s+id="([^"]+)"([^>]*)>', text)
    return [name for name, more in tables if "hidden" not in more]


def enlarged(text: str) -> list[str]:
    details = re.findall(r'data-detail="([^"]+)"([^>]*)>', text)
    return [name for name, more in details if "hidden" not in more]


def test_the_page_tells_every_point_of_the_schema_in_its_order(client):
    told = rows(page(client))
    assert list(told) == POINTS
    for region in REGIONS:
        for index, meaning in enumerate(region.meanings):
            assert told[f"{region.name}-{index}"][:2] == [str(index), meaning]


def test_the_page_tells_the_counterparts_of_the_table(client):
    told = rows(page(client))
    for (region, index), counterparts in COUNTERPARTS.items():
        assert told[f"{region}-{index}"][2:] == [cell(counterparts[scheme.name]) for scheme in SCHEMES]


@pytest.mark.parametrize(
    ("counterpart", "words"),
    [
        (Counterpart(Quality.EXACT, ((57, 1.0),)), "57"),
        (Counterpart(Quality.NEAR, ((59, 1.0),)), "≈ 59"),
        (Counterpart(Quality.BETWEEN, ((0, 1.0),)), "≈ 0"),
        (Counterpart(Quality.BETWEEN, ((91, 0.86), (181, 0.14))), "91 · 181"),
        (None, "none"),
    ],
)
def test_an_exact_counterpart_is_marked(counterpart, words):
    assert cell(counterpart) == words


def test_drawing_and_details_show_every_point_once(client):
    assert re.findall(r'<a class="atlas-point"\s+href="#[^"]+"\s+data-point="([^"]+)"', page(client)) == 2 * POINTS


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("upper lip", [f"mouth-{index}" for index in (*range(7, 12), *range(17, 22))]),
        ("  LIP   upper ", [f"mouth-{index}" for index in (*range(7, 12), *range(17, 22))]),
        ("left_eye_brow 3", ["left_eye_brow-3"]),
        ("chin bottom", ["face_profile-10"]),
        ("<script>", []),
    ],
)
def test_words_find_points(client, search, names):
    assert found(page(client, q=search)) == names


def test_a_search_tells_how_much_it_found_and_enlarges_its_only_region(client):
    text = page(client, q="nostril")
    assert f"2 of {POINT_COUNT} points" in text
    assert shown_tables(text) == enlarged(text) == ["nose"]


def test_a_search_that_finds_nothing_says_what_else_to_try(client):
    text = page(client, q="<b>elbow")
    assert "No point matches. Try" in text
    assert shown_tables(text) == []
    assert "&lt;b&gt;elbow" in text and "<b>elbow" not in text


@pytest.mark.parametrize("name", BY_NAME)
def test_a_chosen_region_is_shown_alone_and_enlarged(client, name):
    text = page(client, region=name)
    assert shown_tables(text) == enlarged(text) == [name]
    assert len(found(text)) == POINT_COUNT  # A point of another region is one address away.


@pytest.mark.parametrize("query", [{}, {"region": "elbow"}, {"q": " "}, {"q": "\0"}, {"region": "\0"}])
def test_without_a_region_all_are_shown(client, query):
    text = page(client, **query)
    if query.get("q") != "\0":
        assert shown_tables(text) == list(BY_NAME)
    assert enlarged(text) == ["mouth"]


def test_a_search_goes_over_all_regions(client):
    assert shown_tables(page(client, q="corner", region="nose")) == ["left_eye", "right_eye", "mouth"]


def test_it_is_read_only(client):
    for name in ("atlas", "atlas-svg", "atlas-json"):
        assert client.post(reverse(f"landmarks:{name}")).status_code == 405


def test_the_svg_shows_every_point_with_its_number_and_needs_nothing_else(client):
    response = client.get(reverse("landmarks:atlas-svg"))
    assert response["Content-Type"] == "image/svg+xml"
    drawing = ElementTree.fromstring(response.content)  # noqa: S314 - our own text
    uses = [use.get("href") for use in drawing.iter(f"{SVG}use")]
    assert uses == [f"#mark-{region.name}" for region in REGIONS for _ in region.meanings]
    numbers = [(text.get("data-region"), text.text) for text in drawing.iter(f"{SVG}text") if text.get("data-region")]
    assert numbers == [(region.name, str(index)) for region in REGIONS for index in range(region.count)]
    assert {symbol.get("id") for symbol in drawing.iter(f"{SVG}symbol")} >= {use[1:] for use in uses if use}
    assert not list(drawing.iter(f"{SVG}a"))


def test_the_json_tells_what_the_page_tells(client):
    told = json.loads(client.get(reverse("landmarks:atlas-json")).content)
    assert [scheme["count"] for scheme in told["schemes"]] == [68, 98, 106, 478]
    assert [region["name"] for region in told["regions"]] == list(BY_NAME)
    for region in told["regions"]:
        own = BY_NAME[region["name"]]
        assert (region["label"], region["colour"], region["mark"]) == (own.label, own.colour, own.mark)
        assert [point["index"] for point in region["points"]] == list(range(own.count))
        assert tuple(point["meaning"] for point in region["points"]) == own.meanings
        assert tuple(tuple(point["mean"]) for point in region["points"]) == MEAN_FACE[own.name]
        for point in region["points"]:
            for scheme in SCHEMES:
                ours, theirs = COUNTERPARTS[own.name, point["index"]][scheme.name], point["counterparts"][scheme.name]
                assert (theirs is None) == (ours is None)
                if ours:
                    assert theirs["quality"] == ours.quality
                    assert tuple((each["number"], each["weight"]) for each in theirs["blend"]) == ours.blend


@pytest.mark.parametrize("scheme", PROJECTIONS)
def test_the_json_has_the_weights_of_every_projection_and_the_page_its_error(client, scheme):
    told = json.loads(client.get(reverse("landmarks:atlas-json")).content)["projections"][scheme]
    projection = PROJECTIONS[scheme]
    assert tuple(point["name"] for point in told["points"]) == projection.names
    for point, blend in zip(told["points"], projection.blends, strict=True):
        assert [(POINT_NAMES.index(each["point"]), each["weight"]) for each in point["blend"]] == list(blend)
    assert told["accuracy"]["error"] == projection.accuracy.error
    assert f"<strong>{projection.scheme.count}</strong> {projection.accuracy.error:.1f} %" in page(client)


@pytest.mark.parametrize(
    ("name", "file"), [("atlas-svg", "facesite-points.svg"), ("atlas-json", "facesite-points.json")]
)
def test_files_open_or_are_saved_under_a_name(client, name, file):
    address = reverse(f"landmarks:{name}")
    assert client.get(address)["Content-Disposition"] == f'inline; filename="{file}"'
    assert client.get(address, {"download": ""})["Content-Disposition"] == f'attachment; filename="{file}"'


def test_sections_are_those_of_the_schema():
    assert tuple(section.region for section in sections()) == REGIONS
