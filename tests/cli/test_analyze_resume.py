"""`manage.py analyze` after an earlier run: continued, or replaced on request."""

import csv
import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.cli.analyzing import usage

pytestmark = pytest.mark.usefixtures("models_dir")


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


def test_resuming_and_overwriting_exclude_one_another(images, tmp_path):
    with pytest.raises(CommandError, match="not allowed with"):
        call_command("analyze", str(images), "--jsonl", str(tmp_path / "x"), "--resume", "--overwrite")
