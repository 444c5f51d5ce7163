"""`manage.py analyze` as a person runs it: photos in, lines, tables and pictures out."""

import contextlib
import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
import termios
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from ipaddress import ip_network
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from landmarks.cli import batch
from landmarks.cli.batch import PHOTOS_PER_PROCESS
from landmarks.core.schema import REGIONS
from landmarks.engines.local import model_files
from tests.photos.bombs import png_of_noise
from tests.vendor import TOKEN, analysis, answering, face_in, refusal

BASE_DIR = Path(__file__).resolve().parents[2]

RUN_AND_TELL_MEMORY = """
import sys
from django.core.management import execute_from_command_line
from tests import patient
patient.take_time()
execute_from_command_line(sys.argv)
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""

EXTRAS = {"score", "box", "pose", "uncertainty", "guessed", "covered"}

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


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="there is no /proc")
@pytest.mark.slow
def test_holds_no_more_than_one_large_photo_at_a_time(images, models_dir, tmp_path):
    large = [tmp_path / name for name in ("1.png", "2.png")]
    for number, path in enumerate(large):
        path.write_bytes(png_of_noise(number))
    run = subprocess.run(
        [sys.executable, "-c", RUN_AND_TELL_MEMORY, "analyze", *large, "--overlays", tmp_path / "drawn"],
        cwd=BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "facesite.settings", "MODELS_DIR": str(models_dir)},
        capture_output=True,
        check=True,
        text=True,
    )
    assert len(list((tmp_path / "drawn").iterdir())) == 2
    assert int(run.stdout.splitlines()[-1]) < 600 * 1024


def test_one_bad_file_never_stops_the_rest(analyze, images, tmp_path):
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"no photo")
    status, out, err = analyze(bad, tmp_path / "none.jpg", images / "astronaut.jpg", "--jsonl", "-")
    rows = [json.loads(line) for line in out.splitlines()]
    assert status == 1
    assert [row.get("error", {}).get("code") for row in rows] == ["photo_unsupported", "photo_damaged", None]
    assert str(bad) in err
    assert "1 of 3 photos done" in err


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


def test_draws_each_photo_and_keeps_apart_those_of_the_same_name(analyze, images, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "astronaut.jpg").write_bytes((images / "astronaut.jpg").read_bytes())
    analyze(images / "astronaut.jpg", tmp_path / "in", "--overlays", tmp_path / "out")
    drawn = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert drawn == ["2-astronaut.png", "astronaut.png"]
    with Image.open(tmp_path / "out" / "astronaut.png") as picture:
        assert picture.size == (512, 512)


def test_fetches_an_address(analyze, images, httpserver, settings):
    settings.FETCH_ALLOW_NETWORKS = (ip_network("127.0.0.0/8"),)
    httpserver.expect_request("/a.jpg").respond_with_data((images / "astronaut.jpg").read_bytes())
    status, out, _ = analyze(httpserver.url_for("/a.jpg"))
    assert status == 0
    assert "a.jpg: 1 face," in out


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


def test_finds_faces_after_turns_with_rotate(analyze, images, tmp_path):
    with Image.open(images / "astronaut.jpg") as image:
        both = Image.new("RGB", (1024, 512))
        both.paste(image, (0, 0))
        both.paste(image.rotate(180), (512, 0))
    both.save(tmp_path / "both.png")
    _, turned, _ = analyze(tmp_path / "both.png", "--rotate", "--jsonl", "-")
    assert len(json.loads(turned)["face_shape_set"]) == 2


def test_two_outputs_cannot_share_standard_output(images):
    with pytest.raises(CommandError) as caught:
        call_command("analyze", str(images), "--jsonl", "-", "--csv", "-")
    assert caught.value.returncode == 2


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


def test_two_outputs_cannot_share_a_file(images, tmp_path):
    with pytest.raises(CommandError, match="same file"):
        call_command("analyze", str(images), "--jsonl", str(tmp_path / "x"), "--csv", str(tmp_path / "." / "x"))


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


def test_a_pipe_is_not_waited_for(analyze, tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    status, _, err = analyze(tmp_path / "pipe.jpg")
    assert status == 1
    assert "This is a pipe" in err


def test_a_picture_that_cannot_be_written_stops_nothing(analyze, images, tmp_path):
    (tmp_path / "out" / "astronaut.png").mkdir(parents=True)
    status, out, err = analyze(images, "--overlays", tmp_path / "out", "--jsonl", "-")
    assert status == 1
    assert "its overlay cannot be written" in err
    rows = [json.loads(line) for line in out.splitlines()]
    assert len(rows) == 4
    assert not any("error" in row for row in rows)


def test_the_number_of_further_faces_is_reported(analyze, images, settings):
    settings.MAX_FACES = 1
    assert "1 of 2 faces" in analyze(images / "two_people.jpg")[1]


def command(*arguments: object) -> list[str]:
    return [sys.executable, str(BASE_DIR / "manage.py"), "analyze", *map(str, arguments)]


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


def usage(*arguments: object) -> str:
    """The sentence that wrong usage ends with."""
    with pytest.raises(CommandError) as caught:
        call_command("analyze", *map(str, arguments))
    assert caught.value.returncode == 2
    return str(caught.value)


def test_an_empty_folder_is_wrong_usage(tmp_path):
    assert "There is no photo" in usage(tmp_path, "--jsonl", tmp_path / "a.jsonl")
    assert not (tmp_path / "a.jsonl").exists()


# --- lists -----------------------------------------------------------------------------------------------------------


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


# --- earlier outputs -------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(images, tmp_path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("astronaut.jpg", "rocket.jpg"):
        (folder / name).write_bytes((images / name).read_bytes())
    return folder


def lines(path: Path) -> list[tuple[str, bool]]:
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    return [(Path(row["source"]).name, "error" not in row) for row in rows]


@pytest.mark.parametrize("option", ["--jsonl", "--csv"])
def test_an_earlier_output_is_overwritten_only_on_request(analyze, folder, tmp_path, option):
    path = tmp_path / "out"
    path.write_text("precious\n")
    assert "--overwrite" in usage(folder, option, path)
    assert path.read_text() == "precious\n"
    assert analyze(folder, option, path, "--overwrite")[0] == 0
    assert "precious" not in path.read_text()


def test_a_run_is_resumed_where_it_ended(analyze, folder, images, tmp_path):
    jsonl, table, drawn = tmp_path / "out.jsonl", tmp_path / "out.csv", tmp_path / "drawn"
    outputs = ["--jsonl", jsonl, "--csv", table, "--overlays", drawn]
    analyze(folder, *outputs)
    whole, rows = jsonl.read_text(), table.read_text()
    # As if it had been killed within the second photo.
    jsonl.write_text(whole[:-40])
    table.write_text(rows[:-40])
    (folder / "two_people.jpg").write_bytes((images / "two_people.jpg").read_bytes())
    status, _, err = analyze(folder, *outputs, "--resume")
    assert status == 0
    assert "2 of 2 photos done" in err
    assert lines(jsonl) == [("astronaut.jpg", True), ("rocket.jpg", True), ("two_people.jpg", True)]
    written = list(csv.DictReader(io.StringIO(table.read_text())))
    assert len(written) == 90 + 1 + 180
    assert {len(row) for row in written} == {7}
    assert table.read_text().count('"source","face"') == 1
    assert sorted(path.name for path in drawn.iterdir()) == ["astronaut.png", "rocket.png", "two_people.png"]
    assert "0 of 0 photos done" in analyze(folder, *outputs, "--resume")[2]
    assert len(lines(jsonl)) == 3


def test_what_failed_is_tried_again(analyze, folder, images, tmp_path):
    (folder / "later.jpg").write_bytes(b"")
    assert analyze(folder, "--jsonl", tmp_path / "out")[0] == 1
    (folder / "later.jpg").write_bytes((images / "rocket.jpg").read_bytes())
    assert analyze(folder, "--jsonl", tmp_path / "out", "--resume")[0] == 0
    assert lines(tmp_path / "out")[1:] == [("later.jpg", False), ("rocket.jpg", True), ("later.jpg", True)]


def test_a_first_run_can_be_a_resumed_one(analyze, folder, tmp_path):
    assert analyze(folder, "--jsonl", tmp_path / "out", "--csv", tmp_path / "table", "--resume")[0] == 0
    assert len(lines(tmp_path / "out")) == 2
    assert (tmp_path / "table").read_text().startswith('"source","face","region","index","x","y","error"')


@pytest.mark.parametrize(
    "options", [["--resume"], ["--resume", "--jsonl", "-"], ["--extras"], ["--jobs", "0"], ["--extras", "--csv", "x"]]
)
def test_options_that_do_not_fit_are_wrong_usage(images, options):
    assert usage(images, *options)


def test_resuming_and_overwriting_exclude_one_another(images, tmp_path):
    with pytest.raises(CommandError, match="not allowed with"):
        call_command("analyze", str(images), "--jsonl", str(tmp_path / "x"), "--resume", "--overwrite")


# --- names and extras ------------------------------------------------------------------------------------------------


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


# --- several processes -----------------------------------------------------------------------------------------------


@pytest.fixture
def many(images, tmp_path) -> Path:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(2 * PHOTOS_PER_PROCESS):
        name = ("astronaut.jpg", "rocket.jpg", "two_people.jpg")[number % 3]
        (folder / f"{number:02}-{name}").write_bytes((images / name).read_bytes())
    (folder / "05-bad.jpg").write_bytes(b"no photo")
    return folder


def without_time(path: Path) -> list[dict]:
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    return [{name: value for name, value in row.items() if name != "elapsed_ms"} for row in rows]


def test_two_processes_write_what_one_writes(analyze, many, tmp_path):
    for jobs in (1, 2):
        outputs = ["--jsonl", tmp_path / f"{jobs}.jsonl", "--csv", tmp_path / f"{jobs}.csv"]
        status, _, err = analyze(many, "--jobs", jobs, *outputs, "--extras", "--overlays", tmp_path / str(jobs))
        assert status == 1
        assert "16 of 17 photos done, 16 faces found" in err
    assert without_time(tmp_path / "1.jsonl") == without_time(tmp_path / "2.jsonl")
    assert (tmp_path / "1.csv").read_text() == (tmp_path / "2.csv").read_text()
    pictures = [{path.name: path.read_bytes() for path in (tmp_path / jobs).iterdir()} for jobs in "12"]
    assert pictures[0] == pictures[1]
    assert len(pictures[0]) == 16


def test_photos_wait_for_an_earlier_one_within_bounds(monkeypatch):
    """Those that are done are not collected without end while the reader of the output is slow."""
    begun = []

    class Pool:
        def __init__(self, *args: object) -> None: ...

        def submit(self, work: object, task: int) -> "Future[int]":
            begun.append(task)
            future: Future[int] = Future()
            future.set_result(task)
            return future

        def shutdown(self, **options: object) -> None: ...

    monkeypatch.setattr(batch, "ProcessPoolExecutor", Pool)
    for number, task in enumerate(batch.in_processes(range(100), 2)):
        assert task == number
        assert len(begun) <= number + 2 * batch.AHEAD
    assert len(begun) == 100


def test_a_process_that_is_killed_ends_the_run_with_a_sentence(many, tmp_path, monkeypatch):
    def broken(tasks: object, processes: int) -> None:
        raise BrokenProcessPool

    monkeypatch.setattr(batch, "in_processes", broken)
    with pytest.raises(CommandError, match="--resume"):
        call_command("analyze", str(many), "--jobs", "2", "--jsonl", str(tmp_path / "out"))


def test_reports_what_was_passed_over_in_a_folder(analyze, images, tmp_path):
    (tmp_path / "@eaDir").mkdir()
    (tmp_path / "@eaDir" / "small.jpg").write_bytes(b"x")
    (tmp_path / "notes.txt").write_bytes(b"x")
    (tmp_path / "photo.jpg").write_bytes((images / "rocket.jpg").read_bytes())
    status, out, err = analyze(tmp_path, "--jsonl", "-")
    assert (status, len(out.splitlines())) == (0, 1)
    assert "Files skipped in folders: 1 hidden or system, 1 of another type." in err


def test_models_that_are_there_are_not_fetched_again(models_dir):
    out = io.StringIO()
    call_command("fetch_models", stdout=out)
    assert re.findall("^Already there: the model that (.*)$", out.getvalue(), re.MULTILINE) == [
        "finds faces in a photo",
        "finds the points of a face",
    ]


def test_where_a_model_comes_from_is_shown_on_request(models_dir):
    brief, detailed = io.StringIO(), io.StringIO()
    call_command("fetch_models", stdout=brief)
    call_command("fetch_models", stdout=detailed, verbosity=2)
    for model in model_files.ALL:
        assert model.name not in brief.getvalue()
        assert f"{model.name}, SHA-256 {model.sha256}" in detailed.getvalue()


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
