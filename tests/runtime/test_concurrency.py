"""The table of limits: each can be reached, and none sends a photo away that has patience left."""

import pytest

from landmarks.core.errors import LandmarksError
from landmarks.core.messages import parameters_of
from landmarks.runtime import caller, concurrency
from landmarks.runtime.limit import ANY, Limit
from tests.runtime.limits import full

TABLE = {name: each for name, each in vars(concurrency).items() if isinstance(each, Limit)}


@pytest.mark.parametrize("name", TABLE)
def test_a_limit_that_is_reached_has_a_message(name: str) -> None:
    reached = TABLE[name]
    with full(reached), pytest.raises(LandmarksError) as caught, reached.slot():
        pytest.fail("there was one more")
    assert caught.value.code in ("busy", "engine_unavailable")
    assert not parameters_of(caught.value.message_id)


def test_a_server_has_threads_left_for_pages_when_everything_is_full() -> None:
    others = (concurrency.SEARCHING, concurrency.EXPORTING, concurrency.EVENT_STREAMS)
    assert concurrency.REQUESTS.at_once + sum(each.max_threads for each in others) == concurrency.MAX_THREADS
    assert concurrency.REQUESTS.queue == concurrency.EXPORTING.queue == concurrency.EVENT_STREAMS.queue == 0


NOT_FOR_PHOTOS = ("REQUESTS", "SEARCHING", "EXPORTING", "EVENT_STREAMS")


@pytest.mark.parametrize("name", [name for name in TABLE if name not in NOT_FOR_PHOTOS])
def test_nothing_that_a_photo_needs_refuses_it_before_its_patience_ends(name: str) -> None:
    assert TABLE[name].queue == ANY
    assert TABLE[name].seconds < caller.PATIENCE


def test_one_client_leaves_threads_to_others() -> None:
    assert concurrency.REQUESTS.share < concurrency.REQUESTS.at_once
