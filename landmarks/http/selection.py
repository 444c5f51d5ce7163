"""Results that a request selects: by their ids, or all that match the filters."""

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import QueryDict

from landmarks.core.errors import NotFound, RequestInvalid
from landmarks.http.history_query import HistoryQuery, PositionField, owner_filter
from landmarks.models import Owner, ResultQuerySet
from landmarks.storage import search
from landmarks.storage.search import LAST_POSITION

IDS, NEWEST = "ids", "all"
"""Query parameters: ids with commas between them, and the position up to which all results are selected."""


def selected_by(query: QueryDict, owner: Owner | None, visible: ResultQuerySet) -> ResultQuerySet:
    """By `ids`, or else all that match the filters, of which there may be none. `visible` are the results of `owner`;
    where that is None, everybody's.

    Raises RequestInvalid, or NotFound where one of the ids isn't that of a visible result.
    """
    if IDS in query:
        return with_ids(visible, [id for text in query.getlist(IDS) for id in text.split(",") if id])
    form = HistoryQuery(query)
    if not form.is_valid():
        raise RequestInvalid("form_invalid", reason=" ".join(form.sentences()))
    newest = parse_position(query.get(NEWEST, str(LAST_POSITION - 1)))
    if newest is None:
        raise RequestInvalid("form_invalid", reason=f"“{NEWEST}” isn't a position in the history.")
    return search.all_matches(visible, owner_filter(owner), form.filters(), newest)


def with_ids(visible: ResultQuerySet, texts: Iterable[str]) -> ResultQuerySet:
    texts = list(dict.fromkeys(texts))
    found = visible.filter(pk__in=[id for text in texts if (id := parse_id(text))])
    if missing := len(texts) - found.count():
        raise NotFound("results_not_found", count=len(texts), missing=missing)
    return found


def parse_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def parse_position(text: object) -> int | None:
    try:
        position: int | None = PositionField(required=False).clean(text)
    except ValidationError:
        return None
    return position
