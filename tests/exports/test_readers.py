"""Exports read by the programs that people use: coordinates, names and left and right survive.

The programs are installed in an environment of their own, since they need other versions of NumPy and Pillow.
"""

import io
import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from landmarks.core.schema import FLIPPED, POINT_NAMES, REGIONS
from landmarks.core.schemes import PROJECTIONS, project
from tests.api.test_generated_clients import install, run
from tests.exports.samples import BEYOND, HIDDEN, crowd, known, written

HERE = Path(__file__).parent / "readers"
RESULTS = known("one"), crowd("two", 3)
FACES = [(result.stem, face) for result in RESULTS for face in result.faces]
Read = Callable[[str, str, Path], Any]

pytestmark = [pytest.mark.clients, pytest.mark.slow]


@pytest.fixture(scope="module")
def python(run_folder: Path) -> Path:
    folder = run_folder / "readers"
    program = folder / "bin" / "python"
    make = [sys.executable, "-m", "uv", "venv", "--quiet", "--clear", "--python", sys.executable, folder]
    pip = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", program]
    install(folder, "the readers", make, [*pip, "--requirement", HERE / "requirements.txt"])
    return program


@pytest.fixture
def read(python: Path, tmp_path: Path) -> Read:
    """What a program finds in a file, or in a folder of several."""

    def read(program: str, name: str, path: Path = tmp_path) -> Any:
        return json.loads(run([python, HERE / "readers.py", program, path / name], tmp_path))

    return read


@pytest.fixture
def archive(tmp_path: Path) -> Callable[[str], None]:
    """Unpack the photos of all results with a file of this format."""

    def unpack(name: str) -> None:
        zipfile.ZipFile(io.BytesIO(written("zip", *RESULTS, inside=(name,)))).extractall(tmp_path)

    return unpack


def close(points: object) -> object:
    """To the hundredth of a pixel."""
    return pytest.approx(points, abs=0.01)


def test_pycocotools_evaluates_a_file_against_itself_as_perfect(read: Read, tmp_path: Path) -> None:
    (tmp_path / "coco.json").write_bytes(written("coco", *RESULTS))
    found = read("pycocotools", "coco.json")
    assert found["precision"] == pytest.approx(1.0)
    assert found["names"] == list(POINT_NAMES)
    for points, seen, (_, face) in zip(found["points"], found["seen"], FACES, strict=True):
        assert points == [close(point) for point in face.points]
        assert (seen[BEYOND], seen[HIDDEN]) == (0 if face.points[BEYOND][0] < -0.5 else 2, 1)


def test_datumaro_reads_coco(read: Read, archive: Callable[[str], None]) -> None:
    archive("coco")
    found = read("datumaro_coco", ".")
    assert found["names"] == [list(POINT_NAMES)]
    by_photo: dict[str, list[Any]] = {}
    for photo, label, points, _ in found["found"]:
        assert label == "face"
        by_photo.setdefault(photo, []).append(points)
    for result in RESULTS:
        # Its order is that of the photos only; faces further to the right come later.
        expected = [[close(point) for point in face.points] for face in result.faces]
        assert sorted(by_photo[result.stem], key=lambda points: points[BEYOND]) == expected


def test_datumaro_reads_cvat(read: Read, archive: Callable[[str], None]) -> None:
    archive("cvat")
    found = read("datumaro_cvat", ".")["found"]
    expected = [
        (photo, name, point) for photo, face in FACES for name, point in zip(POINT_NAMES, face.points, strict=True)
    ]
    assert [(photo, name) for photo, name, *_ in sorted(found, key=lambda row: row[0])] == [
        (photo, name) for photo, name, _ in expected
    ]
    for (_, _, points, _), (_, _, point) in zip(sorted(found, key=lambda row: row[0]), expected, strict=True):
        assert points == [close(point)]


@pytest.mark.parametrize(("scheme", "count"), [("face90", 90), ("ibug68", 68)])
def test_dlib_trains_a_predictor(read: Read, tmp_path: Path, scheme: str, count: int) -> None:
    content = written("zip", *RESULTS, inside=("dlib",), scheme=scheme)
    zipfile.ZipFile(io.BytesIO(content)).extractall(tmp_path)
    found = read("dlib", "dlib.xml")
    assert found["parts"] == count
    assert found["error"] < 10


def test_menpo_reads_pts(read: Read, tmp_path: Path) -> None:
    (tmp_path / "face.pts").write_bytes(written("pts", known()))
    expected = project(known().faces[0], "ibug68").points
    assert read("menpo", "face.pts")["points"] == [close(list(point)) for point in expected]


def test_menpo_reads_ljson_with_its_lines_and_labels(read: Read, tmp_path: Path) -> None:
    (tmp_path / "face.ljson").write_bytes(written("ljson", known()))
    found = read("menpo", "face.ljson")
    assert found["points"] == [close(list(point)) for point in known().faces[0].points]
    assert found["labels"] == {region.name: region.count for region in REGIONS}
    assert [0, 1] in found["edges"]


def test_menpo_passes_over_the_note_of_a_scheme(read: Read, tmp_path: Path) -> None:
    content = written("ljson", known(), scheme="ibug68")
    assert PROJECTIONS["ibug68"].note in content.decode()
    (tmp_path / "face.ljson").write_bytes(content)
    found = read("menpo", "face.ljson")
    assert found["points"] == [close(list(point)) for point in project(known().faces[0], "ibug68").points]


def test_pycocotools_passes_over_the_error_of_a_scheme(read: Read, tmp_path: Path) -> None:
    (tmp_path / "coco.json").write_bytes(written("coco", *RESULTS, scheme="ibug68"))
    found = read("pycocotools", "coco.json")
    assert found["names"] == list(PROJECTIONS["ibug68"].names)
    assert found["precision"] == pytest.approx(1.0)


def test_label_studio_takes_labels_and_predictions(read: Read, archive: Callable[[str], None]) -> None:
    archive("labelstudio")
    found = read("labelstudio", ".")
    assert found == {"errors": [], "labels": list(POINT_NAMES)}


def test_pandas_reads_both_tables(read: Read, tmp_path: Path) -> None:
    (tmp_path / "long.csv").write_bytes(written("csv", *RESULTS))
    (tmp_path / "wide.csv").write_bytes(written("csv-wide", *RESULTS))
    long, wide = read("pandas", "long.csv"), read("pandas", "wide.csv")
    assert (len(long["rows"]), len(wide["rows"])) == (len(FACES) * 90, len(FACES))
    assert {long["kinds"][name] for name in ("x", "y", "uncertainty", "score", "yaw")} == {"f"}
    assert {kind for name, kind in wide["kinds"].items() if name.endswith(("_x", "_y"))} == {"f"}
    for row, (_, face) in zip(wide["rows"], FACES, strict=True):
        assert [(row[f"{name}_x"], row[f"{name}_y"]) for name in POINT_NAMES] == [close(point) for point in face.points]
    rows = iter(long["rows"])
    for _, face in FACES:
        for name, point in zip(POINT_NAMES, face.points, strict=True):
            row = next(rows)
            assert (f"{row['region']}_{row['index']}", (row["x"], row["y"])) == (name, close(point))


def test_numpy_reads_arrays_without_pickles(read: Read, tmp_path: Path) -> None:
    (tmp_path / "faces.npz").write_bytes(written("npz", *RESULTS))
    found = read("numpy", "faces.npz")
    assert found["names"] == list(POINT_NAMES)
    assert found["points"] == [[list(point) for point in face.points] for _, face in FACES]


def test_left_and_right_are_those_of_the_picture() -> None:
    """Names say where points are, so a mirrored face has them exchanged."""
    face = known().faces[0]
    for number, name in enumerate(POINT_NAMES):
        if name.startswith("left") and number not in (BEYOND,):
            assert POINT_NAMES[FLIPPED[number]] == name.replace("left", "right")
            assert face.points[number][0] < face.points[FLIPPED[number]][0]
    assert set(PROJECTIONS["five"].names) == {"left_eye", "right_eye", "nose_tip", "mouth_left", "mouth_right"}
