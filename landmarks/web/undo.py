"""The last deletion of a browser, which can be undone for a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone

from landmarks.runtime.periods import is_over
from landmarks.storage.deletion import UNDO

KEY = "undo"


@dataclass(frozen=True)
class Undo:
    """A deletion: the moment by which its results are found again, and how many there are."""

    moment: str
    count: int
    seconds: int
    """Whole seconds left."""


def remember(request: HttpRequest, now: datetime, count: int) -> None:
    request.session[KEY] = now.isoformat(), count


def forget(request: HttpRequest) -> None:
    request.session.pop(KEY, None)


def last_deletion(request: HttpRequest) -> Undo | None:
    """None if nothing was deleted, or too long ago."""
    if KEY not in request.session:
        return None
    moment, count = request.session[KEY]
    began, now = datetime.fromisoformat(moment), timezone.now()
    if is_over(began, UNDO, now):
        forget(request)
        return None
    left = min(began + UNDO - now, UNDO)
    return Undo(moment, count, -(-left // timedelta(seconds=1)))
