"""`manage.py analyze` as a person runs it: photos in, lines, tables and pictures out."""

import csv
import io
import json
from ipaddress import ip_network

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

pytestmark = pytest.mark.usefixtures("models_dir")


@pytest.fixture
def analyze(capsys):
    """Run it; the exit status and what was written to standard output and standard error."""

    def run(*arguments: object) -> tuple[int, str, str]:
        status = 0
        try:
            call_command("analyze", *map(str, arguments))
        except SystemExit as stop:
            status = int(stop.code or 0)
        return status, *capsys.readouterr()

    return run


def test_prints_a_line_a_photo(analyze, images):
    status, out, err = analyze(images / "two_people.jpg", images / "rocket.jpg")
    assert status == 0
    assert "two_people.jpg: 2 faces" in out
    assert "rocket.jpg: 0 faces" in out
    assert "2 of 2 photos read, 2 faces found." in err


def test_writes_a_json_line_a_photo(analyze, images):
    status, out, _ = analyze(images / "astronaut.jpg", images / "rocket.jpg", "--jsonl", "-")
    first, second = map(json.loads, out.splitlines())
    assert status == 0
    assert set(first) == {
        "source",
        "image_width",
        "image_height",
        "face_model_version",
        "face_shape_set",
        "engine",
        "elapsed_ms",
    }
    assert (first["source"], first["image_width"], first["engine"]) == (str(images / "astronaut.jpg"), 512, "local")
    assert isinstance(first["face_shape_set"][0]["mouth"][3]["x"], float)
    assert second["face_shape_set"] == []


def test_one_bad_file_never_stops_the_rest(analyze, images, tmp_path):
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"no photo")
    status, out, err = analyze(bad, tmp_path / "none.jpg", images / "astronaut.jpg", "--jsonl", "-")
    rows = [json.loads(line) for line in out.splitlines()]
    assert status == 1
    assert [row.get("error", {}).get("code") for row in rows] == ["photo_unsupported", "photo_damaged", None]
    assert str(bad) in err
    assert "1 of 3 photos read" in err


def test_writes_a_row_a_point(analyze, images, tmp_path):
    analyze(images, "--csv", tmp_path / "points.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "points.csv").read_text())))
    assert len(rows) == 4 * 90
    assert {row["region"] for row in rows} >= {"mouth", "left_pupil"}


def test_draws_each_photo_and_keeps_apart_those_of_the_same_name(analyze, images, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "astronaut.jpg").write_bytes((images / "astronaut.jpg").read_bytes())
    analyze(images / "astronaut.jpg", tmp_path / "in", "--overlays", tmp_path / "out")
    drawn = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert drawn == ["2-astronaut.jpg.png", "astronaut.jpg.png"]
    with Image.open(tmp_path / "out" / "astronaut.jpg.png") as picture:
        assert picture.size == (512, 512)


def test_fetches_an_address(analyze, images, httpserver, settings):
    settings.FETCH_ALLOW_NETWORKS = (ip_network("127.0.0.0/8"),)
    httpserver.expect_request("/a.jpg").respond_with_data((images / "astronaut.jpg").read_bytes())
    status, out, _ = analyze(httpserver.url_for("/a.jpg"))
    assert status == 0
    assert "a.jpg: 1 face," in out


def test_an_address_that_is_none_is_a_row_like_any_other(analyze):
    status, out, _ = analyze("http://", "--jsonl", "-")
    assert status == 1
    assert json.loads(out)["error"]["code"] == "address_invalid"


def test_gives_the_largest_face_only(analyze, images):
    _, out, _ = analyze(images / "two_people.jpg", "--mode", "1", "--jsonl", "-")
    assert len(json.loads(out)["face_shape_set"]) == 1


def test_echoes_the_model_version(analyze, images):
    _, out, _ = analyze(images / "rocket.jpg", "--face-model-version", "2.0", "--jsonl", "-")
    assert json.loads(out)["face_model_version"] == "2.0"


def test_the_number_of_faces_is_limited_by_the_settings(analyze, images, settings):
    settings.MAX_FACES = 1
    _, out, _ = analyze(images / "two_people.jpg", "--jsonl", "-")
    assert len(json.loads(out)["face_shape_set"]) == 1


def test_looks_after_quarter_turns_when_asked(analyze, images, tmp_path):
    with Image.open(images / "astronaut.jpg") as image:
        both = Image.new("RGB", (1024, 512))
        both.paste(image, (0, 0))
        both.paste(image.rotate(90), (512, 0))
    both.save(tmp_path / "both.png")
    _, plain, _ = analyze(tmp_path / "both.png", "--jsonl", "-")
    _, turned, _ = analyze(tmp_path / "both.png", "--rotate", "--jsonl", "-")
    assert len(json.loads(turned)["face_shape_set"]) == 2


def test_two_outputs_cannot_share_standard_output(images):
    with pytest.raises(CommandError) as caught:
        call_command("analyze", str(images), "--jsonl", "-", "--csv", "-")
    assert caught.value.returncode == 2


def test_a_place_that_cannot_be_written_is_one_sentence(images, tmp_path):
    with pytest.raises(CommandError, match="cannot be written") as caught:
        call_command("analyze", str(images), "--jsonl", str(tmp_path / "no" / "such" / "folder.jsonl"))
    assert caught.value.returncode == 2


def test_an_empty_folder_is_told(analyze, tmp_path):
    status, _, err = analyze(tmp_path)
    assert "0 of 0 photos" in err
    assert status == 0


def test_models_that_are_there_are_not_fetched_again(models_dir):
    out = io.StringIO()
    call_command("fetch_models", stdout=out)
    assert out.getvalue().count("is in place.") == 2
