"""The pages of the history, for a moment among few results; how fast they are is not tested."""

from benchmarks.history import find_problems
from benchmarks.report import milliseconds, single
from tests.benchmarks.conftest import report_of, run_benchmark


def test_requests_each_page_among_few_and_among_many(tmp_path):
    report = report_of("history", "--many", 2000, "--rounds", 1, DATA_DIR=str(tmp_path))
    pages = report["figures"]["pages"]
    assert set(pages) >= {"everything", "rare word", "no face, deep", "trigrams of many words"}
    assert "since a day, deep" not in pages
    for page in pages.values():
        assert set(page) == {"few", "many", "few_of_many", "many_ratio", "few_of_many_ratio"}
        assert page["few"]["runs"] == 1
    assert report["conditions"]["many"] == 2000
    assert not list(tmp_path.glob("*.sqlite3"))


def test_a_page_that_takes_too_much_longer_is_a_problem():
    row = {"few": milliseconds([0.01]), "many_ratio": single(1.0), "few_of_many_ratio": single(1.51)}
    (problem,) = find_problems({"everything": row | {"few_of_many_ratio": single(1.5)}, "one face": row})
    assert "“one face” takes 1.51 times as long" in problem


def test_many_must_be_a_multiple_of_few():
    done = run_benchmark("history", "--many", 1500)
    assert (done.returncode, done.stderr) == (2, "--many must be a multiple of 1000, not 1500.\n")
