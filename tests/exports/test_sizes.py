"""How large exports are said to be."""

import json
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from landmarks.core.faces import Face
from landmarks.exports.formats import Can
from landmarks.exports.registry import FORMATS
from landmarks.exports.sizes import Contents, about, about_with_photos
from tests.exports.samples import crowd, known, written

TEXTS = [name for name, each in FORMATS.items() if not each.needs_photo]
PHOTO = (Path(__file__).parents[1] / "images" / "astronaut.jpg").stat().st_size


COMPRESSED = ("svg", "pts", "ljson", "npz")
"""Of several results: how much smaller they get depends on how alike faces are."""


def near(name: str, size: int) -> object:
    return pytest.approx(size, rel=0.4 if name in COMPRESSED else 0.2, abs=600)


def stored(face: Face) -> Face:
    """With the digits that are kept, and eyes that are seen."""
    errors = face.uncertainty and tuple(round(each, 3) for each in face.uncertainty)
    return replace(face.rounded(3), uncertainty=errors, irises=(24.0, 24.5))


RESULTS = [
    replace(each, result=str(UUID(int=number)), faces=tuple(map(stored, each.faces)))
    for number, each in enumerate((known("holiday-1"), crowd("holiday-2", 3), known("holiday-3")))
]
SOME = Contents(results=3, faces=5, with_dense=0, photo_bytes=3 * PHOTO)
ONE = Contents(results=1, faces=1, with_dense=0, photo_bytes=PHOTO)


@pytest.mark.parametrize("name", TEXTS)
def test_one_result_is_about_as_large_as_is_said(name: str) -> None:
    assert about(name, "", ONE) == pytest.approx(len(written(name, RESULTS[0])), rel=0.2)


@pytest.mark.parametrize("name", TEXTS)
def test_several_results_are_about_as_large_as_is_said(name: str) -> None:
    assert about(name, "", SOME) == near(name, len(written(name, *RESULTS)))


@pytest.mark.parametrize("scheme", ["ibug68", "wflw98", "lapa106", "five"])
@pytest.mark.parametrize("name", [name for name in TEXTS if Can.SCHEME in FORMATS[name].can])
def test_other_schemes_are_about_as_large_as_is_said(name: str, scheme: str) -> None:
    assert about(name, scheme, SOME) == near(name, len(written(name, *RESULTS, scheme=scheme)))


@pytest.mark.parametrize("name", ["png", "jpg", "zip"])
def test_pictures_are_about_as_large_as_is_said(name: str) -> None:
    assert about(name, "", ONE) == pytest.approx(len(written(name, RESULTS[0])), rel=0.35)


def test_with_photos_they_are_the_most() -> None:
    size = about_with_photos("coco", "", SOME)
    assert size == pytest.approx(len(written("zip", *RESULTS, inside=("coco",))), rel=0.2)


def test_dense_points_count_where_they_are_written() -> None:
    dense = replace(SOME, with_dense=5)
    assert about("jsonl", "", dense) > 1.5 * about("jsonl", "", SOME)
    assert about("coco", "", dense) == about("coco", "", SOME)


def test_nothing_is_small() -> None:
    nothing = Contents(results=1, faces=0, with_dense=0, photo_bytes=0)
    assert all(0 <= about(name, "", nothing) < 100_000 for name in FORMATS)
    assert json.dumps(about("coco", "", nothing)).isdigit()
