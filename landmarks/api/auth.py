"""Who calls the API: the token of a request, what it is for and how often it may be used."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from ninja.security.base import AuthBase

from landmarks.access import rate_limits, tokens
from landmarks.core.errors import TokenMissing
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
        rate_limits.count_request(row)
        caller.identify(f"token {row.pk}")
        return row


def valid_until_received(view: View) -> View:
    """Check the token again when the body has arrived, which can take minutes, before anything is done with it."""

    @wraps(view)
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method in ("POST", "PATCH"):
            _receive(request)
            tokens.check_again(request.auth)  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return respond


def _receive(request: HttpRequest) -> object:
    """A form's files go to the disk, any other body into memory."""
    return request.POST if request.content_type == "multipart/form-data" else request.body


def owner_of(request: HttpRequest) -> Owner:
    """Whose results a request makes and sees: the owner of its token."""
    token: Token = request.auth  # type: ignore[attr-defined]
    return token.owner
