"""`manage.py analyze --save` in several processes, beside a server, and killed in the middle."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.patience import PATIENCE
from tests.processes import family
from tests.server.job_site import JobSite, eventually
from tests.sites import Site

pytestmark = pytest.mark.slow
COUNT = 32
STATES = "SELECT status, count(*) FROM landmarks_job GROUP BY status"
RESULTS = "SELECT count(*), count(DISTINCT photo_id) FROM landmarks_result"


@pytest.fixture
def many(images: Path, tmp_path: Path) -> Path:
    """Different photos."""
    folder = tmp_path / "many"
    folder.mkdir()
    with Image.open(images / "astronaut.jpg") as photo:
        for number in range(COUNT):
            photo.crop((0, 0, 512 - number, 512)).save(folder / f"{number:02}.jpg")
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
def job_site(request: pytest.FixtureRequest, tmp_path: Path, models_dir: Path) -> Iterator[JobSite]:
    settings = {"MODELS_DIR": str(models_dir), "PYTHONUNBUFFERED": "1", "HISTORY": "shared"}
    if request.param == "postgresql":
        settings["DATABASE_URL"] = request.getfixturevalue("database_url")
    site = JobSite(Site(tmp_path / "site", settings))
    yield site
    site.close()


def count(site: JobSite, statement: str) -> list[tuple[object, ...]]:
    with site.site.open_database() as database:
        return list(database.execute(statement).fetchall())


def test_a_killed_run_is_resumed_beside_the_server(job_site: JobSite, many: Path) -> None:
    job_site.open()
    command = ["manage.py", "analyze", str(many), "--save", "--owner", "ann", "--jobs", "2"]
    run = job_site.start(*command)
    eventually(lambda: dict(count(job_site, STATES)).get("done", 0) >= 4)
    processes = family(run.process.pid)
    run.process.send_signal(signal.SIGKILL)  # to the command alone
    run.process.wait(PATIENCE)
    # Its processes end by themselves.
    eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in processes))
    job_site.let_leases_end()
    done = job_site.site.manage(*command[1:], "--resume")
    assert done.returncode == 0, done.stderr
    assert f"{COUNT} of {COUNT} photos done" in done.stderr
    assert count(job_site, STATES) == [("done", COUNT)]
    assert count(job_site, RESULTS) == [(COUNT, COUNT)]
    (collection,) = job_site.request("GET", "/api/collections")["collections"]
    assert (collection["name"], collection["progress"], collection["counts"]["done"]) == ("many", 1.0, COUNT)
    again = job_site.site.manage(*command[1:], "--resume")
    assert f"0 photos analysed now, {COUNT} had been before." in again.stderr
