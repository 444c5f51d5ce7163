"""The router of all operations on results, the statuses that they have in common, and what a request may see."""

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from landmarks.access import visibility
from landmarks.access.tokens import ALL
from landmarks.api.auth import BearerToken, owner_of, valid_until_received
from landmarks.api.unknown_names import refuse_unknown_query
from landmarks.api.versioning import versioned
from landmarks.core.errors import NotFound
from landmarks.models import Result, ResultQuerySet


def make_router(tag: str) -> Router:
    """Of operations that need a token for everything, are versioned, and ignore nothing that was sent."""
    made = Router(tags=[tag], auth=BearerToken(ALL))
    made.add_decorator(versioned, mode="view")
    made.add_decorator(valid_until_received, mode="operation")
    made.add_decorator(refuse_unknown_query, mode="operation")  # after the token is checked
    return made


router = make_router("Results")

ERRORS = frozenset((400, 401, 403, 429, 500, 503))
NOT_FOUND = frozenset((404,))
BODY_ERRORS = frozenset((413, 415))
KEY_ERRORS = frozenset((409, 422))


def visible_results(request: HttpRequest) -> ResultQuerySet:
    return visibility.visible_results(owner_of(request))


def find_result(request: HttpRequest, id: UUID) -> Result:
    """Raises NotFound."""
    result = visible_results(request).select_related("photo").filter(pk=id).first()
    if result is None:
        raise NotFound("result_not_found")
    return result


def next_page(request: HttpRequest, response: HttpResponse, path: str, **position: int | str) -> str:
    """The address of the next page of a list, which begins at that position; also in the header `Link`."""
    parameters = request.GET.copy()
    for name, value in position.items():
        parameters[name] = str(value)
    address = request.build_absolute_uri(f"{path}?{parameters.urlencode()}")
    response["Link"] = f'<{address}>; rel="next"'
    return address


def split_by_presence(results: ResultQuerySet, ids: Iterable[UUID]) -> tuple[list[UUID], list[UUID]]:
    """The ids of those results, and the others, in the order given."""
    ids = list(dict.fromkeys(ids))
    found = set(results.filter(pk__in=ids).values_list("pk", flat=True))
    return [id for id in ids if id in found], [id for id in ids if id not in found]
