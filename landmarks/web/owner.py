"""Who a browser is: a random key in its session, made when it first keeps a result."""

import secrets

from django.http import HttpRequest

KEY = "owner"


def owner_of(request: HttpRequest) -> str | None:
    """The key of this browser; None for one that has kept nothing yet."""
    return request.session.get(KEY)


def new_owner() -> str:
    return secrets.token_urlsafe(32)


def remember_owner(request: HttpRequest, owner: str) -> None:
    # Written only when it changes, so that looking at pages stores no session.
    if owner_of(request) != owner:
        request.session[KEY] = owner
