"""Who calls the API: the token of a request, what it is for and how often it may be used."""

from django.http import HttpRequest
from ninja.security.base import AuthBase

from landmarks.access import rate_limits, tokens
from landmarks.core.errors import TokenMissing
from landmarks.models import Owner, Token
from landmarks.runtime import caller


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


def owner_of(request: HttpRequest) -> Owner:
    """Whose results a request makes and sees: the owner of its token."""
    token: Token = request.auth  # type: ignore[attr-defined]
    return token.owner
