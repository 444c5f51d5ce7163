"""OBJ files: what 3D programs read in them."""

from dataclasses import replace

import numpy as np
import pytest

from landmarks.core.analysis import Analysis
from landmarks.core.dense import DENSE_COUNT, TRIANGLES
from landmarks.core.faces import Face
from tests.exports.samples import recorded, written

DENSE = tuple((float(number % 25), float(number // 25), -number / 10) for number in range(DENSE_COUNT))


def dense(analysis: Analysis) -> Analysis:
    return replace(analysis, faces=tuple(replace(face, dense=DENSE) for face in analysis.faces))


def rows(file: bytes, kind: str) -> list[list[float]]:
    lines = (line.split() for line in file.decode().splitlines())
    return [[float(value) for value in values] for name, *values in lines if name == kind]


def test_y_and_depth_change_their_signs() -> None:
    file = written("obj", dense(recorded()))
    assert np.array(rows(file, "v")) == pytest.approx(np.array(DENSE) * [1, -1, -1])
    assert len(rows(file, "f")) == len(TRIANGLES)


def test_a_face_without_dense_points_has_the_90() -> None:
    file = written("obj", recorded())
    points = recorded().faces[0].points
    assert rows(file, "v") == [[x, -y, 0] for x, y in points]
    assert not rows(file, "f")
    drawn = {number for kind in "lp" for row in rows(file, kind) for number in row}
    assert drawn == set(range(1, len(points) + 1))


def test_vertices_are_numbered_through_all_faces_and_photos() -> None:
    face: Face = recorded().faces[0]
    one = replace(recorded(), faces=(replace(face, dense=DENSE), face), result="one")
    other = replace(dense(recorded()), result="other")
    file = written("obj", one, other)
    total = len(rows(file, "v"))
    assert total == 2 * DENSE_COUNT + 90
    # The irises, which are last, are lines.
    assert max(max(row) for row in rows(file, "f")) == total - 10
    assert max(max(row) for row in rows(file, "l")) == total
    assert b"o one_face_1\n" in file and b"o one_face_2\n" in file and b"o other_face_1\n" in file


@pytest.mark.parametrize("name", ["a\nv 0 0 0.jpg", "a\rv 0 0 0.jpg", "a\u2028v 0 0 0.jpg", "a\\"], ids=ascii)
def test_a_name_stays_within_its_comment(name: str) -> None:
    file = written("obj", recorded(name))
    assert len(rows(file, "v")) == 90
    assert b"\\\n" not in file
