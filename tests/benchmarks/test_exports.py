"""The benchmark of exports, on a few results; how fast they are is not tested."""

from benchmarks.exports import find_problems
from benchmarks.report import single
from tests.benchmarks.conftest import report_of


def test_measures_speed_and_memory() -> None:
    report = report_of("exports", "--results", 20, "--photos", 5, "--rounds", 1)
    assert set(report["figures"]["speed"]) >= {"csv-wide", "coco", "npz"}
    assert set(report["figures"]["memory"]) == {"csv-wide", "coco", "npz", "zip"}
    assert report["figures"]["memory"]["zip"]["size"]["median"] > 0.1


def test_what_is_too_slow_or_too_large_is_a_problem() -> None:
    speed = {"csv-wide": {"rate": single(1_999)}}
    memory = {name: {"memory": single(50)} for name in ("csv-wide", "coco", "npz")} | {"zip": {"memory": single(101)}}
    slow, large = find_problems(speed, memory)
    assert "1999 results a second" in slow and "zip takes 101 MB more" in large
