"""Sessions and messages in signed cookies, each signed for the name of its cookie.

Under HTTPS the names have a prefix (settings.COOKIE_PREFIX), so that no other site of the domain and nobody on the way
can plant a cookie that browsers send here. A cookie of the plain name could be planted, so it must never count for more
than a session that was made before there were prefixes; docs/decisions/0018-backups-keys-and-cookies.md says more.
"""

from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends import signed_cookies
from django.core import signing

PLAIN_NAME = "facesite_session"
PLAIN_SALT = "django.contrib.sessions.backends.signed_cookies"
"""Django's own, with which sessions were always signed."""


class SessionStore(signed_cookies.SessionStore):
    """Django's, with a salt of its own for each name of the cookie."""

    def load(self) -> dict[str, Any]:
        found = unsigned(self.session_key or "", salt())
        if found is None:
            self.create()
        return found or {}

    def _get_session_key(self) -> str:
        return signing.dumps(self._session, compress=True, salt=salt(), serializer=self.serializer)  # type: ignore[attr-defined]


class MessageStorage(CookieStorage):
    cookie_name = f"{settings.COOKIE_PREFIX}messages"


def salt() -> str:
    name = settings.SESSION_COOKIE_NAME
    return PLAIN_SALT if name == PLAIN_NAME else f"facesite.{name}"


def plain_session(cookie: str) -> dict[str, Any] | None:
    """The session in a cookie of the plain name; None unless it was signed for that name, within a year."""
    return unsigned(cookie, PLAIN_SALT)


def unsigned(cookie: str, salt: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = signing.loads(
            cookie, salt=salt, max_age=settings.SESSION_COOKIE_AGE, serializer=signing.JSONSerializer
        )
    except (signing.BadSignature, ValueError):
        return None
    return found
