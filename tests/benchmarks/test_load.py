"""Submitting and browsing for a moment: everything answered, nothing lost, nothing logged; and what counts as slow."""

import pytest

from benchmarks.load import Client, Cost, Load, cost_tables, distinct, find_slow, to_tables
from tests.benchmarks.conftest import report_of


def test_uploading_and_browsing_at_once_lose_nothing(models_dir):
    report = report_of("load", "--seconds", 3, "--uploading", 3, "--browsing", 3, "--rounds", 1)
    # A machine that is busy with other tests may be slow.
    assert [problem for problem in report["problems"] if not problem.startswith("Slow: ")] == []
    figures = report["figures"]
    assert figures["results"]["submitting"]["count"]["median"] == figures["responses"]["submitting"]["time"]["runs"] > 0
    assert figures["responses"]["browsing"]["time"]["runs"] > 0
    assert figures["cpu"]["submitting"]["cpu"]["median"] > figures["cpu"]["bare work"]["cpu"]["median"] > 0
    assert figures["ratio"]["submitting"]["ratio"]["runs"] == 1


def client(seconds, faults=()):
    return Client("http://127.0.0.1:1", None, seconds, ["/results/1/"] * len(seconds), list(faults))


def test_responses_of_all_clients_make_one_figure():
    load = Load(client([]), [client([0.2, 0.4]), client([0.3])], [client([0.1])])
    tables = to_tables(load, 2)
    time = tables["responses"].rows["submitting"]["time"]
    assert (time.min, time.median, time.max, time.runs) == (200, 300, 400, 3)
    assert tables["rate"].rows["submitting"]["rate"].median == 1.5
    assert tables["results"].rows["submitting"]["count"].median == 3


def test_unexpected_responses_of_any_client_are_faults():
    load = Load(client([], ["a"]), [client([], ["b"])], [client([], ["c"])])
    assert load.faults == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("page", "site", "expected"),
    [
        (0.4, 1.1, []),
        (0.6, 1.1, ["Slow: 5 % of the pages took 600 ms or more."]),
        (0.4, 1.2, ["Slow: a photo took 1.20 times the CPU time of the bare work."]),
    ],
)
def test_slow_pages_and_costly_photos_are_problems(page, site, expected):
    load = Load(client([]), [client([0.2])], [client([page])])
    assert find_slow(to_tables(load, 2) | cost_tables([Cost(site, 1.0)])) == expected


def test_no_photo_is_sent_twice():
    photos = distinct([b"one", b"two"])
    sent = [next(photos) for _ in range(6)]
    assert len(set(sent)) == 6
    assert [photo[:3] for photo in sent] == [b"one", b"two"] * 3
