"""The 90 points in the schemes of 68, 98, 106 and 5: the table is sound, and what is known of points goes along."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from landmarks.core.faces import Face
from landmarks.core.pixels import Transform
from landmarks.core.schema import FLIPPED, POINT_COUNT, POINT_NAMES, REGIONS
from landmarks.core.schemes import COUNTERPARTS, PROJECTIONS, SCHEMES, Quality, project
from landmarks.drawing.reference_face import MEAN_FACE

COUNTS = {"ibug68": 68, "wflw98": 98, "lapa106": 106, "five": 5}
FACE = Face(tuple(point for region in REGIONS for point in MEAN_FACE[region.name]), score=0.9)


def lopsided_face() -> Face:
    moves = np.random.default_rng(7).normal(0, 0.02, (POINT_COUNT, 2))
    return replace(FACE, points=tuple((x, y) for x, y in (np.array(FACE.points) + moves).tolist()))


@pytest.mark.parametrize(("scheme", "count"), COUNTS.items())
def test_a_face_has_as_many_points_as_the_scheme_each_with_a_name_of_its_own(scheme: str, count: int) -> None:
    face = project(FACE, scheme)
    assert len(face.points) == len(set(face.names)) == count == PROJECTIONS[scheme].scheme.count


@pytest.mark.parametrize("scheme", COUNTS)
def test_each_point_blends_up_to_three_and_the_weights_sum_to_1(scheme: str) -> None:
    for blend in PROJECTIONS[scheme].blends:
        assert 1 <= len(blend) <= 3
        assert len({index for index, _ in blend}) == len(blend)
        assert sum(weight for _, weight in blend) == pytest.approx(1, abs=1e-9)
        assert all(-1 <= weight <= 2 and weight for _, weight in blend)


@pytest.mark.parametrize("scheme", COUNTS)
def test_parts_groups_and_lines_hold_every_point_once(scheme: str) -> None:
    projection = PROJECTIONS[scheme]
    assert [number for _, numbers in projection.groups for number in numbers] == list(range(projection.scheme.count))
    assert set(projection.accuracy.parts) == {part.name for part in projection.parts}
    ends = {number for line in projection.lines for number in line}
    alone = {numbers[0] for _, numbers in projection.groups if len(numbers) == 1}
    assert ends | alone == set(range(projection.scheme.count)) and not ends & alone


@pytest.mark.parametrize("scheme", [scheme.name for scheme in SCHEMES if scheme.name in COUNTS])
def test_the_same_point_of_the_face_is_where_the_atlas_says(scheme: str) -> None:
    """A counterpart that is exact is also the largest part of its point's blend."""
    for (region, index), counterparts in COUNTERPARTS.items():
        counterpart = counterparts[scheme]
        if counterpart and counterpart.quality is Quality.EXACT:
            blend = PROJECTIONS[scheme].blends[counterpart.blend[0][0]]
            assert POINT_NAMES[max(blend, key=lambda pair: pair[1])[0]] == f"{region}_{index}"


@pytest.mark.parametrize("scheme", COUNTS)
def test_names_tell_the_side_of_the_image(scheme: str) -> None:
    face = project(FACE, scheme)
    for name, (x, _) in zip(face.names, face.points, strict=True):
        if name.startswith("left_") or name.endswith("_left"):
            assert x < 0, name
        if name.startswith("right_") or name.endswith("_right"):
            assert x > 0, name


@pytest.mark.parametrize("scheme", COUNTS)
def test_the_mirror_image_of_a_face_has_the_mirrored_points(scheme: str) -> None:
    face = lopsided_face()
    mirrored = replace(face, points=tuple((-face.points[other][0], face.points[other][1]) for other in FLIPPED))
    here, there = np.array(project(face, scheme).points), np.array(project(mirrored, scheme).points) * [-1, 1]
    apart = np.linalg.norm(here[:, np.newaxis] - there, axis=2)
    assert apart.min(axis=1).max() < 1e-12


@pytest.mark.parametrize("scheme", COUNTS)
def test_points_move_turn_and_grow_with_the_face(scheme: str) -> None:
    transform = Transform.scale(3)
    moved = project(lopsided_face().transformed(transform), scheme).points
    expected = transform.points(project(lopsided_face(), scheme).points)
    assert np.array(moved) == pytest.approx(np.array(expected))


@pytest.mark.parametrize("scheme", COUNTS)
def test_a_face_without_uncertainty_has_none_in_any_scheme(scheme: str) -> None:
    face = project(FACE, scheme)
    assert face.uncertainty is None and face.guessed == frozenset()


@pytest.mark.parametrize("scheme", COUNTS)
def test_a_face_seen_well_has_no_guessed_points_and_one_seen_badly_only_such(scheme: str) -> None:
    count = COUNTS[scheme]
    seen = project(replace(FACE, uncertainty=(0.079,) * POINT_COUNT), scheme)
    hidden = project(replace(FACE, uncertainty=(0.081,) * POINT_COUNT), scheme)
    assert seen.guessed == frozenset() and hidden.guessed == frozenset(range(count))
    assert hidden.uncertainty is not None and min(hidden.uncertainty) >= 0.081 - 1e-9


def test_what_is_hidden_in_the_90_points_is_guessed_in_the_68() -> None:
    hidden = {"right_eye", "right_eye_brow", "right_pupil"}
    errors = tuple(0.2 if name.rpartition("_")[0] in hidden else 0.01 for name in POINT_NAMES)
    face = project(replace(FACE, uncertainty=errors), "ibug68")
    guessed = {face.names[number] for number in face.guessed}
    assert guessed == {name for name in face.names if name.rpartition("_")[0] in hidden}


def test_an_unknown_scheme_is_an_error() -> None:
    with pytest.raises(KeyError):
        project(FACE, "ibug69")


@pytest.mark.parametrize("scheme", COUNTS)
def test_the_note_says_how_far_the_points_err(scheme: str) -> None:
    projection = PROJECTIONS[scheme]
    assert f"{projection.accuracy.error:.1f} %" in projection.note
    assert f"{projection.scheme.count} points" in projection.note


@pytest.mark.parametrize("scheme", COUNTS)
def test_the_documentation_prints_the_errors(scheme: str) -> None:
    text = (Path(__file__).parents[2] / "docs/points.md").read_text()
    projection = PROJECTIONS[scheme]
    known = projection.accuracy
    row = f"| `{scheme}` | {projection.scheme.count} | {projection.scheme.title} | {known.photos} ({known.faces}) |"
    assert f"{row} {known.error:.2f} % | {known.definition:.2f} % |" in text
    parts = " · ".join(f"{name} {error:.1f}" for name, error in known.parts.items())
    assert f"- `{scheme}`: {parts}\n" in text
