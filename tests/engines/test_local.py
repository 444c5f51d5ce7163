"""The embedded engine on real photos."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image, ImageOps

from landmarks.engines import Options, load_engine
from landmarks.engines.local.engine import LocalEngine
from landmarks.errors import EngineUnavailable
from landmarks.intake.photo import Photo, PhotoLimits, read_photo
from landmarks.schema import REGIONS
from tests.order import broken_rules

ALL = Options(max_faces=100)


@pytest.fixture(scope="module")
def engine(models_dir):
    return LocalEngine(models_dir)


@pytest.fixture(scope="module")
def photo(images):
    def open_photo(name: str) -> Photo:
        return read_photo((images / name).read_bytes(), PhotoLimits(10**8, 10**8))

    return open_photo


def changed(photo: Photo, image: Image.Image) -> Photo:
    return Photo(image, photo.format, 1)


def distance(one, other) -> float:
    """Largest distance between two lists of points, in pixels."""
    return float(np.abs(np.array(one) - np.array(other)).max())


def test_finds_the_face_and_its_points_in_order(engine, photo):
    finding = engine.find(photo("astronaut.jpg"), ALL)
    (face,) = finding.faces
    assert broken_rules({region.name: face.region(region.name) for region in REGIONS}) == []
    # Where a person sees them: tip of the nose, chin, left pupil.
    assert distance(face.region("nose")[0], (224, 126)) < 4
    assert distance(face.region("face_profile")[10], (225, 178)) < 5
    assert distance(face.region("left_pupil")[0], (203.5, 101)) < 2
    assert face.box.width == pytest.approx(95, abs=12)


def test_tells_engine_version_and_time(engine, photo):
    finding = engine.find(photo("astronaut.jpg"), ALL)
    assert (finding.engine, finding.engine_version) == ("local", "1.0")
    assert finding.elapsed_ms > 0


def test_orders_faces_largest_first(engine, photo):
    faces = engine.find(photo("two_people.jpg"), ALL).faces
    assert len(faces) == 2
    assert faces[0].box.area > faces[1].box.area


def test_gives_the_largest_only_when_asked(engine, photo):
    everyone = engine.find(photo("two_people.jpg"), ALL).faces
    largest = engine.find(photo("two_people.jpg"), Options(max_faces=10, largest_only=True)).faces
    assert largest == everyone[:1]


def test_gives_no_more_faces_than_allowed(engine, photo):
    assert len(engine.find(photo("two_people.jpg"), Options(max_faces=1)).faces) == 1


def test_no_face_is_an_empty_answer_that_tells_what_was_tried(engine, photo):
    finding = engine.find(photo("rocket.jpg"), ALL)
    assert finding.faces == ()
    assert [attempt.turned for attempt in finding.attempts] == [0, 90, 180, 270]


def test_finds_a_small_soft_face(engine, photo):
    assert len(engine.find(photo("obama-240p.jpg"), ALL).faces) == 1


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_photo_on_its_side_gives_the_same_points_turned(engine, photo, turns):
    upright = photo("astronaut.jpg")
    expected = np.array(engine.find(upright, ALL).faces[0].points)
    turned = changed(upright, upright.image.rotate(-90 * turns, expand=True))
    points = np.array(engine.find(turned, ALL).faces[0].points)
    for _ in range(turns):  # undo one clockwise quarter turn of the square photo
        points = np.column_stack([points[:, 1], turned.width - 1 - points[:, 0]])
    assert distance(points, expected) < 3


def test_a_mirrored_photo_gives_mirrored_points(engine, photo):
    plain = photo("astronaut.jpg")
    face = engine.find(plain, ALL).faces[0]
    mirrored = engine.find(changed(plain, ImageOps.mirror(plain.image)), ALL).faces[0]
    back = [(plain.width - 1 - x, y) for x, y in mirrored.region("right_eye")]
    assert distance(back, face.region("left_eye")) < 1.5


def test_a_large_photo_gives_the_same_points_as_a_small_one(engine, photo):
    plain = photo("astronaut.jpg")
    large = changed(plain, plain.image.resize((plain.width * 5, plain.height * 5), Image.Resampling.BICUBIC))
    small_points = np.array(engine.find(plain, ALL).faces[0].points)
    large_points = np.array(engine.find(large, ALL).faces[0].points)
    assert distance((large_points + 0.5) / 5 - 0.5, small_points) < 2


@pytest.mark.parametrize("size", [(1, 1), (1, 400), (400, 1), (3, 3), (64, 64), (30, 4000)])
def test_odd_sizes_are_photos_without_a_face(engine, size):
    assert engine.find(Photo(Image.new("RGB", size, "grey"), "PNG", 1), ALL).faces == ()


def test_threads_that_look_at_once_see_what_one_sees(engine, photo):
    photos = [photo("astronaut.jpg"), photo("two_people.jpg"), photo("obama-240p.jpg")] * 4
    alone = [engine.find(each, ALL).faces for each in photos[:3]] * 4
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(lambda each: engine.find(each, ALL).faces, photos))
    assert together == alone


def test_missing_model_files_are_an_error_that_says_what_to_run(tmp_path, photo):
    engine = LocalEngine(tmp_path)
    assert not engine.is_ready()
    with pytest.raises(EngineUnavailable, match="manage.py fetch_models"):
        engine.find(photo("astronaut.jpg"), ALL)


def test_the_registry_gives_the_engine_by_name(models_dir, photo):
    engine = load_engine("local", models_dir=models_dir)
    assert engine.is_ready()
    assert len(engine.find(photo("astronaut.jpg"), ALL).faces) == 1


def test_reaches_the_accuracy_that_the_readme_promises(engine, shared, tmp_path):
    manifest = shared / "data" / "faces" / "manifest.json"
    names = [each["file"] for each in json.loads(manifest.read_text()) if "rotated" not in each["tags"]]
    with (tmp_path / "points.jsonl").open("w") as lines:
        for name in names:
            photo = read_photo((manifest.parent / name).read_bytes(), PhotoLimits(10**8, 10**8))
            faces = [face.to_wire(rounded=False) for face in engine.find(photo, ALL).faces]
            lines.write(json.dumps({"source": name, "face_shape_set": faces}) + "\n")
    tool = shared / "tools" / "evaluate.py"
    command = [sys.executable, tool, manifest, lines.name, "--without", "rotated", "--json", tmp_path / "score.json"]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 (our own files)
    score = json.loads((tmp_path / "score.json").read_text())
    assert score["detection"]["all"]["recall"] >= 95
    assert score["detection"]["all"]["extra"] <= 3
    assert score["accuracy"]["anchors"] <= 3.6
    assert score["accuracy"]["profile"] <= 3.5
    assert score["accuracy"]["fr8"] == 0
