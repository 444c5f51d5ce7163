"""Whether the vendor accepts the tokens, by requests that it must refuse before it bills or stores anything.

Each is the request of a run without its photo: for a valid token the vendor reports that the photo is missing, for any
other that the token is wrong. If it reports the photo also for a token that nobody has, it did not look at tokens yet,
and nothing is known. The statuses are those of the vendor's published contract.
"""

import secrets
from dataclasses import dataclass
from enum import StrEnum

from landmarks.core import messages
from landmarks.core.errors import HostedError
from landmarks.engines.acedata import client_errors
from landmarks.engines.acedata.api_errors import TOKEN_REJECTED
from landmarks.engines.acedata.client import CallLimits, Service
from landmarks.engines.acedata.engine import ANALYZE, API_SETTINGS, PLATFORM_SETTINGS
from landmarks.engines.acedata.redaction import Redaction, can_be_sent
from landmarks.engines.acedata.upload import UPLOAD
from landmarks.net.transport import Deadline

LIMITS = CallLimits(seconds=8.0, connect_seconds=4.0, tries=1)
"""Of one request: nothing is fetched or analysed for it."""
FAILURES = (
    *(TOKEN_REJECTED, "hosted_balance_used_up", "hosted_disabled", "hosted_wrong_address", "hosted_tls_failed"),
    client_errors.NOT_CONFIGURED.code,
)
"""Codes that do not pass by themselves: a setting or the account must be changed."""
MISSES_PHOTO = (
    *("hosted_bad_request", "hosted_photo_unreachable", "hosted_photo_too_small", "hosted_version_refused"),
    *client_errors.NO_FACES,
)
"""Codes of a vendor that has accepted the token and now looks for the photo."""
UNREADABLE = "hosted_photo_unreadable"
"""Message of one more such failure, whose code it shares with another."""


class Verdict(StrEnum):
    UNSET = "unset"
    WORKS = "works"
    FAILS = "fails"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class TokenCheck:
    """What is known about the token of a setting."""

    setting: str
    verdict: Verdict
    reason: str = ""
    """A sentence with the next step; empty for a token that works or is not set."""


@dataclass(frozen=True)
class Target:
    """A service with a token, and the request that it must refuse."""

    url: str
    path: str
    token: str
    settings: tuple[str, str]
    """Those of the URL and of the token."""
    json: object = None
    form: dict[str, str] | None = None
    prefix: str = ""
    """With which tokens of this service begin."""

    def rejection(self, token: str) -> HostedError | None:
        """The error with that token; None if the vendor took the request."""
        service = Service(self.url, token, self.settings, Redaction((self.token, token)), LIMITS)
        with Deadline(LIMITS.seconds) as deadline:
            try:
                service.post(self.path, deadline, json=self.json, form=self.form)
            except HostedError as error:
                return error
        return None


def check_tokens(*, api_url: str, token: str, platform_url: str, platform_token: str) -> tuple[TokenCheck, TokenCheck]:
    """That of the API and that of the platform. Contacts the vendor, unless neither is set."""
    return (
        check_token(Target(api_url, ANALYZE, token, API_SETTINGS, json={})),
        check_token(
            Target(platform_url, UPLOAD, platform_token, PLATFORM_SETTINGS, form={"check": "token"}, prefix="platform-")
        ),
    )


def check_token(target: Target) -> TokenCheck:
    """Make one or two requests, or none if there is no token that could be sent."""
    setting = target.settings[1]
    if not target.token:
        return TokenCheck(setting, Verdict.UNSET)
    if not can_be_sent(target.token):
        reason = messages.render(client_errors.NOT_CONFIGURED.message_id, {"token_setting": setting})
        return TokenCheck(setting, Verdict.FAILS, reason)
    error = target.rejection(target.token)
    if error is None:
        return TokenCheck(setting, Verdict.WORKS)
    if _is_about_photo(error):
        other = target.rejection(target.prefix + secrets.token_hex(16))
        if other is None or _is_about_photo(other):
            return TokenCheck(
                setting, Verdict.UNKNOWN, messages.render("token_not_examined", {"token_setting": setting})
            )
        return TokenCheck(setting, Verdict.WORKS)
    return TokenCheck(setting, Verdict.FAILS if _is_lasting(error) else Verdict.UNKNOWN, error.message)


def _is_about_photo(error: HostedError) -> bool:
    return error.code in MISSES_PHOTO or error.message_id == UNREADABLE or error.parameters.get("http_status") == 415


def _is_lasting(error: HostedError) -> bool:
    return error.code in FAILURES or error.parameters.get("http_status") == 403
