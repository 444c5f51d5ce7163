"""Jobs on each executor: done once, also when what runs them is killed or frozen in the middle."""

import signal
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Event

import pytest

from tests.patience import PATIENCE
from tests.postgresql import Cluster
from tests.server.job_site import EXECUTORS, JobSite, eventually, running_site
from tests.vendor import PLATFORM_TOKEN, TOKEN, Request, Vendor, look


def hosted(vendor: Vendor) -> dict[str, str]:
    """The settings of both engines."""
    api = {"ACEDATA_API_URL": vendor.url, "ACEDATA_API_TOKEN": TOKEN, "ENGINE": "local"}
    platform = {"ACEDATA_PLATFORM_URL": vendor.platform_url, "ACEDATA_PLATFORM_TOKEN": PLATFORM_TOKEN}
    return {**api, **platform, "FETCH_ALLOW_NETWORKS": "127.0.0.0/8"}


@pytest.fixture
def job_site(request: pytest.FixtureRequest, tmp_path: Path, models_dir: Path, vendor: Vendor) -> Iterator[JobSite]:
    yield from running_site(request.param, tmp_path, models_dir, **hosted(vendor))


@pytest.fixture
def cluster_site(
    request: pytest.FixtureRequest, tmp_path: Path, models_dir: Path, vendor: Vendor, own_cluster: Cluster
) -> Iterator[JobSite]:
    """With a database server of its own."""
    database = {"DATABASE_URL": own_cluster.make_database()}
    yield from running_site(request.param, tmp_path, models_dir, **hosted(vendor), **database)


@pytest.mark.parametrize("job_site", EXECUTORS, indirect=True)
def test_the_jobs_of_a_killed_process_are_done_once_by_the_next(job_site: JobSite, images: Path) -> None:
    executor = job_site.open()
    jobs = [job_site.submit(images / "astronaut.jpg", name=str(number)) for number in range(8)]
    eventually(lambda: job_site.poll(jobs[0])["finished"])
    executor.kill()
    job_site.work()
    job_site.let_leases_end()
    rows = job_site.wait_until_over(jobs)
    assert [row["status"] for row in rows] == ["done"] * 8
    assert {row["result"] for row in rows} == {result["id"] for result in job_site.results()}
    assert len({row["result"] for row in rows}) == 8
    assert all(row["attempts"] <= 2 for row in rows)


@pytest.mark.parametrize("job_site", EXECUTORS, indirect=True)
def test_the_late_answer_of_a_frozen_process_is_discarded(job_site: JobSite, images: Path, vendor: Vendor) -> None:
    is_called, may_answer = Event(), Event()

    def wait(vendor: Vendor, request: Request) -> Iterable[bytes]:
        is_called.set()
        may_answer.wait(PATIENCE)
        return look(vendor, request)

    vendor.answers(wait)
    executor = job_site.open()
    job = job_site.submit(images / "astronaut.jpg", engine="acedata")
    assert is_called.wait(PATIENCE)
    executor.signal(signal.SIGSTOP)
    may_answer.set()
    job_site.work()
    job_site.let_leases_end()
    (row,) = job_site.wait_until_over([job])
    assert (row["status"], row["attempts"]) == ("done", 2)
    executor.signal(signal.SIGCONT)
    executor.wait_for("result is discarded")
    assert [result["id"] for result in job_site.results()] == [row["result"]]
    assert job_site.poll(job) == row
    assert len(vendor.requests) == 2


@pytest.mark.parametrize("job_site", EXECUTORS, indirect=True)
def test_a_process_that_is_told_to_stop_finishes_the_job_that_it_has(
    job_site: JobSite, images: Path, vendor: Vendor
) -> None:
    is_called, may_answer = Event(), Event()

    def wait(vendor: Vendor, request: Request) -> Iterable[bytes]:
        is_called.set()
        may_answer.wait(PATIENCE)
        return look(vendor, request)

    vendor.answers(wait)
    executor = job_site.open()
    job = job_site.submit(images / "astronaut.jpg", engine="acedata")
    assert is_called.wait(PATIENCE)
    executor.process.send_signal(signal.SIGTERM)
    may_answer.set()
    assert executor.process.wait(PATIENCE) == 0
    if not job_site.broker:
        job_site.serve()
    row = job_site.poll(job)
    assert (row["status"], row["attempts"]) == ("done", 1)


@pytest.mark.parametrize("cluster_site", EXECUTORS, indirect=True)
def test_jobs_that_run_or_wait_while_the_database_is_killed_are_done_once(
    cluster_site: JobSite, own_cluster: Cluster, images: Path, vendor: Vendor
) -> None:
    is_called, may_answer = Event(), Event()

    def wait(vendor: Vendor, request: Request) -> Iterable[bytes]:
        is_called.set()
        may_answer.wait(PATIENCE)
        return look(vendor, request)

    vendor.answers(wait)
    cluster_site.open()
    jobs = [cluster_site.submit(images / "astronaut.jpg", engine="acedata", name=str(number)) for number in range(3)]
    assert is_called.wait(PATIENCE)
    own_cluster.stop()
    may_answer.set()
    own_cluster.start()
    cluster_site.let_leases_end()
    rows = cluster_site.wait_until_over(jobs)
    assert [row["status"] for row in rows] == ["done"] * 3
    assert sorted(row["result"] for row in rows) == sorted(result["id"] for result in cluster_site.results())
    assert len({row["result"] for row in rows}) == 3


@pytest.mark.parametrize("job_site", EXECUTORS[1:], indirect=True)
def test_a_broker_that_was_away_and_forgot_everything_loses_no_job(job_site: JobSite, images: Path) -> None:
    job_site.open()
    broker = job_site.broker
    assert broker
    broker.stop()
    jobs = [job_site.submit(images / "rocket.jpg", name=str(number)) for number in range(3)]
    broker.start()
    job_site.let_leases_end()
    rows = job_site.wait_until_over(jobs)
    assert [(row["status"], row["attempts"]) for row in rows] == [("done", 1)] * 3
    assert len(job_site.results()) == 3
