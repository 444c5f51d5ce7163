"""Who calls the API: the token of a request, what it is for and how often it may be used."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security.base import AuthBase

from landmarks.access import rate_limits, tokens
from landmarks.core.errors import RateExceeded, TokenMissing
from landmarks.http.response_headers import set_header
from landmarks.models import Owner, Token
from landmarks.runtime import caller

View = Callable[..., Any]


class BearerToken(AuthBase):
    """A token in the header `Authorization: Bearer …`, and nowhere else: a cookie gives no access to the API."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __init__(self, scope: str) -> None:
        self.scope = scope
        super().__init__()

    def __call__(self, request: HttpRequest) -> Token:
        scheme, _, token = request.headers.get("Authorization", "").strip().partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise TokenMissing("token_missing")
        row = tokens.check(token.strip(), self.scope)
        count(request, row)
        caller.identify(f"token {row.pk}")
        return row


def count(request: HttpRequest, token: Token) -> None:
    """Count the request, and tell the client what is left. Raises RateExceeded or StorageError."""
    try:
        usage = rate_limits.count_request(token)
    except RateExceeded as exc:
        set_usage(request, exc.limit, 0, exc.retry_after)
        raise
    if usage:
        set_usage(request, usage.limit, usage.remaining, usage.reset)


def set_usage(request: HttpRequest, limit: int, remaining: int, reset: int) -> None:
    """The three headers of the IETF draft up to its version 6, plain numbers that most clients know."""
    for name, value in (("Limit", limit), ("Remaining", remaining), ("Reset", reset)):
        set_header(request, f"RateLimit-{name}", str(value))


def valid_until_received(view: View) -> View:
    """Check the token again when the body has arrived, which can take minutes, before anything is done with it.

    A body that is too large for the memory is received, and the token checked, where it is read.
    """

    @wraps(view)
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method in ("POST", "PATCH") and not is_large(request):
            _receive(request)
            check_again(request)
        return view(request, *args, **kwargs)

    return respond


def check_again(request: HttpRequest) -> None:
    """Raises TokenError or StorageError."""
    tokens.check_again(request.auth)  # type: ignore[attr-defined]


def is_large(request: HttpRequest) -> bool:
    """Whether the body is more than is read into memory; where that isn't allowed, it has been rejected before."""
    declared = request.META.get("CONTENT_LENGTH") or "0"
    is_form = request.content_type == "multipart/form-data"
    return not is_form and declared.isdecimal() and int(declared) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def _receive(request: HttpRequest) -> object:
    """A form's files go to the disk, any other body into memory."""
    return request.POST if request.content_type == "multipart/form-data" else request.body


def owner_of(request: HttpRequest) -> Owner:
    """Whose results a request makes and sees: the owner of its token."""
    token: Token = request.auth  # type: ignore[attr-defined]
    return token.owner
