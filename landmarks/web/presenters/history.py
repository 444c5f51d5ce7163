"""The history: its filters, and pages of results by day."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from landmarks.access import visibility
from landmarks.core.errors import Busy
from landmarks.core.traits import TURNED
from landmarks.engines.registry import ENGINES
from landmarks.http.history_query import FACE_FILTERS, LARGEST_FACE, HistoryQuery, as_query, owner_filter, start_of
from landmarks.models import Owner, Result
from landmarks.models.result import FaceCountBucket, Outcome
from landmarks.services import engines
from landmarks.storage import quota, search
from landmarks.storage.result_counts import Count, count_up_to_limit
from landmarks.storage.search import Filters
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

    def others(self) -> str:
        """The filters but the one of single results, as a query string."""
        return as_query([(name, value) for name, value in self.items() if name != "results"])

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
    """The results of one day on a page, and how many there are of it on all pages; None if that is not known."""

    name: str
    cards: list[Card]
    count: Count | None


@dataclass(frozen=True)
class Page:
    days: list[Day]
    older: str | None
    """The query of the next page; None at the end."""
    is_first: bool
    is_filtered: bool
    matching: Count | None = None
    """Results on all pages; None if that is not known, or the page has none."""
    total: Count | None = None
    """Results in the whole history."""
    newest: int | None = None
    """Position of the newest match, for a selection of all of them; None where that is this page."""

    @property
    def is_empty(self) -> bool:
        """Whether the whole history is empty."""
        return self.is_first and not (self.days or self.older or self.is_filtered)


def read_page(owner: Owner | None, form: FilterForm) -> Page:
    """One page, newest first; an invalid query has no results."""
    if not form.is_valid():
        return Page([], None, is_first=False, is_filtered=True)
    before, is_filtered = form.cleaned_data["before"], bool(form.items())
    visible = visibility.visible_results(owner)
    found = search.find_older(visible, owner_filter(owner), form.filters(), before, PAGE_SIZE)
    is_first, has_more = before is None, found.rest is not None
    counter = Counter(owner, form.filters())
    days = group_by_day(found.results, counter, starts_within_day=not is_first, ends_within_day=has_more)
    older = form.query_before(found.rest) if has_more else None
    if not days:
        return Page([], older, is_first, is_filtered)
    matching = Count(len(found.results)) if is_first and not has_more else counter.count()
    total = Counter(owner, Filters()).count() if is_filtered else matching
    newest = None
    if has_more or not is_first:
        newest = found.results[0].position if is_first else search.newest_position(visible)
    return Page(days, older, is_first, is_filtered, matching, total, newest)


@dataclass(frozen=True)
class Counter:
    """Counts the results of an owner that match the filters."""

    owner: Owner | None
    filters: Filters

    def count(self) -> Count | None:
        """None where that takes too long: a page is about its results."""
        try:
            return count_up_to_limit(visibility.visible_results(self.owner), owner_filter(self.owner), self.filters)
        except Busy as exc:
            logger.warning("Results are shown without their number: %s", exc.detail)
            return None

    def count_of_day(self, day: date) -> Count | None:
        filters = replace(self.filters, since=start_of(day), until=start_of(day + timedelta(days=1)))
        return replace(self, filters=filters).count()


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


def group_by_day(
    results: Sequence[Result], counter: Counter, *, starts_within_day: bool, ends_within_day: bool
) -> list[Day]:
    """Only the first day and the last can have more results on other pages, which are counted."""
    groups = [(day, list(group)) for day, group in groupby(results, key=lambda each: local_day(each.created))]
    last = len(groups) - 1
    return [
        Day(
            day_name(day),
            [Card(each, time_name(each.created), short_engine_label(each.engine)) for each in group],
            counter.count_of_day(day)
            if (starts_within_day and index == 0) or (ends_within_day and index == last)
            else Count(len(group)),
        )
        for index, (day, group) in enumerate(groups)
    ]
