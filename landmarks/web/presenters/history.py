"""The history: its filters, and pages of results by day."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from landmarks.access import visibility
from landmarks.core.errors import Busy
from landmarks.core.traits import TURNED
from landmarks.engines.registry import ENGINES
from landmarks.http.history_query import FACE_FILTERS, LARGEST_FACE, HistoryQuery, owner_filter
from landmarks.models import Owner, Result
from landmarks.models.result import FaceCountBucket, Outcome
from landmarks.services import engines
from landmarks.storage import quota, search
from landmarks.web.presenters.text import day_name, local_day, short_day, short_engine_label, time_name

logger = logging.getLogger(__name__)

PAGE_SIZE = 30
FACE_FILTERS_IN_SHORT = {"has_guessed": "Guessed", "has_turned": "Turned", "smaller_than": "Below {} px"}
SHOWN_FROM = 0.8
"""Of the quota: from here on the page shows how much is used."""


class FilterForm(HistoryQuery):
    """The history's filters, with the options that its page shows."""

    turned_degrees, largest_face = round(TURNED), LARGEST_FACE

    def counts(self) -> list[tuple[str, str]]:
        return list(FaceCountBucket.choices)

    def states(self) -> list[tuple[str, str]]:
        return list(Outcome.choices)

    def engines(self) -> list[tuple[str, str]]:
        """The available ones and the one in the query."""
        names = dict.fromkeys((*engines.engine_names(), *filter(ENGINES.__contains__, [self["engine"].value()])))
        return [(name, short_engine_label(name)) for name in names]

    def face_filters(self) -> list[str]:
        """Those of the valid filters of faces that are set, in short."""
        chosen = {name: self.cleaned_data.get(name) for name in FACE_FILTERS}
        return [FACE_FILTERS_IN_SHORT[name].format(value) for name, value in chosen.items() if value]

    def days(self) -> str:
        """The range of days, or as much of it as is valid, in short."""
        since, until = (self.cleaned_data.get(name) for name in ("since", "until"))
        if since and until:
            return short_day(since) if since == until else f"{short_day(since)} – {short_day(until)}"
        if since:
            return f"Since {short_day(since)}"
        return f"Until {short_day(until)}" if until else "Any date"


@dataclass(frozen=True)
class Card:
    """A result in the history."""

    result: Result
    time: str
    engine: str


@dataclass(frozen=True)
class Day:
    """The results of one day; `count` is None if other pages may have more of it."""

    name: str
    cards: list[Card]
    count: int | None


@dataclass(frozen=True)
class Page:
    days: list[Day]
    older: str | None
    """The query of the next page; None at the end."""
    is_first: bool
    is_filtered: bool

    @property
    def is_empty(self) -> bool:
        """Whether the whole history is empty."""
        return self.is_first and not (self.days or self.older or self.is_filtered)


def read_page(owner: Owner | None, form: FilterForm) -> Page:
    """One page, newest first; an invalid query has no results."""
    if not form.is_valid():
        return Page([], None, is_first=False, is_filtered=True)
    before = form.cleaned_data["before"]
    found = search.find_older(visibility.visible_results(owner), owner_filter(owner), form.filters(), before, PAGE_SIZE)
    is_first, has_more = before is None, found.rest is not None
    days = group_by_day(found.results, starts_within_day=not is_first, ends_within_day=has_more)
    return Page(days, form.query_before(found.rest) if has_more else None, is_first, is_filtered=bool(form.items()))


def storage_used(owner: Owner | None) -> str:
    """How much of its quota the owner uses, such as "1.7 of 2 GB used"; empty while there is plenty left."""
    limit = quota.max_bytes()
    if owner is None or limit is None or owner.stored_bytes < SHOWN_FROM * limit:
        return ""
    unit, name = (2**30, "GB") if limit >= 2**30 else (2**20, "MB")
    used, whole = (f"{count / unit:.1f}".removesuffix(".0") for count in (owner.stored_bytes, limit))
    return f"{used} of {whole} {name} used"


@dataclass(frozen=True)
class Neighbours:
    newer: Result | None
    older: Result | None


def neighbours(owner: Owner | None, result: Result, form: FilterForm) -> Neighbours:
    """The results before and after this one, among those that match the filters.

    Without them where that search takes too long: the page is about this result.
    """
    visible, filters = visibility.visible_results(owner), form.filters()
    try:
        return Neighbours(
            *(
                search.find_next(visible, owner_filter(owner), filters, result.position, is_newer=is_newer)
                for is_newer in (True, False)
            )
        )
    except Busy as exc:
        logger.warning("A result is shown without its neighbours: %s", exc.detail)
        return Neighbours(None, None)


def group_by_day(results: Sequence[Result], *, starts_within_day: bool, ends_within_day: bool) -> list[Day]:
    groups = [(day, list(group)) for day, group in groupby(results, key=lambda each: local_day(each.created))]
    last = len(groups) - 1
    return [
        Day(
            day_name(day),
            [Card(each, time_name(each.created), short_engine_label(each.engine)) for each in group],
            None if (starts_within_day and index == 0) or (ends_within_day and index == last) else len(group),
        )
        for index, (day, group) in enumerate(groups)
    ]
