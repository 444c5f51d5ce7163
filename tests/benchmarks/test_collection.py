"""Thousands of photos as a collection, with few of them."""

from benchmarks.collection import Sample, wrong
from tests.benchmarks.conftest import report_of

STATES = {"done": 0, "none": 0, "running": 0, "queued": 0, "failed": 0, "cancelled": 0}


def test_each_photo_is_analysed_once_and_the_numbers_are_right_at_every_moment() -> None:
    report = report_of("collection", "--photos", 6)
    assert [each for each in report["problems"] if "memory" not in each] == []
    runs = report["figures"]["runs"]
    assert {name: row["done"]["median"] for name, row in runs.items()} == {"first": 6, "second": 6}
    assert report["figures"]["results"]["both runs"]["count"]["median"] == 6


def sample(total: int, sent: tuple[int, int] = (0, 9), **counts: int) -> Sample:
    return Sample(sent, total, {**STATES, **counts}, 1)


def test_numbers_that_cannot_be_are_found() -> None:
    assert wrong([sample(2, done=1, queued=1), sample(2, done=2)]) == []
    assert "add up" in wrong([sample(3, done=1, queued=1)])[0]
    assert "add up" in wrong([sample(0, done=1, queued=-1)])[0]
    assert "as many photos" in wrong([sample(1, sent=(2, 3), done=1)])[0]
    assert "Fewer" in wrong([sample(2, done=2), sample(2, done=1, queued=1)])[0]


def test_the_pages_of_both_collections_are_measured() -> None:
    report = report_of("collection-pages", "--many", 1000, "--rounds", 1)
    pages = report["figures"]["pages"]
    assert set(pages) >= {"the list", "page", "page ?state=failed"}
    assert all(row["few"]["median"] > 0 and row["many_ratio"]["median"] > 0 for row in pages.values())
