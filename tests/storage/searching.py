"""Searches as tests ask for them: by the key of an owner, with filters by their names."""

from collections.abc import Iterable

from landmarks.models import Owner, Result, ResultQuerySet
from landmarks.storage import search
from landmarks.storage.search import Filters
from tests.rows import make_owner


def found(key: str | None = "ann", before: int | None = None, count: int = 30, **wanted: object) -> list[Result]:
    return find(key, before, count, **wanted).results


def find(key: str | None = "ann", before: int | None = None, count: int = 30, **wanted: object) -> search.Found:
    owner = make_owner(key) if key else None
    return search.find_older(seen_by(owner), owner, Filters(**wanted), before, count)  # type: ignore[arg-type]


def seen_by(owner: Owner | None) -> ResultQuerySet:
    return Result.objects.kept().owned_by(owner) if owner else Result.objects.kept()


def names(results: Iterable[Result]) -> list[str]:
    return [result.name for result in results]
