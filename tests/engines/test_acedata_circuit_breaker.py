"""The breaker breaker: calls of a service that is down stop, and are tried again after a while."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from landmarks.core.errors import HostedError
from landmarks.engines.acedata.circuit_breaker import FAILURE_LIMIT, OPEN_SECONDS, CircuitBreaker
from tests.engines.hosted import ALL, QUICK, a_photo, an_engine, at_address
from tests.ports import free_port
from tests.vendor import Vendor, analysis, answering, drop, refusal


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def opened(clock: Clock) -> CircuitBreaker:
    breaker = CircuitBreaker(clock)
    for _ in range(FAILURE_LIMIT):
        breaker.record(is_failure=True)
    return breaker


def test_opens_at_the_limit_and_reports_for_how_long() -> None:
    clock = Clock()
    breaker = opened(clock)
    assert breaker.acquire() == OPEN_SECONDS
    clock.now += 45
    assert breaker.acquire() == breaker.seconds_open() == OPEN_SECONDS - 45


def test_an_answer_resets_the_count() -> None:
    breaker = CircuitBreaker(Clock())
    for _ in range(3):
        for _ in range(FAILURE_LIMIT - 1):
            breaker.record(is_failure=True)
        breaker.record(is_failure=False)
    assert breaker.acquire() == 0


def test_then_lets_one_call_through_whatever_becomes_of_it() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += OPEN_SECONDS
    with ThreadPoolExecutor(8) as threads:
        claims = list(threads.map(lambda _: breaker.acquire(), range(40)))
    assert claims.count(0) == 1
    clock.now += OPEN_SECONDS
    assert breaker.acquire() == 0


@pytest.mark.parametrize(("is_failure", "left"), [(True, OPEN_SECONDS), (False, 0)])
def test_the_outcome_of_that_call_decides(is_failure: bool, left: float) -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += OPEN_SECONDS
    breaker.acquire()
    breaker.record(is_failure=is_failure)
    assert breaker.acquire() == left


def failure(engine, photo) -> HostedError:
    with pytest.raises(HostedError) as caught:
        engine.find(photo, ALL)
    return caught.value


def test_five_failures_in_a_row_stop_calls(vendor: Vendor) -> None:
    vendor.answers(*[refusal(500, "api_error", "no")] * 9)
    engine = an_engine(vendor)
    codes = [failure(engine, at_address(vendor)).code for _ in range(3)]
    assert codes == ["hosted_down", "hosted_down", "hosted_circuit_open"]
    assert len(vendor.requests) == 5
    error = failure(engine, at_address(vendor))
    assert "stopped calling it for 1 minute" in error.message
    assert error.status == 503


def test_no_photo_is_uploaded_while_calls_are_stopped(vendor: Vendor) -> None:
    vendor.answers(*[refusal(500, "api_error", "no")] * 5)
    engine = an_engine(vendor)
    for _ in range(2):
        failure(engine, at_address(vendor))
    assert failure(engine, a_photo()).code == "hosted_circuit_open"
    assert vendor.uploads == []


@pytest.mark.parametrize(
    "answer",
    [
        refusal(401, "invalid_token", "no"),
        refusal(403, "used_up", "no"),
        refusal(429, "too_many_requests", "no"),
        refusal(500, "api_error", "No face detected."),
        refusal(500, "api_error", "FailedOperation.ImageDecodeFailed"),
        refusal(400, "busy", "no"),
        answering({}),
    ],
    ids=range(7),
)
def test_other_responses_do_not_count_as_an_outage(vendor: Vendor, answer: bytes) -> None:
    vendor.answers(*[answer] * 8)
    engine = an_engine(vendor, replace(QUICK, tries=1))
    for _ in range(8):
        try:
            engine.find(at_address(vendor), ALL)
        except HostedError as error:
            assert error.code != "hosted_circuit_open"
    assert len(vendor.requests) == 8


def test_lost_responses_and_refused_connections_count(vendor: Vendor) -> None:
    vendor.answers(*[drop] * 8)
    lost = an_engine(vendor)
    assert [failure(lost, at_address(vendor)).code for _ in range(6)][-1] == "hosted_circuit_open"
    assert len(vendor.requests) == 5
    closed = an_engine(vendor, api_url=f"http://127.0.0.1:{free_port()}")
    assert [failure(closed, at_address(vendor)).code for _ in range(3)][-1] == "hosted_circuit_open"


@pytest.mark.parametrize(("is_elsewhere", "last"), [(True, "hosted_timeout"), (False, "hosted_circuit_open")])
def test_timeouts_of_photos_on_other_servers_do_not_count(vendor: Vendor, is_elsewhere: bool, last: str) -> None:
    vendor.answers(*[refusal(504, "timeout", "It took too long.")] * 8)
    engine = an_engine(vendor, replace(QUICK, tries=1))
    photo = at_address(vendor) if is_elsewhere else a_photo()
    assert [failure(engine, photo).code for _ in range(6)][-1] == last


def test_each_service_has_a_breaker_of_its_own(vendor: Vendor) -> None:
    vendor.upload_answers(*[refusal(500, "api_error", "no")] * 6)
    vendor.answers(answering(analysis(300, 200, [])))
    engine = an_engine(vendor)
    assert [failure(engine, a_photo()).code for _ in range(3)][-1] == "hosted_circuit_open"
    assert engine.find(at_address(vendor), ALL).faces == ()
    assert len(vendor.uploads) == 5
