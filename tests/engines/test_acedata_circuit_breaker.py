"""The circuit: a service that is down is left alone, and tried again after a while."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from landmarks.core.errors import HostedError
from landmarks.engines.acedata.circuit_breaker import LIMIT, SECONDS, Circuit
from tests.engines.hosted import ALL, QUICK, a_photo, an_engine, at_address
from tests.ports import free_port
from tests.vendor import Vendor, analysis, answering, drop, refusal


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def broken(clock: Clock) -> Circuit:
    circuit = Circuit(clock)
    for _ in range(LIMIT):
        circuit.note(is_failure=True)
    return circuit


def test_stops_calls_after_the_limit_and_says_for_how_long() -> None:
    clock = Clock()
    circuit = broken(clock)
    assert circuit.claim() == SECONDS
    clock.now += 45
    assert circuit.claim() == circuit.seconds_left() == SECONDS - 45


def test_an_answer_ends_the_count() -> None:
    circuit = Circuit(Clock())
    for _ in range(3):
        for _ in range(LIMIT - 1):
            circuit.note(is_failure=True)
        circuit.note(is_failure=False)
    assert circuit.claim() == 0


def test_then_lets_one_through_whatever_becomes_of_it() -> None:
    clock = Clock()
    circuit = broken(clock)
    clock.now += SECONDS
    with ThreadPoolExecutor(8) as threads:
        claims = list(threads.map(lambda _: circuit.claim(), range(40)))
    assert claims.count(0) == 1
    clock.now += SECONDS
    assert circuit.claim() == 0


@pytest.mark.parametrize(("is_failure", "left"), [(True, SECONDS), (False, 0)])
def test_that_one_decides(is_failure: bool, left: float) -> None:
    clock = Clock()
    circuit = broken(clock)
    clock.now += SECONDS
    circuit.claim()
    circuit.note(is_failure=is_failure)
    assert circuit.claim() == left


def failure(engine, photo) -> HostedError:
    with pytest.raises(HostedError) as caught:
        engine.find(photo, ALL)
    return caught.value


def test_five_failures_in_a_row_stop_the_calls(vendor: Vendor) -> None:
    vendor.answers(*[refusal(500, "api_error", "no")] * 9)
    engine = an_engine(vendor)
    codes = [failure(engine, at_address(vendor)).code for _ in range(3)]
    assert codes == ["hosted_down", "hosted_down", "hosted_circuit_open"]
    assert len(vendor.requests) == 5
    error = failure(engine, at_address(vendor))
    assert "facesite stopped calling it for 60 seconds" in error.message
    assert error.status == 503


def test_a_stopped_service_is_sent_no_photo(vendor: Vendor) -> None:
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
def test_other_answers_are_no_sign_of_a_service_that_is_down(vendor: Vendor, answer: bytes) -> None:
    vendor.answers(*[answer] * 8)
    engine = an_engine(vendor, replace(QUICK, tries=1))
    for _ in range(8):
        try:
            engine.find(at_address(vendor), ALL)
        except HostedError as error:
            assert error.code != "hosted_circuit_open"
    assert len(vendor.requests) == 8


def test_lost_answers_and_closed_doors_count(vendor: Vendor) -> None:
    vendor.answers(*[drop] * 8)
    lost = an_engine(vendor)
    assert [failure(lost, at_address(vendor)).code for _ in range(6)][-1] == "hosted_circuit_open"
    assert len(vendor.requests) == 5
    closed = an_engine(vendor, api_url=f"http://127.0.0.1:{free_port()}")
    assert [failure(closed, at_address(vendor)).code for _ in range(3)][-1] == "hosted_circuit_open"


@pytest.mark.parametrize(("is_elsewhere", "last"), [(True, "hosted_timeout"), (False, "hosted_circuit_open")])
def test_photos_at_slow_addresses_of_strangers_stop_nobody(vendor: Vendor, is_elsewhere: bool, last: str) -> None:
    vendor.answers(*[refusal(504, "timeout", "It took too long.")] * 8)
    engine = an_engine(vendor, replace(QUICK, tries=1))
    photo = at_address(vendor) if is_elsewhere else a_photo()
    assert [failure(engine, photo).code for _ in range(6)][-1] == last


def test_each_service_has_a_circuit_of_its_own(vendor: Vendor) -> None:
    vendor.upload_answers(*[refusal(500, "api_error", "no")] * 6)
    vendor.answers(answering(analysis(300, 200, [])))
    engine = an_engine(vendor)
    assert [failure(engine, a_photo()).code for _ in range(3)][-1] == "hosted_circuit_open"
    assert engine.find(at_address(vendor), ALL).faces == ()
    assert len(vendor.uploads) == 5
