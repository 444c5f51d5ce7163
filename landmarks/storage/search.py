"""How results are found by day, faces, engine, outcome and words, at a cost that does not grow with the history."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from landmarks.core.names import composed
from landmarks.models import Owner, Result, ResultQuerySet, first_position
from landmarks.runtime import concurrency
from landmarks.storage.time_limits import limit_statements

INDEXED_LENGTH = 3
"""Characters that a word needs to be looked up in the search index, which consists of trigrams."""
SCAN_LIMIT = 10_000
"""Results that one search reads where no index leads to the next match; the next search goes on from there."""
WORD_SCAN_LIMIT = 2_000
MAX_WORDS = 8
"""That are compared with each name and note."""
SECONDS = 5.0
"""For one search; those of a usual history take milliseconds."""
BATCH = 500
"""Matches read from the search index at a time, once the first page of them was not enough."""
LAST_POSITION = 2**63 - 1


@dataclass(frozen=True)
class Filters:
    """What to search for; whatever is empty or None is ignored."""

    words: tuple[str, ...] = ()
    """Each is in the name or in the note, in any case, also within another word."""
    since: datetime | None = None
    until: datetime | None = None
    """The first moment that is too late."""
    engine: str = ""
    outcome: str = ""
    face_count_bucket: str = ""
    has_guessed: bool = False
    has_turned: bool = False
    smaller_than: int | None = None
    """Pixels: any face is smaller than that."""
    positions: tuple[int, ...] = ()
    """Only these results."""

    def columns(self) -> dict[str, str | int | tuple[int, ...]]:
        """Conditions for rows, by the lookup in Django."""
        named: dict[str, str | int | tuple[int, ...] | None] = {
            "engine": self.engine,
            "outcome": self.outcome,
            "face_count_bucket": self.face_count_bucket,
            "has_guessed": self.has_guessed,
            "has_turned": self.has_turned,
            "smallest_face__lt": self.smaller_than,
            "position__in": self.positions,
        }
        return {name: value for name, value in named.items() if value}

    def composed(self) -> "Filters":
        """With words in the form in which names and notes are stored."""
        return replace(self, words=tuple(map(composed, self.words)))

    @property
    def has_index(self) -> bool:
        """Whether an index leads from one match to the next."""
        if self.words:
            return False
        return bool(self.positions) or (len(self.columns()) <= 1 and self.smaller_than is None)

    @property
    def has_indexed_word(self) -> bool:
        return any(len(word) >= INDEXED_LENGTH for word in self.words)


@dataclass(frozen=True)
class Range:
    """The positions between two others, read from the newest or, on the way to newer results, from the oldest."""

    low: int
    high: int
    is_newer: bool = False

    def read(self, results: ResultQuerySet) -> ResultQuerySet:
        return self.sort(results.filter(position__gt=self.low, position__lt=self.high))

    def sort(self, results: ResultQuerySet) -> ResultQuerySet:
        return results.oldest_first() if self.is_newer else results.newest_first()

    def after(self, position: int) -> "Range":
        return Range(position, self.high, True) if self.is_newer else Range(self.low, position)

    def up_to(self, position: int) -> "Range":
        return Range(self.low, position + 1, True) if self.is_newer else Range(position - 1, self.high)


def count(seen: ResultQuerySet, filters: Filters) -> int | None:
    """How many results match; None if words are searched for, since that would read the whole history."""
    if filters.words:
        return None
    bounds = range_of(filters)
    return seen.filter(**filters.columns(), position__gt=bounds.low, position__lt=bounds.high).count()


@dataclass(frozen=True)
class Found:
    results: list[Result]
    rest: int | None
    """The position from which the search goes on; None where nothing is left to read."""


def find_older(seen: ResultQuerySet, owner: Owner | None, filters: Filters, before: int | None, count: int) -> Found:
    """The newest matches, or those before a position.

    `owner` is whose results `seen` contains; None where it contains everybody's.
    """
    bounds = range_of(filters)
    if before is not None:
        bounds = Range(bounds.low, min(bounds.high, before))
    return find(seen, owner, filters, bounds, count)


def find_next(
    seen: ResultQuerySet, owner: Owner | None, filters: Filters, position: int, *, is_newer: bool
) -> Result | None:
    """The match next to a position, unless it is too far away to be searched for."""
    bounds = range_of(filters)
    low, high = (max(position, bounds.low), bounds.high) if is_newer else (bounds.low, min(position, bounds.high))
    return next(iter(find(seen, owner, filters, Range(low, high, is_newer), 1).results), None)


def all_matches(seen: ResultQuerySet, owner: Owner | None, filters: Filters, newest: int) -> ResultQuerySet:
    """Every match up to a position, however many there are: reading them takes longer in a large history."""
    filters, bounds = filters.composed(), range_of(filters)
    bounds = Range(bounds.low, min(bounds.high, newest + 1))
    results = with_words(seen.filter(**filters.columns()), filters.words)
    if filters.has_indexed_word and has_search_index() and connection.vendor == "sqlite":
        query = index_query(filters.words, owner)
        return results.filter(position__in=RawSQL(INDEXED, [query, -bounds.high, -bounds.low]))  # noqa: S611
    return results.filter(position__gt=bounds.low, position__lt=bounds.high)


def newest_position(seen: ResultQuerySet) -> int | None:
    return seen.newest_first().values_list("position", flat=True).first()


def range_of(filters: Filters) -> Range:
    low = first_position(filters.since) - 1 if filters.since else 0
    high = first_position(filters.until) if filters.until else LAST_POSITION
    return Range(max(0, low), min(high, LAST_POSITION))


def find(seen: ResultQuerySet, owner: Owner | None, filters: Filters, bounds: Range, count: int) -> Found:
    """Raises Busy where it takes too long, or too many others search."""
    if seen.query.is_empty():
        return Found([], None)
    filters = filters.composed()
    if filters.has_index:
        return cut(list(bounds.read(seen.filter(**filters.columns()))[: count + 1]), count, None)
    with concurrency.SEARCHING.slot(timeout=SECONDS), limit_statements(SECONDS, "search_too_slow"):
        return find_among(seen, owner, filters, bounds, count)


def find_among(seen: ResultQuerySet, owner: Owner | None, filters: Filters, bounds: Range, count: int) -> Found:
    """Find what no index of the history leads to."""
    results = with_words(seen.filter(**filters.columns()), filters.words)
    is_indexed = filters.has_indexed_word and has_search_index()
    if is_indexed and connection.vendor == "sqlite":
        return find_in_index(results, owner, filters, bounds, count)
    if filters.words and not is_indexed:
        return find_by_scan(seen, results, bounds, count, WORD_SCAN_LIMIT)
    if not filters.words or len(filters.columns()) > 1:
        return find_by_scan(seen, results, bounds, count, SCAN_LIMIT)
    return cut(list(bounds.read(results)[: count + 1]), count, None)


def find_by_scan(seen: ResultQuerySet, results: ResultQuerySet, bounds: Range, count: int, limit: int) -> Found:
    """Search for the matches `results` among the nearest results that are visible."""
    nearby, last = nearest(seen, bounds, limit)
    return cut(list(nearby.read(results)[: count + 1]), count, last)


def nearest(seen: ResultQuerySet, bounds: Range, limit: int) -> tuple[Range, int | None]:
    """The range of so many visible results, and its last position; None where that is all of them."""
    positions = bounds.read(seen).values_list("position", flat=True)
    last = next(iter(positions[limit - 1 : limit]), None)
    return (bounds if last is None else bounds.up_to(last)), last


def find_in_index(results: ResultQuerySet, owner: Owner | None, filters: Filters, bounds: Range, count: int) -> Found:
    """Read the matches of the search index in the order of the history."""
    query = index_query(filters.words, owner)
    found: list[Result] = []
    batch, scanned = count + 1, 0
    while len(found) <= count and scanned < WORD_SCAN_LIMIT:
        positions = indexed_positions(query, bounds, batch)
        # The bounds are not repeated here: SQLite would read the history along them, not the positions.
        found += bounds.sort(results.filter(position__in=positions))
        if len(positions) < batch:
            return cut(found, count, None)
        bounds = bounds.after(positions[-1])
        batch, scanned = BATCH, scanned + batch
    return cut(found, count, positions[-1])


def cut(found: list[Result], count: int, rest: int | None) -> Found:
    """The requested number of results; `rest` is where to go on if there are no more than that."""
    return Found(found[:count], found[count - 1].position if len(found) > count else rest)


# --- words -----------------------------------------------------------------------------------------------------------


def with_words(results: ResultQuerySet, words: Iterable[str]) -> ResultQuerySet:
    """In SQLite the index finds the longer words, in any case; a comparison knows the case of ASCII letters only."""
    for word in words:
        if connection.vendor != "sqlite" or len(word) < INDEXED_LENGTH or not has_search_index():
            results = results.filter(Q(name__icontains=word) | Q(note__icontains=word))
    return results


def index_query(words: Iterable[str], owner: Owner | None) -> str:
    """An FTS5 query for each indexed word as a phrase, and for the owner's trigram."""
    phrases = " AND ".join(map(quoted, (word for word in words if len(word) >= INDEXED_LENGTH)))
    query = f"{{name note}} : ({phrases})"
    return query if owner is None else f"owner : {quoted(owner_trigram(owner.pk))} AND {query}"


def owner_trigram(id: int) -> str:
    """Three characters, ten bits of the number each: what the triggers write into the index for an owner."""
    return "".join(chr(0x4E00 + (id >> shift & 1023)) for shift in (20, 10, 0))


INDEXED = """SELECT -rowid FROM landmarks_search
WHERE landmarks_search MATCH %s AND rowid > %s AND rowid < %s"""
OLDER = """SELECT rowid FROM landmarks_search
WHERE landmarks_search MATCH %s AND rowid > %s AND rowid < %s ORDER BY rowid ASC LIMIT %s"""
NEWER = """SELECT rowid FROM landmarks_search
WHERE landmarks_search MATCH %s AND rowid > %s AND rowid < %s ORDER BY rowid DESC LIMIT %s"""


def quoted(text: str) -> str:
    return '"{}"'.format(text.replace('"', '""'))


def indexed_positions(query: str, bounds: Range, count: int) -> list[int]:
    """The rowid in the index is the negated position."""
    with connection.cursor() as cursor:
        cursor.execute(NEWER if bounds.is_newer else OLDER, [query, -bounds.high, -bounds.low, count])
        return [-rowid for (rowid,) in cursor.fetchall()]


def has_search_index() -> bool:
    return index_exists(str(connection.settings_dict["NAME"]))


@cache
def index_exists(database: str) -> bool:
    """Whether a migration could make the index in that database, which is looked up once."""
    query = (
        "SELECT count(*) = 4 FROM sqlite_master WHERE name IN "
        "('landmarks_search', 'landmarks_search_insert', 'landmarks_search_delete', 'landmarks_search_update')"
        if connection.vendor == "sqlite"
        else "SELECT count(*) = 2 FROM pg_class WHERE relname IN ('landmarks_search_name', 'landmarks_search_note')"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return bool(cursor.fetchone()[0])
