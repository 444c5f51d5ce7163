"""Makes an API token, and prints it this one time."""

from argparse import ArgumentTypeError
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from landmarks.access import tokens
from landmarks.access.rate_limits import parse_rate
from landmarks.cli.arguments import owner_name
from landmarks.models import Token
from landmarks.server import bootstrap

MOST_DAYS = 36_500


class Command(BaseCommand):
    help = (
        "Make an API token and print it, alone on the last line, this one time. Its results belong to NAME, and all "
        "tokens of that name see them, so that a lost token can be replaced."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", type=owner_name, metavar="NAME", help="who or what the token is for")
        parser.add_argument("--rate", type=rate, metavar="N/(s|min|hour|day)", help="default: API_RATE")
        parser.add_argument(
            "--scope",
            choices=tokens.SCOPES,
            default=tokens.ALL,
            help="analyze: /face/analyze and its uploads; all: results, too (default: %(default)s)",
        )
        parser.add_argument("--expires", type=days, metavar="DAYS", help="default: never")
        parser.add_argument(
            "--webhook-secret",
            action="store_true",
            help="print the secret with which webhooks are signed as well, on the line before",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        bootstrap.make_database(self.stderr.write)
        expires = timedelta(days=options["expires"]) if options["expires"] else None
        token = tokens.make(options["name"], options["scope"], options["rate"] or "", expires)
        self.stderr.write(f"A token for {options['name']}, shown only this once. Keep it secret, like a password.")
        if options["webhook_secret"]:
            row = Token.objects.get(digest=tokens.digest(token))
            self.stdout.write(tokens.webhook_secret(row))
        self.stdout.write(token)


def rate(text: str) -> str:
    try:
        parse_rate(text)
    except ValueError as exc:
        raise ArgumentTypeError(f"a rate is a number and s, min, hour or day, such as 100/hour, not {text!r}") from exc
    return text


def days(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= MOST_DAYS:
        raise ArgumentTypeError(f"a whole number of days from 1 to {MOST_DAYS} is needed, not {text!r}")
    return int(text)
