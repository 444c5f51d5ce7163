"""Recall and errors against annotated photos, by the same definitions as the evaluation beside the checkout."""

import json
import subprocess
import sys

import numpy as np
import pytest

from benchmarks.accuracy import ANCHORS, OUTER, Annotation, Truth, read_manifest, score
from benchmarks.errors import UsageError
from landmarks.core.faces import Face
from landmarks.core.finding import Options
from landmarks.core.schema import SPANS
from landmarks.engines.local.engine import LocalEngine
from landmarks.photos.decode import read_photo
from landmarks.photos.photo import PhotoLimits
from landmarks.wire.acedata import face_to_wire

COUNTS = {"ibug68": 68, "wflw98": 98, "lapa106": 106}
FEWEST = 20
MEASURES = {
    "annotated": "annotated",
    "missed": "missed",
    "anchors": "anchors",
    "anchors_without_offset": "db",
    "profile": "profile",
    "fr8": "fr8",
}
"""Measures of ours and their names in the evaluation."""


@pytest.fixture(scope="module")
def face() -> np.ndarray:
    """90 points that do not lie on one another, 100 pixels wide."""
    return np.random.default_rng(3).uniform(0, 100, (90, 2))


def annotate(face: np.ndarray, scheme: str = "ibug68") -> Annotation:
    """What a person would have marked who sees the face as the engine does."""
    points = np.full((COUNTS[scheme], 2), np.nan)
    here, there = ANCHORS[scheme]
    points[there] = face[here]
    return Annotation(scheme, points)


def truth(*annotations: Annotation, count: int = 1, most: int | None = None, tags: tuple[str, ...] = ()) -> Truth:
    return Truth("a.jpg", tags, count, count if most is None else most, annotations)


def moved(face: np.ndarray, annotation: Annotation, percent: float) -> np.ndarray:
    return face + [annotation.eye_distance * percent / 100, 0]


@pytest.mark.parametrize("scheme", OUTER)
def test_a_face_as_annotated_has_no_error(face, scheme):
    found = score([(truth(annotate(face, scheme)), [face])])["all"]
    assert (found.anchors, found.anchors_without_offset, found.fr8, found.missed) == (0, 0, 0, 0)


def test_errors_are_percent_of_the_distance_between_the_outer_eye_corners(face):
    annotation = annotate(face)
    found = score([(truth(annotation), [moved(face, annotation, 5)])])["all"]
    assert found.anchors == pytest.approx(5)
    assert found.anchors_without_offset == 0
    assert found.fr8 == 0


def test_a_face_that_is_far_off_fails(face):
    annotation = annotate(face)
    assert score([(truth(annotation), [moved(face, annotation, 9)])])["all"].fr8 == 100


def test_a_face_somewhere_else_is_missed(face):
    found = score([(truth(annotate(face)), [face + 1000])])["all"]
    assert (found.missed, found.fr8, found.anchors) == (1, 100, None)


def test_each_face_is_taken_by_one_annotation_only(face):
    found = score([(truth(annotate(face), annotate(face), count=2), [face])])["all"]
    assert found.missed == 1


def test_the_contour_is_measured_to_the_line_not_to_its_points(face):
    line = np.column_stack([np.linspace(0, 100, 21), np.full(21, 50.0)])
    seen, annotation = face.copy(), annotate(face)
    seen[SPANS["face_profile"]] = line
    annotation.points[1:16] = np.column_stack([np.linspace(3, 96, 15), np.full(15, 53.0)])
    expected = 3 / annotation.eye_distance * 100
    assert score([(truth(annotation), [seen])])["all"].profile == pytest.approx(expected, abs=0.01)


def test_recall_never_counts_more_faces_than_there_are(face):
    found = score([(truth(count=1), [face, face]), (truth(count=3), [face])])["all"]
    assert (found.faces, found.recall, found.false_faces) == (4, 50, 1)


def test_unclear_faces_are_no_false_ones(face):
    assert score([(truth(count=1, most=2), [face, face])])["all"].false_faces == 0


def test_tells_each_tag_and_photos_without_a_face(face):
    groups = score([(truth(tags=("small",)), [face]), (truth(count=0), [])])
    assert list(groups) == ["all", "no face", "small"]
    assert groups["no face"].recall is None
    assert groups["small"].recall == 100


def test_reads_a_manifest(tmp_path):
    points = [[2.0 * number, 4.0 * number] for number in range(68)]
    points[5] = None
    faces = [
        {"landmarks": {"scheme": "ibug68", "points": points, "annotator": "human"}},
        {"landmarks": {"scheme": "ibug68", "points": points, "annotator": "MACHINE"}},
        {"landmarks": {"scheme": "aflw19", "points": points[:19], "annotator": "human"}},
        {"landmarks": {"scheme": "ibug68", "points": [[x / 10, y / 10] for x, y in [p or (0, 0) for p in points]]}},
        {"box": [1, 2, 3, 4]},
    ]
    row = {"file": "a/b.jpg", "n_faces": 2, "n_faces_max": 3, "tags": ["x"], "faces": faces}
    (tmp_path / "manifest.json").write_text(json.dumps([row, {"file": "c.jpg", "n_faces": 0}]))
    first, second = read_manifest(tmp_path / "manifest.json")
    assert (first.file, first.tags, first.face_count, first.most_faces) == ("a/b.jpg", ("x",), 2, 3)
    (annotation,) = first.annotations  # neither the machine's, nor the strange scheme, nor the tiny face
    assert annotation.points[7].tolist() == [13, 27]  # the first pixel of .pts files is 1
    assert np.isnan(annotation.points[5]).all()
    assert (second.most_faces, second.tags, second.annotations) == (0, (), ())


@pytest.mark.parametrize("content", ["no json", "{}x", '{"a": 1}', '[{"file": "a.jpg"}]', "[1]", '[{"n_faces": 1}]'])
def test_rejects_what_is_not_a_manifest(tmp_path, content):
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(UsageError, match="isn't a manifest of photos"):
        read_manifest(tmp_path / "manifest.json")


def test_agrees_with_the_evaluation_beside_the_checkout(shared, models_dir, tmp_path):
    """Over photos with annotations, some without a face, and one that was not analysed."""
    rows = json.loads((shared / "data/faces/manifest.json").read_text())
    rows = [row for row in rows if any(face.get("landmarks") for face in row["faces"])][:FEWEST] + [
        row for row in rows if row["n_faces"] == 0
    ][:3]
    (tmp_path / "manifest.json").write_text(json.dumps(rows))
    engine, options = LocalEngine(models_dir), Options(max_faces=100)
    found: dict[str, tuple[Face, ...]] = {}
    for row in rows[1:]:
        photo = read_photo((shared / "data/faces" / row["file"]).read_bytes(), PhotoLimits(10**8, 10**8))
        found[row["file"]] = engine.find(photo, options).faces
    answers = [(each, [np.array(face.points) for face in found.get(each.file, ())])
               for each in read_manifest(tmp_path / "manifest.json")]  # fmt: skip
    theirs = evaluated(shared, tmp_path, found)
    ours = score(answers)
    for name, same in MEASURES.items():
        expected = pytest.approx(theirs["accuracy"][same], abs=0.06 if name == "fr8" else 0.01)
        assert getattr(ours["all"], name) == expected
    assert set(ours) == set(theirs["detection"])
    for group, row in theirs["detection"].items():
        assert (ours[group].photos, ours[group].faces) == (row["photos"], row["faces"])
        assert ours[group].false_faces == row["extra"]
        assert ours[group].recall == (row["recall"] and pytest.approx(row["recall"], abs=0.06))


def evaluated(shared, folder, found):
    lines = [
        json.dumps({"source": name, "face_shape_set": [face_to_wire(face, rounded=False) for face in faces]})
        for name, faces in found.items()
    ]
    (folder / "points.jsonl").write_text("\n".join(lines))
    arguments = [folder / "manifest.json", folder / "points.jsonl", "--json", folder / "score.json"]
    command = [sys.executable, shared / "tools/evaluate.py", *arguments]
    subprocess.run(list(map(str, command)), check=True, capture_output=True)
    return json.loads((folder / "score.json").read_text())
