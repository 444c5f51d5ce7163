"""Tokens of programs: made and shown once, kept as a hash, checked with each request, revoked."""

import hashlib
import secrets
from datetime import timedelta

from django.utils import timezone

from landmarks.core.errors import TokenDisabled, TokenError, TokenExpired, TokenMismatched
from landmarks.models import Token
from landmarks.storage.files import storage_errors

ANALYZE, ALL = SCOPES = "analyze", "all"
"""What a token opens: the vendor's two addresses, or these and the results of its owner."""

MARK = "fs_"
"""How every token begins, so that one in the wrong place is noticed."""
RANDOM_BYTES = 32
SHOWN = 8
"""First characters that are kept to tell tokens apart; what stays secret is more than 200 bits."""
LAST_USED_STEP = timedelta(minutes=1)


def make(name: str, scope: str = ALL, rate: str = "", expires_in: timedelta | None = None) -> str:
    """A new token, which cannot be had a second time."""
    token = MARK + secrets.token_urlsafe(RANDOM_BYTES)
    now = timezone.now()
    Token.objects.create(
        name=name,
        digest=digest(token),
        prefix=token[:SHOWN],
        scope=scope,
        rate=rate,
        created=now,
        expires=now + expires_in if expires_in else None,
    )
    return token


def check(token: str, scope: str) -> Token:
    """The row of a token that opens this scope; raise TokenError for any other, or StorageError."""
    with storage_errors():
        row = Token.objects.filter(digest=digest(token)).first()
    if row is None:
        raise TokenError("token_invalid")
    if row.revoked:
        raise TokenDisabled("token_revoked")
    if row.expires and row.expires <= timezone.now():
        raise TokenExpired("token_expired")
    if row.scope not in (scope, ALL):
        raise TokenMismatched("token_scope")
    note_use(row)
    return row


def note_use(row: Token) -> None:
    """Once a minute: a write with each request would cost more than the question whether a token is still in use."""
    now = timezone.now()
    if row.last_used is None or row.last_used < now - LAST_USED_STEP:
        with storage_errors():
            Token.objects.filter(pk=row.pk).update(last_used=now)


def revoke(prefix: str) -> list[Token]:
    """Revoke those in use that begin so, which are one as a rule; these."""
    revoked = list(Token.objects.filter(prefix=prefix[:SHOWN], revoked=None))
    Token.objects.filter(pk__in=[row.pk for row in revoked]).update(revoked=timezone.now())
    return revoked


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
