"""How many results match, at a cost that does not grow with the history: beyond a limit only that there are more."""

from dataclasses import dataclass

from django.db import connection

from landmarks.models import Owner, ResultQuerySet
from landmarks.runtime import concurrency
from landmarks.storage import search
from landmarks.storage.search import Filters
from landmarks.storage.time_limits import limit_statements

LIMIT = 10_000
"""Up to which results are counted along an index: half a millisecond."""
WORD_LIMIT = 300
"""Where each match of the search index is looked up in the table, and the index also has those of other owners."""


@dataclass(frozen=True)
class Count:
    number: int
    is_exact: bool = True
    """Otherwise there are at least so many."""

    @property
    def text(self) -> str:
        """Such as "1,204" or "10,000+"."""
        return f"{self.number:,}{'' if self.is_exact else '+'}"


def count_up_to_limit(seen: ResultQuerySet, owner: Owner | None, filters: Filters) -> Count:
    """`owner` as for `search.find_older`. Raises Busy as that does."""
    if seen.query.is_empty():
        return Count(0)
    filters = filters.composed()
    if filters.has_index:
        return count_rows(seen.filter(**filters.columns()), search.range_of(filters), LIMIT)
    with concurrency.SEARCHING.slot(timeout=search.SECONDS), limit_statements(search.SECONDS, "search_too_slow"):
        return count_among(seen, owner, filters)


def count_among(seen: ResultQuerySet, owner: Owner | None, filters: Filters) -> Count:
    """What no index of the history counts."""
    results, bounds = search.with_words(seen.filter(**filters.columns()), filters.words), search.range_of(filters)
    is_indexed = filters.has_indexed_word and search.has_search_index()
    if not is_indexed:
        nearby, last = search.nearest(seen, bounds, search.WORD_SCAN_LIMIT if filters.words else search.SCAN_LIMIT)
        return Count(nearby.read(results).count(), is_exact=last is None)
    if connection.vendor != "sqlite":
        return count_rows(results, bounds, WORD_LIMIT)
    positions = search.indexed_positions(search.index_query(filters.words, owner), bounds, WORD_LIMIT + 1)
    count = results.filter(position__in=positions[:WORD_LIMIT]).count()
    return Count(count, is_exact=len(positions) <= WORD_LIMIT)


def count_rows(results: ResultQuerySet, bounds: search.Range, limit: int) -> Count:
    count = bounds.read(results).values("position")[: limit + 1].count()
    return Count(min(count, limit), is_exact=count <= limit)
