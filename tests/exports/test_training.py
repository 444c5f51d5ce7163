"""Formats of programs that train and correct, as they are documented; test_readers.py has the programs themselves."""

import json
from xml.etree import ElementTree

import pytest

from landmarks.core.analysis import Analysis
from landmarks.core.schema import REGIONS
from landmarks.core.schemes import PROJECTIONS, project
from landmarks.exports.cvat import label_file
from landmarks.exports.labelstudio import label_config
from landmarks.exports.options import Options, Shapes
from tests.exports.samples import BEYOND, HIDDEN, crowd, known, recorded, table, unpacked, written

NAMES = [f"{region.name}_{index}" for region in REGIONS for index in range(region.count)]
POINTS = known().faces[0].points
AWKWARD = 'a<b>&"c\x01\ud800.jpg'
"""A name that needs care in XML and JSON, with characters that XML cannot have."""


def close(points: object) -> object:
    return pytest.approx(points, abs=0.0006)


# --- COCO ------------------------------------------------------------------------------------------------------------


def test_coco_has_names_skeleton_and_visibility() -> None:
    file = json.loads(written("coco", known()))
    category, face = file["categories"][0], file["annotations"][0]
    assert category["keypoints"] == NAMES
    assert min(map(min, category["skeleton"])) == 1
    assert [category["keypoints"][number - 1] for number in category["skeleton"][0]] == [
        "face_profile_0",
        "face_profile_1",
    ]
    xs, ys, seen = face["keypoints"][::3], face["keypoints"][1::3], face["keypoints"][2::3]
    assert list(zip(xs, ys, strict=True)) == [close(point) for point in POINTS]
    assert {number: how for number, how in enumerate(seen) if how != 2} == {BEYOND: 0, HIDDEN: 1}
    assert (face["num_keypoints"], face["score"], face["guessed"]) == (89, 0.9375, [HIDDEN])
    assert face["attributes"] == {"yaw": 12.5, "pitch": -3.25, "roll": 4.0}


def test_coco_numbers_photos_and_faces() -> None:
    file = json.loads(written("coco", crowd("one"), crowd("two", 3), recorded()))
    assert [image["file_name"] for image in file["images"]] == ["one-1.jpg", "two-1.jpg", "photo.jpg"]
    assert [(face["id"], face["image_id"]) for face in file["annotations"]] == list(
        zip(range(1, 7), [1, 1, 2, 2, 2, 3], strict=True)
    )


def test_nothing_is_an_empty_coco_file() -> None:
    file = json.loads(written("coco"))
    assert (file["images"], file["annotations"]) == ([], [])


def test_a_guessed_point_that_is_left_out_is_not_labelled_in_coco() -> None:
    face = json.loads(written("coco", known(), with_guessed=False))["annotations"][0]
    assert face["keypoints"][2::3][HIDDEN] == 0


# --- CVAT ------------------------------------------------------------------------------------------------------------


def parsed(file: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(file)  # noqa: S314  our own


def test_cvat_has_a_skeleton_of_named_points() -> None:
    root = parsed(written("cvat", known()))
    assert root.findtext("version") == "1.1"
    labels = root.findall("meta/task/labels/label")
    assert (labels[0].findtext("name"), labels[0].findtext("type")) == ("face", "skeleton")
    assert [label.findtext("name") for label in labels[1:]] == NAMES
    assert {label.findtext("parent") for label in labels[1:]} == {"face"}
    drawing = parsed(f"<svg>{labels[0].findtext('svg')}</svg>".encode())
    assert [node.get("data-label-name") for node in drawing.findall("circle")] == NAMES
    image = root.find("image")
    assert image is not None and image.attrib == {"id": "0", "name": "astronaut-1.jpg", "width": "512", "height": "512"}
    points = image.findall("skeleton/points")
    assert [point.get("label") for point in points] == NAMES
    for point, place in zip(points, POINTS, strict=True):
        assert tuple(map(float, (point.get("points") or "").split(","))) == close(place)
    assert [number for number, point in enumerate(points) if point.get("outside") == "1"] == [BEYOND]
    assert [number for number, point in enumerate(points) if point.get("occluded") == "1"] == [HIDDEN]
    facts = {each.get("name"): each.text for each in image.findall("skeleton/attribute")}
    assert facts == {"score": "0.9375", "yaw": "12.5", "pitch": "-3.25", "roll": "4.0"}


def test_cvat_can_have_single_points_in_a_group_for_each_face() -> None:
    root = parsed(written("cvat", crowd(), shapes=Shapes.POINTS))
    assert {label.findtext("type") for label in root.findall("meta/task/labels/label")} == {"points"}
    points = root.findall("image/points")
    assert [(point.get("label"), point.get("group_id")) for point in points] == [
        (name, group) for group in "12" for name in NAMES
    ]


@pytest.mark.parametrize("shapes", Shapes)
def test_the_labels_for_cvat_are_those_of_the_file(shapes: Shapes) -> None:
    labels = json.loads(b"".join(label_file(Options(shapes=shapes)).pieces))
    points = labels[0]["sublabels"] if shapes is Shapes.SKELETONS else labels
    assert [label["name"] for label in points] == NAMES


# --- Label Studio ----------------------------------------------------------------------------------------------------


def test_label_studio_counts_in_per_cent_and_has_a_label_for_each_point() -> None:
    task = json.loads(written("labelstudio", known()))[0]
    box, *points = task["predictions"][0]["result"]
    assert (box["type"], box["value"]["rectanglelabels"], box["score"]) == ("rectanglelabels", ["face"], 0.9375)
    assert [point["value"]["keypointlabels"] for point in points] == [[name] for name in NAMES]
    assert {point["parentID"] for point in points} == {box["id"]}
    for point, (x, y) in zip(points, POINTS, strict=True):
        assert (point["value"]["x"] * 5.12, point["value"]["y"] * 5.12) == close((x, y))
    assert [point["meta"]["guessed"] for point in points].index(True) == HIDDEN
    assert task["data"]["photo"] == "/data/local-files/?d=astronaut-1.jpg"


def test_the_configuration_for_label_studio_has_all_labels() -> None:
    root = parsed(label_config(Options()).encode())
    assert [label.get("value") for label in root.findall("KeyPointLabels/Label")] == NAMES


# --- dlib ------------------------------------------------------------------------------------------------------------


def test_dlib_has_parts_in_the_order_of_their_names() -> None:
    root = parsed(written("dlib", known()))
    box = root.find("images/image/box")
    assert box is not None
    names = [part.get("name") or "" for part in box.findall("part")]
    assert names == sorted(names) and len(names) == 90
    for part, (x, y) in zip(box.findall("part"), POINTS, strict=True):
        assert (int(part.get("x") or ""), int(part.get("y") or "")) == (round(x, 3).__round__(), round(round(y, 3)))
    assert f"{HIDDEN} {NAMES[HIDDEN]}" in (root.findtext("comment") or "")


# --- a file for each face --------------------------------------------------------------------------------------------


def test_pts_counts_from_one() -> None:
    lines = written("pts", known(), scheme="face90").decode().split("\n")
    assert lines[:3] == ["version: 1", "n_points: 90", "{"] and lines[-2:] == ["}", ""]
    points = [tuple(map(float, line.split())) for line in lines[3:-2]]
    assert points == [close((x + 1, y + 1)) for x, y in POINTS]


@pytest.mark.parametrize("name", ["pts", "ljson"])
def test_several_faces_are_an_archive_of_a_file_each(name: str) -> None:
    files = unpacked(written(name, crowd()))
    assert list(files) == [f"astronaut-1_1.{name}", f"astronaut-1_2.{name}"]
    assert len(set(files.values())) == 2
    assert list(unpacked(written(name, known("one"), crowd("two")))) == [
        f"one-1_1.{name}",
        f"two-1_1.{name}",
        f"two-1_2.{name}",
    ]


def test_ljson_has_y_before_x_and_what_joins_them() -> None:
    file = json.loads(written("ljson", known(), with_guessed=False))
    assert [label["label"] for label in file["labels"]] == [region.name for region in REGIONS]
    assert [place for label in file["labels"] for place in label["mask"]] == list(range(90))
    points = file["landmarks"]["points"]
    assert points[HIDDEN] == [None, None]
    assert points[5] == close([POINTS[5][1], POINTS[5][0]])
    assert [0, 1] in file["landmarks"]["connectivity"]


def test_tps_counts_from_the_bottom() -> None:
    lines = written("tps", crowd()).decode().splitlines()
    assert lines[0] == lines[93] == "LM=90"
    assert lines[91:93] == ["IMAGE=astronaut-1.jpg", "ID=astronaut-1_1"]
    x, y = map(float, lines[6].split())
    assert (x, 512 - y) == close(POINTS[5])


# --- schemes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", PROJECTIONS)
def test_points_of_other_schemes_have_their_names_in_every_format(scheme: str) -> None:
    names, places = list(PROJECTIONS[scheme].names), project(known().faces[0], scheme).points
    coco = json.loads(written("coco", known(), scheme=scheme))
    assert coco["categories"][0]["keypoints"] == names
    assert list(zip(*(coco["annotations"][0]["keypoints"][axis::3] for axis in (0, 1)), strict=True)) == [
        close(place) for place in places
    ]
    assert PROJECTIONS[scheme].note in coco["info"]["description"]
    cvat = parsed(written("cvat", known(), scheme=scheme))
    assert [point.get("label") for point in cvat.findall("image/skeleton/points")] == names
    task = json.loads(written("labelstudio", known(), scheme=scheme))[0]
    assert [row["value"]["keypointlabels"][0] for row in task["predictions"][0]["result"][1:]] == names
    rows = table("csv", known(), scheme=scheme)
    assert [(float(row["x"]), float(row["y"])) for row in rows] == [close(place) for place in places]
    parts = [part.get("name") or "" for part in parsed(written("dlib", known(), scheme=scheme)).iter("part")]
    assert parts == sorted(parts) and len(parts) == len(names)
    assert f"LM={len(names)}\n".encode() in written("tps", known(), scheme=scheme)


def test_pts_has_68_points_by_default() -> None:
    lines = written("pts", known()).decode().split("\n")
    assert lines[1] == "n_points: 68"
    x, y = project(known().faces[0], "ibug68").points[30]
    assert tuple(map(float, lines[3 + 30].split())) == close((x + 1, y + 1))


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["cvat", "dlib"])
def test_any_name_makes_an_xml_file(name: str) -> None:
    root = parsed(written(name, Analysis(AWKWARD, 690, 920, "3.0", recorded().faces)))
    names = {value for image in root.iter("image") for value in (image.get("name"), image.get("file")) if value}
    assert names == {'a<b>&"c__.jpg'}


@pytest.mark.parametrize("name", ["coco", "labelstudio", "jsonl"])
def test_any_name_makes_a_json_file(name: str) -> None:
    assert json.loads(written(name, Analysis(AWKWARD, 690, 920, "3.0", recorded().faces)))
