"""Dense points by the API: kept and returned only if requested."""

from pathlib import Path

import pytest

from landmarks.core.dense import DENSE_COUNT
from landmarks.models import Result
from tests.api.conftest import RESULTS, Program


@pytest.fixture
def made(program: Program, images: Path) -> dict:
    response = program.send(RESULTS, images / "astronaut.jpg", "photo", dense="1")
    assert response.status_code == 201
    return response.json()


def test_they_are_returned_only_if_requested(program: Program, made: dict) -> None:
    address = f"{RESULTS}/{made['id']}"
    (usual,) = program.get(address).json()["faces"]
    assert "dense" not in made["faces"][0]
    assert "dense" not in usual
    (face,) = program.get(f"{address}?dense=1").json()["faces"]
    dense = face.pop("dense")
    assert face == usual
    assert [len(point) for point in dense] == [3] * DENSE_COUNT
    # The nose is closer to the camera than the ears.
    assert dense[1][2] < dense[234][2]
    left, top, right, bottom = (face["box"][side] for side in ("left", "top", "right", "bottom"))
    assert left < dense[1][0] < right
    assert top < dense[1][1] < bottom


def test_they_are_not_kept_unless_requested(program: Program, images: Path) -> None:
    made = program.send(RESULTS, images / "astronaut.jpg", "photo").json()
    assert Result.objects.get().found_faces()[0].dense is None
    assert "dense" not in program.get(f"{RESULTS}/{made['id']}?dense=1").json()["faces"][0]


def test_the_vendor_s_json_is_the_same_with_them(program: Program, made: dict) -> None:
    (face,) = program.get(f"{RESULTS}/{made['id']}/export/json").json()["face_shape_set"]
    assert len(face) == 9


def test_another_run_keeps_them_unless_it_is_told_otherwise(program: Program, made: dict) -> None:
    again = f"{RESULTS}/{made['id']}/again"
    results = [
        program.post(again, body, content_type="application/json").json()["id"]
        for body in ({"need_rotate_detection": 1}, {"dense": 0})
    ]
    assert [bool(Result.objects.get(pk=each).found_faces()[0].dense) for each in results] == [True, False]


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_drawings_have_the_mesh_if_requested(program: Program, made: dict, kind: str) -> None:
    address = f"{RESULTS}/{made['id']}/overlay.{kind}"
    plain, meshed = (b"".join(program.get(f"{address}?mesh={flag}")) for flag in (0, 1))
    assert plain != meshed
    if kind == "svg":
        assert plain.count(b'class="mesh"') == 0
        assert meshed.count(b'class="mesh"') == 1
