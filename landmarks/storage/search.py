"""How results are found again by day, faces, engine, state and words, at a cost that does not grow with the history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db import connection
from django.db.models import Q

from landmarks.models import Result, ResultQuerySet, first_place

LONG = 3
"""Characters of a word that the index knows; it is made of threes."""
LOOKED_AT = 10_000
"""Results among which one search looks where no index tells the next one; the next search goes on behind them."""
LOOKED_AT_FOR_WORDS = 2_000
TOGETHER = 500
"""Results that the index of words names at a time, once the first of them were not enough."""
LAST_PLACE = 2**63 - 1


@dataclass(frozen=True)
class Wanted:
    """What is looked for; whatever is empty or None may be anything."""

    words: tuple[str, ...] = ()
    """Each is in the name or in the note, in any case, also within another word."""
    since: datetime | None = None
    until: datetime | None = None
    """The first moment that is too late."""
    engine: str = ""
    state: str = ""
    crowd: str = ""

    def columns(self) -> dict[str, str]:
        named = {"engine": self.engine, "state": self.state, "crowd": self.crowd}
        return {name: value for name, value in named.items() if value}

    def is_long(self) -> bool:
        """Whether the index of words knows at least one of the words."""
        return any(len(word) >= LONG for word in self.words)


@dataclass(frozen=True)
class Way:
    """Which way through the history, and between which places, both left out."""

    low: int
    high: int
    is_newer: bool = False

    def walk(self, results: ResultQuerySet) -> ResultQuerySet:
        return self.sort(results.filter(place__gt=self.low, place__lt=self.high))

    def sort(self, results: ResultQuerySet) -> ResultQuerySet:
        return results.oldest_first() if self.is_newer else results.newest_first()

    def after(self, place: int) -> "Way":
        return Way(place, self.high, True) if self.is_newer else Way(self.low, place)

    def up_to(self, place: int) -> "Way":
        return Way(self.low, place + 1, True) if self.is_newer else Way(place - 1, self.high)


@dataclass(frozen=True)
class Found:
    results: list[Result]
    rest: int | None
    """The place behind which the search goes on; None where nothing is left to look at."""


def find_older(seen: ResultQuerySet, owner: str | None, wanted: Wanted, before: int | None, count: int) -> Found:
    """The newest of those that are wanted, or those before a place.

    `owner` is whose results alone may be seen; None where that is everybody's.
    """
    way = way_of(wanted)
    return find(seen, owner, wanted, way if before is None else Way(way.low, min(way.high, before)), count)


def find_next(seen: ResultQuerySet, owner: str | None, wanted: Wanted, place: int, *, is_newer: bool) -> Result | None:
    """The one beside a place, unless it lies too far away to be looked for."""
    way = way_of(wanted)
    low, high = (max(place, way.low), way.high) if is_newer else (way.low, min(place, way.high))
    return next(iter(find(seen, owner, wanted, Way(low, high, is_newer), 1).results), None)


def way_of(wanted: Wanted) -> Way:
    low = first_place(wanted.since) - 1 if wanted.since else 0
    high = first_place(wanted.until) if wanted.until else LAST_PLACE
    return Way(max(0, low), min(high, LAST_PLACE))


def find(seen: ResultQuerySet, owner: str | None, wanted: Wanted, way: Way, count: int) -> Found:
    columns = wanted.columns()
    results = with_words(seen.filter(**columns), wanted.words)
    is_by_words = wanted.is_long() and has_index(str(connection.settings_dict["NAME"]))
    if is_by_words and connection.vendor == "sqlite":
        return find_by_words(results, owner, wanted, way, count)
    if wanted.words and not is_by_words:
        return find_nearby(seen, results, way, count, LOOKED_AT_FOR_WORDS)
    if len(columns) > 1:
        return find_nearby(seen, results, way, count, LOOKED_AT)
    return cut(list(way.walk(results)[: count + 1]), count, None)


def find_nearby(seen: ResultQuerySet, results: ResultQuerySet, way: Way, count: int, looked_at: int) -> Found:
    """Look among so many of those that can be seen, whether they are wanted or not."""
    places = way.walk(seen).values_list("place", flat=True)
    last = next(iter(places[looked_at - 1 : looked_at]), None)
    nearby = way if last is None else way.up_to(last)
    return cut(list(nearby.walk(results)[: count + 1]), count, last)


def find_by_words(results: ResultQuerySet, owner: str | None, wanted: Wanted, way: Way, count: int) -> Found:
    """Go through what the index of words names, in the order of the history."""
    phrase = match(wanted.words, owner)
    found: list[Result] = []
    together, looked_at = count + 1, 0
    while len(found) <= count and looked_at < LOOKED_AT_FOR_WORDS:
        places = named_places(phrase, way, together)
        # Nothing of the way is repeated here: SQLite would walk it instead of looking the places up.
        found += way.sort(results.filter(place__in=places))
        if len(places) < together:
            return cut(found, count, None)
        way = way.after(places[-1])
        together, looked_at = TOGETHER, looked_at + together
    return cut(found, count, places[-1])


def cut(found: list[Result], count: int, rest: int | None) -> Found:
    """As many as were asked for; `rest` is where to go on if there are no more than that."""
    return Found(found[:count], found[count - 1].place if len(found) > count else rest)


# --- words -----------------------------------------------------------------------------------------------------------


def with_words(results: ResultQuerySet, words: Iterable[str]) -> ResultQuerySet:
    """In SQLite the index has found the long ones, in any case; its own comparison knows the case of ASCII only."""
    for word in words:
        if connection.vendor != "sqlite" or len(word) < LONG or not has_index(str(connection.settings_dict["NAME"])):
            results = results.filter(Q(name__icontains=word) | Q(note__icontains=word))
    return results


def match(words: Iterable[str], owner: str | None) -> str:
    """The question to the index: each long word as a phrase, and the owner by its last characters."""
    phrases = " AND ".join(map(quoted, (word for word in words if len(word) >= LONG)))
    wanted = f"{{name note}} : ({phrases})"
    return wanted if owner is None else f"owner : {quoted(f'  {owner}'[-3:])} AND {wanted}"


NAMED_OLDER = """SELECT rowid FROM landmarks_words
WHERE landmarks_words MATCH %s AND rowid > %s AND rowid < %s ORDER BY rowid ASC LIMIT %s"""
NAMED_NEWER = """SELECT rowid FROM landmarks_words
WHERE landmarks_words MATCH %s AND rowid > %s AND rowid < %s ORDER BY rowid DESC LIMIT %s"""


def quoted(text: str) -> str:
    return '"{}"'.format(text.replace('"', '""'))


def named_places(phrase: str, way: Way, count: int) -> list[int]:
    """In the index a place is a negative number."""
    with connection.cursor() as cursor:
        cursor.execute(NAMED_NEWER if way.is_newer else NAMED_OLDER, [phrase, -way.high, -way.low, count])
        return [-number for (number,) in cursor.fetchall()]


@cache
def has_index(database: str) -> bool:
    """Whether the index of words was made in that database, which is asked once."""
    question = (
        "SELECT count(*) = 4 FROM sqlite_master WHERE name IN "
        "('landmarks_words', 'landmarks_words_insert', 'landmarks_words_delete', 'landmarks_words_update')"
        if connection.vendor == "sqlite"
        else "SELECT count(*) = 2 FROM pg_class WHERE relname IN ('landmarks_words_name', 'landmarks_words_note')"
    )
    with connection.cursor() as cursor:
        cursor.execute(question)
        return bool(cursor.fetchone()[0])


def forget_deleted() -> None:
    """Write the index of words anew without what it only marks as deleted. Takes seconds for a long history."""
    if connection.vendor == "sqlite" and has_index(str(connection.settings_dict["NAME"])):
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO landmarks_words (landmarks_words) VALUES ('optimize')")
