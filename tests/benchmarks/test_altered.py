"""Altered copies, and what counts as off, wrong and moved in them."""

from dataclasses import replace

import numpy as np
import pytest
from django.conf import settings

from benchmarks.alterations import EDGES, cut, turned
from benchmarks.altered import Copies, cut_rows, direction, judge_cut, judge_turn, turned_rows
from landmarks.core.finding import Options
from landmarks.core.pixels import Transform
from tests.benchmarks.conftest import progress, report_of


@pytest.fixture(scope="module")
def copies(setup, engine):
    return Copies(setup, engine, Options(max_faces=100))


@pytest.fixture(scope="module")
def portrait(photos):
    return photos[0]


@pytest.mark.parametrize(("edge", "size"), [("top", (512, 438)), ("right", (512, 512)), ("bottom", (512, 512))])
def test_a_cut_goes_through_the_face(copies, portrait, edge, size):
    pixels, face = copies.pixels(portrait), portrait.faces[0]
    copy = cut(pixels, face.box, edge, 0.2)
    x, y = copy.to_copy.point(face.box.centre)
    assert np.array_equal(copy.pixels[round(y), round(x)], pixels[round(face.box.centre[1]), round(face.box.centre[0])])
    points = np.array(copy.to_copy.points(face.points))
    height, width = copy.pixels.shape[:2]
    outermost = {"top": -points[:, 1].min(), "right": points[:, 0].max() - width, "bottom": points[:, 1].max() - height}
    assert outermost[edge] == pytest.approx(0.2 * face.box.height, abs=1)


def test_a_point_keeps_its_place_in_the_face_when_a_photo_is_turned(copies, portrait):
    pixels = copies.pixels(portrait)
    x, y = 203, 101  # the left pupil
    for degrees in (0, 90, 180, 270):
        copy = turned(pixels, degrees)
        across, down = copy.to_copy.point((x, y))
        assert np.array_equal(copy.pixels[round(down), round(across)], pixels[y, x]), degrees
    tilted = turned(pixels, 30)
    across, down = tilted.to_copy.point((x, y))
    there = tilted.pixels[round(down) - 1 : round(down) + 2, round(across) - 1 : round(across) + 2].mean()
    assert there == pytest.approx(pixels[y - 1 : y + 2, x - 1 : x + 2].mean(), abs=12)


def test_a_face_is_wrong_when_it_points_elsewhere(copies, portrait):
    face, copy = portrait.faces[0], turned(copies.pixels(portrait), 180)
    there = face.transformed(copy.to_copy)
    assert not judge_turn([there], face, copy).is_wrong
    x, y = there.box.centre
    upside_down = there.transformed(
        Transform.shift(-x, -y).then(Transform(-1, 0, 0, 0, -1, 0)).then(Transform.shift(x, y))
    )
    assert judge_turn([upside_down], face, copy).is_wrong
    assert judge_turn([], face, copy).is_missed
    assert direction(np.array(there.points)) == pytest.approx(direction(np.array(face.points)) - 180, abs=0.01)


def test_only_points_inside_the_photo_can_be_off_and_marked_ones_are_counted_apart(copies, portrait):
    face, copy = portrait.faces[0], cut(copies.pixels(portrait), portrait.faces[0].box, "top", 0.2)
    there = face.transformed(copy.to_copy)
    assert not judge_cut([there], face, copy).is_off

    def moved(index: int, error: float):
        points = list(there.points)
        points[index] = (points[index][0] + 0.2 * face.box.width, points[index][1])
        return replace(there, points=tuple(points), uncertainty=(error,) * 90)

    top, chin = int(np.argmin([y for _, y in there.points])), int(np.argmax([y for _, y in there.points]))
    assert not judge_cut([moved(top, 0.01)], face, copy).is_off
    seen, marked = (judge_cut([moved(chin, error)], face, copy) for error in (0.01, 0.5))
    assert (seen.is_off, seen.is_off_unmarked) == (True, True)
    assert (marked.is_off, marked.is_off_unmarked) == (True, False)
    assert judge_cut([], face, copy).is_missed


def test_a_portrait_is_right_cut_at_any_edge(copies, portrait):
    rows = cut_rows(copies, [portrait], progress)
    assert set(rows) == {"all", *(f"{edge}_{share}" for edge in EDGES for share in (10, 20, 30))}
    assert (rows["all"]["copies"].median, rows["all"]["missed"].median, rows["all"]["off"].median) == (12, 0, 0)


def test_a_portrait_is_right_turned_and_tilted(copies, portrait):
    rows = turned_rows(copies, [portrait], progress)
    assert [(row["missed"].median, row["wrong"].median) for row in rows.values()] == [(0, 0)] * 6
    assert rows["0"]["moved"].median == 0


@pytest.mark.usefixtures("models_dir")
def test_every_figure_is_explained(images, tmp_path):
    folder = tmp_path / "album"
    folder.mkdir()
    (folder / "one.jpg").write_bytes((images / "astronaut.jpg").read_bytes())
    report = report_of("altered", folder, "--rotate")
    assert report["conditions"]["rotate"] == "on"
    text = (settings.BASE_DIR / "docs" / "benchmark.md").read_text()
    names = {
        *report["figures"],
        *(name for table in report["figures"].values() for row in table.values() for name in row),
    }
    assert [name for name in sorted(names) if f"`{name}`" not in text] == []
