"""Many requests at once: what costs money is done once, the rest is limited."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import pytest
from django.conf import LazySettings
from django.db import connection

from landmarks.core.errors import Busy
from landmarks.drawing.style import DEFAULT_STYLE
from landmarks.models import Result
from landmarks.runtime.concurrency import DETECTION, DRAWING, HOSTED_CALLS
from landmarks.runtime.limit import Limit
from landmarks.services import rendering, runs
from tests.patience import PATIENCE
from tests.rows import make_owner
from tests.runtime.limits import full
from tests.vendor import PLATFORM_TOKEN, TOKEN, Request, Vendor, look, refusal

AT_ONCE = 6


@pytest.fixture
def hosted(settings: LazySettings, vendor: Vendor) -> Vendor:
    settings.ACEDATA_API_TOKEN, settings.ACEDATA_API_URL = TOKEN, vendor.url
    settings.ACEDATA_PLATFORM_TOKEN, settings.ACEDATA_PLATFORM_URL = PLATFORM_TOKEN, vendor.platform_url
    return vendor


@pytest.fixture
def astronaut(images: Path, models_dir: Path) -> bytes:
    return (images / "astronaut.jpg").read_bytes()


def submit(data: bytes, engine: str = "local") -> Result:
    return runs.submit(data, "astronaut.jpg", make_owner(), runs.run_options(), engine)


def all_at_once(act: Callable[[], Result]) -> list[Result | Busy]:
    """What comes of so many threads that do it at the same moment."""
    start = Barrier(AT_ONCE)

    def run(_: int) -> Result | Busy:
        with closing(connection):
            start.wait(PATIENCE)
            try:
                return act()
            except Busy as exc:
                return exc

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


@pytest.fixture(params=["quick", "slow"])
def answering_vendor(request: pytest.FixtureRequest, hosted: Vendor) -> Vendor:
    """Answers at once, or only when a second call came in as well, for which it waits a moment."""
    second = Barrier(2)

    def wait_for_another(vendor: Vendor, call: Request) -> Iterable[bytes]:
        with suppress(BrokenBarrierError):  # as it should be: there was one call
            second.wait(1)
        return look(vendor, call)

    if request.param == "slow":
        hosted.answers(*[wait_for_another] * AT_ONCE)
    return hosted


@pytest.mark.django_db(transaction=True)
def test_simultaneous_runs_are_paid_once(astronaut: bytes, answering_vendor: Vendor) -> None:
    first = submit(astronaut)
    made = all_at_once(lambda: runs.run_again(first, "acedata", by=make_owner()))
    assert len(answering_vendor.requests) == 1
    assert Result.objects.filter(engine="acedata").count() == 1
    results = [each for each in made if isinstance(each, Result)]
    assert results
    assert {each.engine for each in results} == {"acedata"}


@pytest.mark.django_db
def test_a_run_that_failed_may_be_tried_again_and_again(astronaut: bytes, hosted: Vendor) -> None:
    first = submit(astronaut)
    hosted.answers(*[refusal(403, "used_up", "Your balance is not sufficient.")] * 2)
    assert [runs.run_again(first, "acedata", by=make_owner()).is_failed for _ in range(3)] == [True, True, False]
    assert len(hosted.requests) == 3


@pytest.mark.django_db
@pytest.mark.parametrize(("limit", "engine"), [(DETECTION, "local"), (HOSTED_CALLS, "acedata"), (DETECTION, "acedata")])
def test_a_photo_beyond_the_limit_is_rejected_and_nothing_stored(
    astronaut: bytes, hosted: Vendor, limit: Limit, engine: str
) -> None:
    with full(limit), pytest.raises(Busy):
        submit(astronaut, engine)
    assert not Result.objects.exists()
    assert not hosted.requests


@pytest.mark.django_db
def test_a_photo_is_read_when_it_has_its_slot(astronaut: bytes) -> None:
    """Until then its bytes need not be in memory."""
    in_memory: list[bool] = []

    def read() -> bytes:
        in_memory.append(bool(DETECTION._held))
        return astronaut

    def submit_later() -> Result:
        return runs.submit(read, "astronaut.jpg", make_owner(), runs.run_options(), "local")

    with full(DETECTION), pytest.raises(Busy):
        submit_later()
    assert in_memory == []
    assert not submit_later().is_failed
    assert in_memory == [True]


@pytest.mark.django_db
def test_waiting_for_the_vendor_keeps_nobody_from_the_embedded_engine(astronaut: bytes, hosted: Vendor) -> None:
    with full(HOSTED_CALLS):
        assert not submit(astronaut, "local").is_failed


@pytest.mark.django_db
def test_a_drawing_beyond_the_limit_is_rejected(astronaut: bytes) -> None:
    result = submit(astronaut)
    with full(DRAWING), pytest.raises(Busy):
        rendering.render_png(result, DEFAULT_STYLE)
    assert rendering.render_svg(result, DEFAULT_STYLE).startswith("<")
