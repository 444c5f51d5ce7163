"""Jobs while the server is killed: all of them must be done, once."""

from benchmarks import jobs
from tests.benchmarks.conftest import report_of


def test_no_job_is_lost_or_doubled_when_the_server_is_killed() -> None:
    report = report_of("jobs", "--jobs", 4, "--kills", 1)
    assert report["problems"] == []
    assert report["figures"]["jobs"]["all"]["done"]["median"] == 4


def test_lost_and_doubled_results_are_problems() -> None:
    done = {"status": "done", "result": "1", "attempts": 1, "error": None}
    failed = {"status": "failed", "result": None, "attempts": 4, "error": None}
    assert jobs.problems([done], ["1"], 1) == []
    assert jobs.problems([done, done], ["1", "1"], 1)
    assert jobs.problems([done], ["1"], 2)
    assert jobs.problems([None], [], 0)
    assert len(jobs.problems([failed], [], 0)) == 2
