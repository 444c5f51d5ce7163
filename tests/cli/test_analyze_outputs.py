"""What `manage.py analyze` writes: tables, pictures, and nothing over what is there."""

import contextlib
import csv
import io
import json
import os
import pty
import subprocess
import termios
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from tests.cli.analyzing import command

pytestmark = pytest.mark.usefixtures("models_dir")


def test_writes_a_row_a_point(analyze, images, tmp_path):
    analyze(images, "--csv", tmp_path / "points.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "points.csv").read_text())))
    points = [row for row in rows if row["x"]]
    assert len(points) == 4 * 90
    assert {row["region"] for row in points} >= {"mouth", "left_pupil"}


def test_photos_without_faces_and_failures_have_rows_in_the_table(analyze, images, tmp_path):
    (tmp_path / "=bad.jpg").write_bytes(b"no photo")
    analyze(images / "rocket.jpg", tmp_path / "=bad.jpg", "--csv", tmp_path / "points.csv")
    none, failed = csv.DictReader(io.StringIO((tmp_path / "points.csv").read_text()))
    assert (Path(none["source"]).name, none["face"], none["x"], none["error"]) == ("rocket.jpg", "0", "", "")
    assert (Path(failed["source"]).name, failed["face"], failed["error"]) == ("=bad.jpg", "", "photo_unsupported")


def test_odd_names_stop_nothing_and_forge_no_line(analyze, images, tmp_path):
    content = (images / "astronaut.jpg").read_bytes()
    folder = tmp_path / "in"
    folder.mkdir()
    for name in (b"a\xff.jpg", b"b\nforged: 9 faces.jpg", b"c" * 251 + b".jpg"):
        (Path(os.fsdecode(os.path.join(os.fsencode(folder), name)))).write_bytes(content)
    status, out, _ = analyze(folder)
    assert status == 0
    assert len(out.splitlines()) == 3
    outputs = ["--csv", tmp_path / "points.csv", "--jsonl", tmp_path / "points.jsonl", "--overlays", tmp_path / "out"]
    assert analyze(folder, *outputs)[0] == 0
    assert len((tmp_path / "points.jsonl").read_text().splitlines()) == 3
    assert len(list((tmp_path / "out").iterdir())) == 3


def test_two_outputs_cannot_share_standard_output(images):
    with pytest.raises(CommandError) as caught:
        call_command("analyze", str(images), "--jsonl", "-", "--csv", "-")
    assert caught.value.returncode == 2


def test_two_outputs_cannot_share_a_file(images, tmp_path):
    with pytest.raises(CommandError, match="same file"):
        call_command("analyze", str(images), "--jsonl", str(tmp_path / "x"), "--csv", str(tmp_path / "." / "x"))


def test_an_output_that_cannot_be_written_is_one_sentence(images, tmp_path):
    with pytest.raises(CommandError, match="cannot be written") as caught:
        call_command("analyze", str(images), "--jsonl", str(tmp_path / "no" / "such" / "folder.jsonl"))
    assert caught.value.returncode == 2


def test_an_output_is_never_written_over_a_photo(images, tmp_path):
    photo = tmp_path / "astronaut.jpg"
    photo.write_bytes((images / "astronaut.jpg").read_bytes())
    with pytest.raises(CommandError, match="is one of the photos"):
        call_command("analyze", str(tmp_path), "--jsonl", str(photo))
    assert photo.read_bytes() == (images / "astronaut.jpg").read_bytes()


# --- pictures ---------------------------------------------------------------------------------------------------------


def test_draws_each_photo_and_keeps_apart_those_of_the_same_name(analyze, images, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "astronaut.jpg").write_bytes((images / "astronaut.jpg").read_bytes())
    analyze(images / "astronaut.jpg", tmp_path / "in", "--overlays", tmp_path / "out")
    drawn = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert drawn == ["2-astronaut.png", "astronaut.png"]
    with Image.open(tmp_path / "out" / "astronaut.png") as picture:
        assert picture.size == (512, 512)


def test_an_overlay_is_never_written_over_a_photo(analyze, images, tmp_path):
    with Image.open(images / "astronaut.jpg") as image:
        image.save(tmp_path / "a.png")
    before = (tmp_path / "a.png").read_bytes()
    assert analyze(tmp_path / "a.png", "--overlays", tmp_path)[0] == 0
    assert (tmp_path / "a.png").read_bytes() == before
    assert (tmp_path / "2-a.png").exists()


def test_names_with_points_and_without_suffix_are_kept(analyze, images, tmp_path):
    content = (images / "rocket.jpg").read_bytes()
    for name in ("a.b.JPG", "photo", "c.v2"):
        (tmp_path / name).write_bytes(content)
    analyze(*(tmp_path / name for name in ("a.b.JPG", "photo", "c.v2")), "--overlays", tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.b.png", "c.v2.png", "photo.png"]


def test_a_picture_that_cannot_be_written_stops_nothing(analyze, images, tmp_path):
    (tmp_path / "out" / "astronaut.png").mkdir(parents=True)
    status, out, err = analyze(images, "--overlays", tmp_path / "out", "--jsonl", "-")
    assert status == 1
    assert "its overlay cannot be written" in err
    rows = [json.loads(line) for line in out.splitlines()]
    assert len(rows) == 4
    assert not any("error" in row for row in rows)


# --- readers ----------------------------------------------------------------------------------------------------------


def test_a_reader_that_has_had_enough_is_no_error_with_a_traceback(images):
    with subprocess.Popen(command(images, "--jsonl", "-"), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout
        assert run.stderr
        run.stdout.close()
        assert "Traceback" not in run.stderr.read().decode()
    assert run.returncode == 1


def test_a_terminal_shows_a_bar_that_is_drawn_over_itself(images):
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    with subprocess.Popen(command(images, "--jsonl", os.devnull), stderr=theirs):
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # the end of a terminal whose program has ended
            while part := os.read(ours, 4096):
                shown += part
    os.close(ours)
    bars = [line for line in shown.decode().split("\n") if "/4 [" in line]
    # The mesh's runtime writes a line of its own during the first photo, which breaks the bar once.
    assert len(bars) <= 2
    assert "  0%" in bars[0]
    assert "100%" in bars[-1]
    assert bars[-1].count("\r") >= 2
