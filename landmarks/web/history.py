"""The history: pages of results under the days that they fall on, and where each page goes on."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

from landmarks.models import Result, ResultQuerySet
from landmarks.web.words import day_name, engine_word, local_day, time_name

PAGE_SIZE = 30
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


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
    """The cursor from which older results follow; None at the end."""


def read_page(seen: ResultQuerySet, before: str | None) -> Page:
    """One page, newest first; raise ValueError for a cursor that is none."""
    results = seen.newest_first()
    if before is not None:
        results = results.older_than(*read_cursor(before))
    found = list(results[: PAGE_SIZE + 1])
    shown, has_more = found[:PAGE_SIZE], len(found) > PAGE_SIZE
    return Page(
        group_by_day(shown, is_first_cut=before is not None, is_last_cut=has_more),
        write_cursor(shown[-1]) if has_more else None,
    )


@dataclass(frozen=True)
class Neighbours:
    newer: Result | None
    older: Result | None


def neighbours(seen: ResultQuerySet, result: Result) -> Neighbours:
    """The results before and after this one in the history."""
    place = result.created, result.id
    return Neighbours(
        newer=seen.newer_than(*place).oldest_first().first(),
        older=seen.older_than(*place).newest_first().first(),
    )


def write_cursor(result: Result) -> str:
    """The place of a result in the history: microseconds since 1970 and its id."""
    return f"{(result.created - EPOCH) // MICROSECOND}-{result.id.hex}"


def read_cursor(text: str) -> tuple[datetime, uuid.UUID]:
    moment, _, id = text.partition("-")
    try:
        return EPOCH + int(moment) * MICROSECOND, uuid.UUID(hex=id)
    except (ValueError, OverflowError) as exc:
        raise ValueError(f"{text!r} is no place in the history") from exc


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
