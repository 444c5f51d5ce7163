"""Submitting and browsing for a moment: everything answered, nothing lost, nothing logged."""

from benchmarks.load import Client, Load, to_tables
from tests.benchmarks.conftest import report_of


def test_uploading_and_browsing_at_once_lose_nothing(models_dir):
    report = report_of("load", "--seconds", 3, "--browsing", 3)
    assert report["problems"] == []
    figures = report["figures"]
    assert figures["results"]["submitting"]["count"]["median"] == figures["responses"]["submitting"]["time"]["runs"] > 0
    assert figures["responses"]["browsing"]["time"]["runs"] > 0


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
