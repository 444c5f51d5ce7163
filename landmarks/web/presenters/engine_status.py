"""What the page of the engines shows: which is the default, and whether each has what it needs."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from landmarks.engines.acedata.token_check import TokenCheck, Verdict
from landmarks.services import engines, hosted_tokens
from landmarks.web.presenters import text

VERDICTS = {
    Verdict.WORKS: "works",
    Verdict.FAILS: "doesn’t work",
    Verdict.UNKNOWN: "isn’t known to work",
    Verdict.UNSET: "isn’t set",
}


@dataclass(frozen=True)
class TokenLine:
    setting: str
    state: str
    reason: str


@dataclass(frozen=True)
class EngineStatus:
    """Everything that visitors may know, too: no tokens, addresses or ids."""

    default: str
    is_embedded_ready: bool
    tokens: list[TokenLine]
    """Empty while they are asked for."""
    checked: datetime | None
    """None where no token is set, so that nobody was asked."""
    is_hosted: bool
    """Whether the hosted engine can be chosen."""
    files: str
    """How photos that are sent as files get to the hosted engine."""


def engine_status() -> EngineStatus:
    answer = hosted_tokens.recent()
    return EngineStatus(
        text.engine_label(engines.default_engine()),
        engines.engine_ready(engines.EMBEDDED),
        [token_line(check) for check in answer.checks] if answer else [],
        answer.moment if answer and hosted_tokens.is_any_set() else None,
        "acedata" in engines.engine_names(),
        way_of_files(),
    )


def token_line(check: TokenCheck) -> TokenLine:
    return TokenLine(check.setting, VERDICTS[check.verdict], check.reason)


def way_of_files() -> str:
    """By the first of the ways that the settings name, as the engine takes it."""
    if settings.ACEDATA_PLATFORM_TOKEN:
        return "Photos sent as files are uploaded to its platform."
    if settings.PUBLIC_URL:
        return "It fetches photos that are sent as files from this site, at PUBLIC_URL."
    return "It accepts addresses only, no files, until ACEDATA_PLATFORM_TOKEN or PUBLIC_URL is set."
