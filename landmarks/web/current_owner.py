"""The owner behind a request: a random key in the browser's session, made before anything is submitted."""

import secrets
import uuid

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from landmarks.access import visibility
from landmarks.models.result import Result, ResultQuerySet

KEY = "owner"


def owner_of(request: HttpRequest) -> str | None:
    """The key of this browser; None if it has not seen a form yet."""
    return request.session.get(KEY)


def ensure_owner(request: HttpRequest) -> str:
    """The key of this browser, made now if it has none.

    It is made with the form, not with the first result: the response to the first submission may be lost, or two may
    be sent at once, and their results must belong to a key that the browser knows.
    """
    owner: str = request.session.setdefault(KEY, secrets.token_urlsafe(32))
    return owner


def results_of(request: HttpRequest) -> ResultQuerySet:
    return visibility.results_seen_by(owner_of(request))


def result_or_404(request: HttpRequest, id: uuid.UUID) -> Result:
    return get_object_or_404(results_of(request).select_related("photo"), pk=id)
