"""Who a browser is: a random key in its session, given before it sends anything."""

import secrets
import uuid

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from landmarks.access import visibility
from landmarks.models.result import Result, ResultQuerySet

KEY = "owner"


def owner_of(request: HttpRequest) -> str | None:
    """The key of this browser; None for one that has not seen the form yet."""
    return request.session.get(KEY)


def give_owner(request: HttpRequest) -> str:
    """The key of this browser, made now if it has none.

    Given with the form, not with the first result: a first answer may be lost, or two be under way at once, and what
    was kept by then must have an owner that the browser knows.
    """
    owner: str = request.session.setdefault(KEY, secrets.token_urlsafe(32))
    return owner


def results_of(request: HttpRequest) -> ResultQuerySet:
    return visibility.results_seen_by(owner_of(request))


def result_or_404(request: HttpRequest, id: uuid.UUID) -> Result:
    return get_object_or_404(results_of(request).select_related("photo"), pk=id)
