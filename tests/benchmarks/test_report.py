"""Figures with their spread, and the report that they make as JSON and as text."""

import json

import pytest

from benchmarks.report import Table, figure, make_report, milliseconds, single, to_json
from benchmarks.table import to_text

SPEED = Table("Time", "stage", {"decode": {"time": milliseconds([0.001, 0.003, 0.002])}})
SIZES = Table("Sizes", "photo", {"a_b.jpg": {"width": single(640, "px"), "recall": single(99.5, "%")}, "c": {}})


def test_a_figure_has_the_smallest_the_median_and_the_largest():
    assert (figure([4, 1, 3, 2], "x").min, figure([4, 1, 3, 2], "x").max) == (1, 4)
    assert milliseconds([0.001, 0.002, 0.003]).median == 2
    assert milliseconds([0.001] * 19 + [0.1]).p95 < 10
    assert milliseconds([0.001] * 19 + [0.1]).runs == 20


def test_nothing_measured_is_no_figure():
    with pytest.raises(ValueError, match="nothing was measured"):
        figure([], "ms")


def test_json_leads_from_table_to_row_to_figure():
    report = json.loads(json.dumps(to_json(make_report("engine", {"faces": 3}, {"speed": SPEED}, ["a note"]))))
    assert set(report) == {"benchmark", "date", "machine", "conditions", "figures", "notes", "problems"}
    time = {"unit": "ms", "min": 1, "median": 2, "p95": 2.9, "max": 3, "runs": 3}
    assert report["figures"] == {"speed": {"decode": {"time": time}}}
    assert (report["benchmark"], report["conditions"], report["notes"]) == ("engine", {"faces": 3}, ["a note"])
    assert report["machine"]["processor"]


def test_text_names_the_machine_and_the_conditions():
    text = to_text(make_report("engine", {"faces": 3}, {}))
    assert all(word in text for word in ("benchmark", "processor", "cores", "numpy", "faces"))


def test_a_table_of_one_quantity_shows_its_spread():
    lines = to_text(make_report("engine", {}, {"speed": SPEED})).splitlines()
    assert lines[-2].split() == ["stage", "median", "min", "p95", "max", "unit", "runs"]
    assert lines[-1].split() == ["decode", "2.00", "1.00", "2.90", "3.00", "ms", "3"]


def test_a_table_of_several_quantities_shows_a_column_for_each():
    lines = to_text(make_report("engine", {}, {"sizes": SIZES})).splitlines()
    assert lines[-3].split() == ["photo", "width", "px", "recall", "%"]
    assert [line.split() for line in lines[-2:]] == [["a_b.jpg", "640", "99.50"], ["c", "–", "–"]]


def test_what_was_measured_once_has_no_spread():
    table = Table("Results", "kind", {"made": {"count": single(7)}})
    assert to_text(make_report("load", {}, {"results": table})).splitlines()[-1].split() == ["made", "7"]


def test_long_tables_of_details_are_only_in_the_json():
    rows = {f"{number}.jpg": {"faces": single(1)} for number in range(13)}
    report = make_report("engine", {}, {"by_photo": Table("Details", "photo", rows, is_detail=True)})
    assert "Details" not in to_text(report)
    assert len(to_json(report)["figures"]["by_photo"]) == 13


def test_notes_and_problems_end_the_text():
    assert to_text(make_report("load", {}, {}, ["one"], ["two"])).endswith(
        "Notes\n-----\none\n\nProblems\n--------\ntwo\n"
    )
