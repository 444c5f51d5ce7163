"""Which owner a browser is: a random key in its session, set before it sends anything."""

import secrets
import uuid

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from landmarks.access import visibility
from landmarks.models import Owner, Result, ResultQuerySet

KEY = "owner"
"""Of the session."""


def set_owner_key(request: HttpRequest) -> str:
    """The key of this browser, chosen now if it has none.

    Set with the form, not with the first result: the first answer may be lost, or two requests under way at once, and
    what was stored by then must belong to a key that the browser has.
    """
    key: str = request.session.setdefault(KEY, secrets.token_urlsafe(32))
    return key


def owner_of(request: HttpRequest) -> Owner | None:
    """The owner that this browser is; None as long as nothing of it was stored."""
    owner: Owner | None = getattr(request, "_owner", None)
    if owner is None and (key := request.session.get(KEY)):
        owner = Owner.find(Owner.Kind.BROWSER, key)
        request._owner = owner  # type: ignore[attr-defined]
    return owner


def owner_to_store_for(request: HttpRequest) -> Owner:
    """The same; an owner of which nothing was stored yet is not in the database, and inserted with its first photo."""
    return owner_of(request) or Owner(kind=Owner.Kind.BROWSER, key=set_owner_key(request))


def results_of(request: HttpRequest) -> ResultQuerySet:
    return visibility.visible_results(owner_of(request))


def result_or_404(request: HttpRequest, id: uuid.UUID) -> Result:
    return get_object_or_404(results_of(request).select_related("photo"), pk=id)
