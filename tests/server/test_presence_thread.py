"""Processes that run jobs are shown to operators for as long as they are there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.patience import PATIENCE
from tests.server.job_site import EXECUTORS, JobSite, eventually, running_site


@pytest.fixture(params=EXECUTORS[:2])
def job_site(request: pytest.FixtureRequest, tmp_path: Path, models_dir: Path) -> Iterator[JobSite]:
    yield from running_site(request.param, tmp_path, models_dir, METRICS="on")


def test_a_worker_is_shown_until_it_ends(job_site: JobSite) -> None:
    executor = "celery" if job_site.broker else "threads"

    def shown(number: int) -> bool:
        page = requests.get(f"{job_site.address}/metrics", timeout=PATIENCE).text
        return f'facesite_workers{{executor="{executor}"}} {number}.0' in page

    first = job_site.open()
    eventually(lambda: shown(1))
    job_site.work()
    eventually(lambda: shown(2))
    first.stop()
    eventually(lambda: shown(1))
    page = requests.get(f"{job_site.address}/status/", timeout=PATIENCE).text
    assert f"<td>{executor}</td>" in page
