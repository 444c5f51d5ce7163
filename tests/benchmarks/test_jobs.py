"""Jobs while what they depend on fails: all of them must be done, once."""

import pytest

from benchmarks import jobs
from tests.benchmarks.conftest import report_of


@pytest.mark.slow
def test_no_job_is_lost_or_doubled_by_a_fault() -> None:
    report = report_of("jobs", "--jobs", 4, "--fault", "kill", "--times", 1)
    assert report["problems"] == []
    assert report["figures"]["jobs"]["all"]["done"]["median"] == 4


def test_lost_and_doubled_results_are_problems() -> None:
    done = {"status": "done", "result": "1", "attempts": 1, "error": None}
    failed = {"status": "failed", "result": None, "attempts": 4, "error": None}
    assert jobs.problems([done], 1) == []
    assert jobs.problems([done, done], 1)
    assert jobs.problems([done, done], 2)
    assert jobs.problems([done], 2)
    assert jobs.problems([None], 0)
    assert len(jobs.problems([failed], 0)) == 2
