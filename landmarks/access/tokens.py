"""API tokens: made and shown once, stored as a hash, checked with each request, revoked."""

import base64
import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from landmarks.core.errors import TokenDisabled, TokenError, TokenExpired, TokenMismatched
from landmarks.models import Owner, Token
from landmarks.runtime.periods import is_over
from landmarks.storage.errors import storage_errors

ANALYZE, ALL = SCOPES = "analyze", "all"
"""What a token is for: the vendor's two addresses, or these and the results of its owner."""

MARK = "fs_"
"""Prefix of every token, so that one that leaks is recognised."""
WEBHOOK_MARK = "whsec_"
RANDOM_BYTES = 32
SHOWN = 8
"""First characters that are stored to tell tokens apart; more than 200 bits stay secret."""
LAST_USED_STEP = timedelta(minutes=1)


def make(name: str, scope: str = ALL, rate: str = "", expires_in: timedelta | None = None) -> str:
    """A new token, which cannot be shown again. All tokens of a name have the same owner."""
    token = MARK + secrets.token_urlsafe(RANDOM_BYTES)
    now = timezone.now()
    Token.objects.create(
        owner=Owner(kind=Owner.Kind.TOKEN, key=name).saved(),
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
    """The row of a token that is valid for this scope. Raises TokenError or StorageError."""
    with storage_errors():
        row = Token.objects.select_related("owner").filter(digest=digest(token)).first()
    row = in_use(row)
    if row.scope not in (scope, ALL):
        raise TokenMismatched("token_scope")
    note_use(row)
    return row


def check_again(row: Token) -> None:
    """Whether a token still is valid that was valid when its request began. Raises TokenError or StorageError."""
    with storage_errors():
        now = Token.objects.filter(pk=row.pk).first()
    in_use(now)


def in_use(row: Token | None) -> Token:
    if row is None:
        raise TokenError("token_invalid")
    if row.revoked:
        raise TokenDisabled("token_revoked")
    if is_expired(row):
        raise TokenExpired("token_expired")
    return row


def is_expired(row: Token) -> bool:
    """Also a token with an expiry that was made in the future: since the clock was set back it would live longer."""
    return row.expires is not None and is_over(row.created, row.expires - row.created, timezone.now())


def note_use(row: Token) -> None:
    """At most once a minute: a write with each request would cost too much."""
    now = timezone.now()
    if row.last_used is None or is_over(row.last_used, LAST_USED_STEP, now):
        with storage_errors():
            Token.objects.filter(pk=row.pk).update(last_used=now)


# --- webhooks --------------------------------------------------------------------------------------------------------


def webhook_keys(row: Token) -> list[bytes]:
    """The keys with which reports to programs are signed, the newest first.

    They are made from the token's hash and the site's secret keys, so that neither the database nor a token alone
    gives them away, and that nothing more must be kept.
    """
    secrets_of_site = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [
        salted_hmac("landmarks.access.tokens.webhook", row.digest, secret, algorithm="sha256").digest()
        for secret in secrets_of_site
    ]


def webhook_secret(row: Token) -> str:
    """What a program needs to check signatures, in the form of Standard Webhooks."""
    return WEBHOOK_MARK + base64.b64encode(webhook_keys(row)[0]).decode()


def find(prefix: str) -> list[Token]:
    """Tokens in use that begin like this, usually one."""
    return list(Token.objects.filter(prefix=prefix[:SHOWN], revoked=None))


def revoke(prefix: str) -> list[Token]:
    """Revoke the tokens in use that begin like this, usually one, and return them."""
    revoked = find(prefix)
    Token.objects.filter(pk__in=[row.pk for row in revoked]).update(revoked=timezone.now())
    return revoked


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
