"""`manage.py analyze`: photos in, lines for people and programs out."""

import io
import json
import os
import sys
from ipaddress import ip_network
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from landmarks.core.schema import REGIONS
from tests.cli.analyzing import usage
from tests.vendor import TOKEN, analysis, answering, face_in, refusal

EXTRAS = {"score", "box", "pose", "uncertainty", "guessed", "covered"}

pytestmark = pytest.mark.usefixtures("models_dir")


def test_prints_a_line_a_photo(analyze, images):
    status, out, err = analyze(images / "two_people.jpg", images / "rocket.jpg")
    assert status == 0
    assert "two_people.jpg: 2 faces" in out
    assert "rocket.jpg: 0 faces" in out
    assert "2 of 2 photos done, 2 faces found." in err


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
    assert "1 of 3 photos done" in err


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


def test_a_pipe_is_not_waited_for(analyze, tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    status, _, err = analyze(tmp_path / "pipe.jpg")
    assert status == 1
    assert "This is a pipe" in err


def test_an_empty_folder_is_wrong_usage(tmp_path):
    assert "There is no photo" in usage(tmp_path, "--jsonl", tmp_path / "a.jsonl")
    assert not (tmp_path / "a.jsonl").exists()


def test_reports_what_was_passed_over_in_a_folder(analyze, images, tmp_path):
    (tmp_path / "@eaDir").mkdir()
    (tmp_path / "@eaDir" / "small.jpg").write_bytes(b"x")
    (tmp_path / "notes.txt").write_bytes(b"x")
    (tmp_path / "photo.jpg").write_bytes((images / "rocket.jpg").read_bytes())
    status, out, err = analyze(tmp_path, "--jsonl", "-")
    assert (status, len(out.splitlines())) == (0, 1)
    assert "Files skipped in folders: 1 hidden or system, 1 of another type." in err


# --- options ----------------------------------------------------------------------------------------------------------


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


def test_the_number_of_further_faces_is_reported(analyze, images, settings):
    settings.MAX_FACES = 1
    assert "1 of 2 faces" in analyze(images / "two_people.jpg")[1]


def test_finds_faces_after_turns_with_rotate(analyze, images, tmp_path):
    with Image.open(images / "astronaut.jpg") as image:
        both = Image.new("RGB", (1024, 512))
        both.paste(image, (0, 0))
        both.paste(image.rotate(180), (512, 0))
    both.save(tmp_path / "both.png")
    _, turned, _ = analyze(tmp_path / "both.png", "--rotate", "--jsonl", "-")
    assert len(json.loads(turned)["face_shape_set"]) == 2


def test_more_is_told_on_request(analyze, images, tmp_path):
    with Image.open(images / "astronaut.jpg") as image:
        exif = image.getexif()
        exif[0x0112] = 6
        image.rotate(90).save(tmp_path / "turned.jpg", exif=exif)
    _, out, _ = analyze(tmp_path / "turned.jpg", "--jsonl", "-", "--extras")
    line = json.loads(out)
    (face,) = line["face_shape_set"]
    assert line["orientation"] == 6
    assert set(face) == {region.name for region in REGIONS} | EXTRAS
    assert 0.6 < face["score"] <= 1
    assert set(face["box"]) == {"left", "top", "right", "bottom"}
    assert set(face["pose"]) == {"yaw", "pitch", "roll"}
    assert len(face["uncertainty"]) == 90
    assert all(face["uncertainty"][index] > 0.08 for index in face["guessed"])


def test_dense_points_are_in_the_lines_only_if_requested(analyze, images: Path) -> None:
    for flags, has_dense in (((), False), (("--dense",), True)):
        status, out, _ = analyze(images / "astronaut.jpg", "--jsonl", "-", *flags)
        (face,) = json.loads(out)["face_shape_set"]
        assert status == 0
        assert ("dense" in face) == has_dense
    assert [len(point) for point in face["dense"]] == [3] * 478


def test_dense_needs_lines(analyze, images: Path) -> None:
    with pytest.raises(CommandError, match="--dense is for --jsonl"):
        analyze(images / "astronaut.jpg", "--dense")


@pytest.mark.parametrize(
    "options", [["--resume"], ["--resume", "--jsonl", "-"], ["--extras"], ["--jobs", "0"], ["--extras", "--csv", "x"]]
)
def test_options_that_do_not_fit_are_wrong_usage(images, options):
    assert usage(images, *options)


# --- the hosted engine ------------------------------------------------------------------------------------------------


@pytest.fixture
def hosted(settings, vendor, on_the_internet, tmp_path):
    """The hosted engine at hand, and no model files for the embedded one."""
    settings.MODELS_DIR = tmp_path / "models"
    settings.ACEDATA_API_URL, settings.ACEDATA_API_TOKEN = vendor.url, TOKEN
    return vendor


def test_the_hosted_engine_gets_the_address_itself(analyze, images, hosted, tmp_path):
    address = hosted.puts("/a.jpg", (images / "astronaut.jpg").read_bytes())
    hosted.answers(answering(analysis(512, 512, [face_in(512, 512)], "3.1")))
    status, out, err = analyze(address, "--jsonl", "-")
    row = json.loads(out)
    assert (status, row["engine"], row["face_model_version"]) == (0, "acedata", "3.1")
    assert row["face_shape_set"] == [face_in(512, 512)]
    assert hosted.requests[0].json()["image_url"] == address
    assert "Downloading" not in err
    assert not (tmp_path / "models").exists()


def test_an_error_of_the_hosted_engine_is_a_row_with_its_code(analyze, images, hosted):
    hosted.answers(refusal(403, "used_up", "Your balance is not sufficient."))
    status, out, err = analyze(
        hosted.puts("/a.jpg", (images / "astronaut.jpg").read_bytes()), images / "astronaut.jpg", "--jsonl", "-"
    )
    failed, kept_here = (json.loads(line)["error"] for line in out.splitlines())
    assert status == 1
    assert failed["code"] != kept_here["code"]
    assert "PUBLIC_URL" in kept_here["message"]
    assert failed["message"] in err


def test_the_hosted_engine_without_a_token_is_wrong_usage(images):
    with pytest.raises(CommandError, match="set ACEDATA_API_TOKEN") as caught:
        call_command("analyze", str(images), "--engine", "acedata")
    assert caught.value.returncode == 2


# --- lists ------------------------------------------------------------------------------------------------------------


def listing(monkeypatch: pytest.MonkeyPatch, *lines: object) -> None:
    text = b"".join(os.fsencode(str(line)) + b"\n" for line in lines)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))


def test_a_list_is_read_from_standard_input(analyze, images, tmp_path, monkeypatch, httpserver, settings):
    settings.FETCH_ALLOW_NETWORKS = (ip_network("127.0.0.0/8"),)
    httpserver.expect_request("/a.jpg").respond_with_data((images / "rocket.jpg").read_bytes())
    odd = tmp_path / os.fsdecode(b" a\xff.jpg")
    odd.write_bytes((images / "rocket.jpg").read_bytes())
    listing(monkeypatch, images / "rocket.jpg", "", odd, f"{httpserver.url_for('/a.jpg')}\r")
    status, out, _ = analyze("-", images / "astronaut.jpg", "--jsonl", "-")
    assert status == 0
    names = [Path(json.loads(line)["source"]).name for line in out.splitlines()]
    assert names == ["rocket.jpg", " a\\xff.jpg", "a.jpg", "astronaut.jpg"]


def test_an_empty_list_is_wrong_usage(monkeypatch):
    listing(monkeypatch)
    assert "There is no photo" in usage("-")
