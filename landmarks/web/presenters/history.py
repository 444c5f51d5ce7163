"""The history: pages of results under the days that they fall on, and where each page goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils import timezone

from landmarks.access import visibility
from landmarks.engines.registry import ENGINES
from landmarks.http.history_query import HistoryQuery, owner_sought
from landmarks.models import Result
from landmarks.models.result import Crowd, State
from landmarks.services import engines
from landmarks.storage import search
from landmarks.web.presenters.text import day_name, engine_word, local_day, time_name

PAGE_SIZE = 30


class FilterForm(HistoryQuery):
    """The query of the history with the choices that its page shows."""

    def counts(self) -> list[tuple[str, str]]:
        return list(Crowd.choices)

    def states(self) -> list[tuple[str, str]]:
        return list(State.choices)

    def engines(self) -> list[tuple[str, str]]:
        """Those that can be chosen here, and the one that is looked for."""
        names = dict.fromkeys((*engines.engine_names(), *filter(ENGINES.__contains__, [self["engine"].value()])))
        return [(name, engine_word(name)) for name in names]

    def days(self) -> str:
        """The days in a word or two, where they can be read."""
        since, until = (self.cleaned_data.get(name) for name in ("since", "until"))
        if since and until:
            return day_short(since) if since == until else f"{day_short(since)} – {day_short(until)}"
        if since:
            return f"Since {day_short(since)}"
        return f"Until {day_short(until)}" if until else "Any date"


def day_short(day: date) -> str:
    this_year = timezone.localdate().year
    return f"{day.day} {day:%b}" if day.year == this_year else f"{day.day} {day:%b %Y}"


@dataclass(frozen=True)
class Card:
    """A result as it stands in the history."""

    result: Result
    time: str
    engine: str


@dataclass(frozen=True)
class Day:
    """The results of one day; the count is None where the day goes on over the edge of the page."""

    name: str
    cards: list[Card]
    count: int | None


@dataclass(frozen=True)
class Page:
    days: list[Day]
    older: str | None
    """The query of the page with older results; None at the end."""
    is_first: bool
    is_filtered: bool

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all in the history."""
        return self.is_first and not (self.days or self.older or self.is_filtered)


def read_page(owner: str | None, form: FilterForm) -> Page:
    """One page, newest first; without results where the query was refused."""
    if not form.is_valid():
        return Page([], None, is_first=False, is_filtered=True)
    before = form.cleaned_data["before"]
    found = search.find_older(visibility.results_seen_by(owner), owner_sought(owner), form.wanted(), before, PAGE_SIZE)
    is_first, has_more = before is None, found.rest is not None
    days = group_by_day(found.results, is_first_cut=not is_first, is_last_cut=has_more)
    return Page(days, form.query_before(found.rest) if has_more else None, is_first, is_filtered=bool(form.items()))


@dataclass(frozen=True)
class Neighbours:
    newer: Result | None
    older: Result | None


def neighbours(owner: str | None, result: Result, form: FilterForm) -> Neighbours:
    """The results before and after this one among those that are looked for."""
    seen, wanted = visibility.results_seen_by(owner), form.wanted()
    return Neighbours(
        *(
            search.find_next(seen, owner_sought(owner), wanted, result.place, is_newer=is_newer)
            for is_newer in (True, False)
        )
    )


def group_by_day(results: Sequence[Result], *, is_first_cut: bool, is_last_cut: bool) -> list[Day]:
    groups = [(day, list(group)) for day, group in groupby(results, key=lambda each: local_day(each.created))]
    last = len(groups) - 1
    return [
        Day(
            day_name(day),
            [Card(each, time_name(each.created), engine_word(each.engine)) for each in group],
            None if (is_first_cut and place == 0) or (is_last_cut and place == last) else len(group),
        )
        for place, (day, group) in enumerate(groups)
    ]
