"""Reports whether the tokens for Ace Data Cloud work."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from landmarks.engines.acedata.token_check import TokenCheck, Verdict
from landmarks.services import engines, hosted_tokens

HOW_TO_GET = "docs/hosted.md explains how to get it."
VERDICTS = {
    Verdict.WORKS: "works",
    Verdict.FAILS: "DOES NOT WORK",
    Verdict.UNKNOWN: "unknown",
    Verdict.UNSET: "not set",
}


class Command(BaseCommand):
    help = (
        "Report whether ACEDATA_API_TOKEN and ACEDATA_PLATFORM_TOKEN work. Ace Data Cloud gets requests without a "
        "photo, which it refuses: nothing is billed or stored. Exit status: 0 when all tokens that are set work and "
        "the one for the API is set, 1 otherwise."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        checks = hosted_tokens.ask().checks
        for check in checks:
            self.stdout.write(f"{check.setting}: {VERDICTS[check.verdict]}")
            if check.reason:
                self.stdout.write(f"    {check.reason}")
        for line in consequences(checks):
            self.stdout.write(line)
        if not is_fine(checks):
            sys.exit(1)


def is_fine(checks: tuple[TokenCheck, ...]) -> bool:
    api, platform = checks
    return api.verdict == Verdict.WORKS and platform.verdict in (Verdict.WORKS, Verdict.UNSET)


def consequences(checks: tuple[TokenCheck, ...]) -> list[str]:
    """What follows for the site."""
    api, platform = checks
    if api.verdict == Verdict.UNSET:
        return [f"Without ACEDATA_API_TOKEN the hosted engine is off. {HOW_TO_GET}"]
    lines = [f"Default engine: {engines.engine_label(engines.default_engine())} (ENGINE={settings.ENGINE})."]
    if platform.verdict == Verdict.UNSET:
        lines.append(
            "Files: Ace Data Cloud fetches them from PUBLIC_URL, which this command cannot try."
            if settings.PUBLIC_URL
            else "Files: not accepted by the hosted engine, only public addresses. Set ACEDATA_PLATFORM_TOKEN or "
            f"PUBLIC_URL. {HOW_TO_GET}"
        )
    return lines
