"""Server-sent events: the state of a job or collection at once, whenever it changes, and no longer than it is over."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from landmarks.http import event_stream
from landmarks.models import Job
from landmarks.runtime import caller
from landmarks.runtime.concurrency import EVENT_STREAMS
from tests.api.conftest import MakeToken, Program, error_of
from tests.api.test_collections import add, create
from tests.api.test_jobs import poll, queue, run_all

pytestmark = pytest.mark.django_db


class Passing:
    """Time that passes when it is waited for."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.meanwhile: list[Any] = []
        """What happens in each wait."""

    def wait(self, seconds: float) -> bool:
        self.waits.append(seconds)
        for happening in self.meanwhile[:1]:
            self.meanwhile = self.meanwhile[1:]
            happening()
        return len(self.waits) > 100

    def set(self) -> None:
        """Nothing listens."""


@pytest.fixture
def passing(monkeypatch: pytest.MonkeyPatch) -> Passing:
    passing = Passing()
    monkeypatch.setattr(event_stream, "_is_stopping", passing)
    return passing


def follow(program: Program, url: str, seen: str = "") -> HttpResponse:
    headers = {**program.headers(), **({"Last-Event-ID": seen} if seen else {})}
    return program.client.get(f"{url}/events", headers=headers)


def pieces(response: HttpResponse) -> list[str]:
    assert response.status_code == 200
    assert response["Content-Type"] == "text/event-stream"
    return b"".join(response.streaming_content).decode().split("\n\n")[:-1]


def events(response: HttpResponse) -> Iterator[tuple[str, Any]]:
    """Ids and states."""
    for piece in pieces(response):
        fields = dict(line.split(": ", 1) for line in piece.split("\n") if not line.startswith(":"))
        if "data" in fields:
            yield fields["id"], json.loads(fields["data"])


def test_a_job_is_followed_to_its_end(program: Program, images: Path, passing: Passing) -> None:
    job = queue(program, images / "rocket.jpg")
    passing.meanwhile = [lambda: None, run_all]
    (_, first), (last_id, last) = events(follow(program, job["url"]))
    assert (first, last["status"]) == (job, "done")
    assert last == poll(program, job)
    assert passing.waits == [event_stream.POLL] * 2 or max(passing.waits) > event_stream.POLL
    assert follow(program, job["url"], last_id).status_code == 204
    (again,) = events(follow(program, job["url"], "another"))
    assert again == (last_id, last)


def test_what_was_seen_is_not_sent_again(program: Program, images: Path) -> None:
    job = queue(program, images / "rocket.jpg")
    with full_streams():
        ((first, _),) = events(follow(program, job["url"]))
        assert list(events(follow(program, job["url"], first))) == []


def test_a_collection_is_followed_until_nothing_is_left(program: Program, images: Path, passing: Passing) -> None:
    collection = create(program)
    assert [state for _, state in events(follow(program, collection["url"]))] == [collection]
    add(program, collection, images / "rocket.jpg")
    passing.meanwhile = [run_all]
    states = [state for _, state in events(follow(program, collection["url"]))]
    assert [state["progress"] for state in states] == [0, 1]
    assert states[-1]["counts"]["none"] == 1


def full_streams() -> ExitStack:
    """All places are taken by others."""
    stack = ExitStack()
    for number in range(EVENT_STREAMS.at_once // EVENT_STREAMS.share):
        for _ in range(EVENT_STREAMS.share):
            with caller.working_for(f"other {number}"):
                stack.enter_context(EVENT_STREAMS.slot())
    return stack


def test_without_a_place_it_is_told_once_and_to_come_again_later(
    program: Program, images: Path, passing: Passing
) -> None:
    job = queue(program, images / "rocket.jpg")
    with full_streams():
        retry, state = pieces(follow(program, job["url"]))
    assert retry == f"retry: {event_stream.RETRY_IF_BUSY}"
    assert json.loads(state.split("data: ")[1]) == job
    assert passing.waits == []
    passing.meanwhile = [run_all]
    assert pieces(follow(program, job["url"]))[0] == f"retry: {event_stream.RETRY}"


def test_one_token_takes_no_more_than_its_share(program: Program, images: Path, passing: Passing) -> None:
    job = queue(program, images / "rocket.jpg")
    streams = [follow(program, job["url"]) for _ in range(EVENT_STREAMS.share + 1)]
    beginnings = [next(iter(stream.streaming_content)).decode() for stream in streams]
    retries = [event_stream.RETRY] * EVENT_STREAMS.share + [event_stream.RETRY_IF_BUSY]
    assert beginnings == [f"retry: {retry}\n\n" for retry in retries]
    for stream in streams:
        stream.close()


def test_a_stream_ends_after_a_while_and_shows_that_it_is_alive(
    program: Program, images: Path, passing: Passing, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, now = queue(program, images / "rocket.jpg"), 0.0

    def later() -> float:
        nonlocal now
        now += 1
        return now

    monkeypatch.setattr(event_stream, "time", SimpleNamespace(monotonic=later))
    _, state, *beats = pieces(follow(program, job["url"]))
    assert "data: " in state
    assert set(beats) == {":"}
    assert 0 < len(beats) <= event_stream.LONGEST / event_stream.HEARTBEAT
    assert now <= event_stream.LONGEST + 5


@pytest.mark.parametrize("kind", ["jobs", "collections"])
def test_what_is_somebody_elses_cannot_be_followed(
    program: Program, client: Client, make_token: MakeToken, images: Path, kind: str
) -> None:
    url = queue(program, images / "rocket.jpg")["url"] if kind == "jobs" else create(program)["url"]
    bob = Program(make_token("bob", rate="off"), client)
    for each in (url, f"/api/{kind}/{uuid4()}"):
        assert error_of(follow(bob, each)) == (404, "not_found")


def test_a_job_that_disappears_ends_its_stream(program: Program, images: Path, passing: Passing) -> None:
    job = queue(program, images / "rocket.jpg")
    passing.meanwhile = [lambda: Job.objects.all().delete()]
    assert len(list(events(follow(program, job["url"])))) == 1
