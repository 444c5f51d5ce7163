"""Event streams of a running site: each event is sent at once, pages go on beside them, and a stop ends them."""

import json
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import requests

from landmarks.runtime.concurrency import EVENT_STREAMS
from tests.patience import PATIENCE
from tests.server.job_site import JobSite, running_site
from tests.server.running import running
from tests.vendor import PLATFORM_TOKEN, TOKEN, Request, Vendor, look


def test_each_event_is_sent_at_once() -> None:
    is_read = Event()

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Type", "text/event-stream")])
        yield b"data: 1\n\n"
        assert is_read.wait(PATIENCE)
        yield b"data: 2\n\n"

    with running(application) as site, site.connect(b"GET / HTTP/1.0\r\n\r\n") as client, client.makefile("rb") as file:
        while file.readline() != b"data: 1\n":
            pass
        is_read.set()
        assert file.read() == b"\ndata: 2\n\n"


@pytest.fixture
def may_answer() -> Event:
    return Event()


@pytest.fixture
def job_site(tmp_path: Path, models_dir: Path, vendor: Vendor, may_answer: Event) -> Iterator[JobSite]:
    """Whose hosted engine waits."""

    def wait(vendor: Vendor, request: Request) -> Iterable[bytes]:
        may_answer.wait(PATIENCE)
        return look(vendor, request)

    vendor.answers(wait)
    hosted = {"ACEDATA_API_URL": vendor.url, "ACEDATA_API_TOKEN": TOKEN, "FETCH_ALLOW_NETWORKS": "127.0.0.0/8"}
    hosted |= {"ACEDATA_PLATFORM_URL": vendor.platform_url, "ACEDATA_PLATFORM_TOKEN": PLATFORM_TOKEN}
    yield from running_site(None, tmp_path, models_dir, **hosted)


@contextmanager
def stream(job_site: JobSite, job: str) -> Iterator[Iterator[str]]:
    """The lines that come."""
    with requests.Session() as session:
        session.trust_env = False
        headers = {"Authorization": f"Bearer {job_site.token}"}
        url = f"{job_site.address}{job}/events"
        with session.get(url, headers=headers, stream=True, timeout=PATIENCE) as response:
            assert response.headers["Content-Type"] == "text/event-stream"
            assert "Content-Encoding" not in response.headers
            yield response.iter_lines(chunk_size=1, decode_unicode=True)


def next_state(lines: Iterator[str]) -> Any:
    return next((json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")), None)


def test_streams_hold_up_no_page_and_end_with_the_job(job_site: JobSite, images: Path, may_answer: Event) -> None:
    job_site.open()
    job = job_site.submit(images / "rocket.jpg", engine="acedata")
    with ExitStack() as stack:
        streams = [stack.enter_context(stream(job_site, job)) for _ in range(EVENT_STREAMS.share + 2)]
        states = [next_state(lines) for lines in streams]
        assert {state["id"] for state in states} == {job.rpartition("/")[2]}
        assert [next_state(lines) for lines in streams[EVENT_STREAMS.share :]] == [None, None]
        assert job_site.poll(job)["status"] in ("queued", "running")
        may_answer.set()
        for lines in streams[: EVENT_STREAMS.share]:
            *_, last = iter(lambda lines=lines: next_state(lines), None)  # type: ignore[misc]
            assert last["status"] == "done"
            assert last == job_site.poll(job)


def test_a_stop_ends_them(job_site: JobSite, images: Path, may_answer: Event) -> None:
    server = job_site.open()
    job = job_site.submit(images / "rocket.jpg", engine="acedata")
    with stream(job_site, job) as lines:
        assert next_state(lines)
        server.process.send_signal(signal.SIGTERM)
        assert all(state["status"] in ("queued", "running") for state in iter(lambda: next_state(lines), None))
    may_answer.set()
    assert server.process.wait(PATIENCE) == 0
