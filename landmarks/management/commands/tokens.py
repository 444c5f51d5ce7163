"""Lists API tokens by their first characters, since only hashes are stored, or revokes some, or prints a secret."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from landmarks.access import tokens
from landmarks.models import Token
from landmarks.server import bootstrap

COLUMNS = "{:<10}{:<24}{:<9}{:<12}{:<12}{:<12}{:<18}{}"


class Command(BaseCommand):
    help = "List the tokens made with create_token by their first characters, or revoke some of them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--revoke", nargs="+", default=(), metavar="TOKEN", help="first characters, as listed")
        parser.add_argument(
            "--webhook-secret",
            metavar="TOKEN",
            help="print only the secret with which webhooks of this token are signed",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        bootstrap.make_database(self.stderr.write)
        for prefix in options["revoke"]:
            if not tokens.revoke(prefix):
                raise CommandError(f"No token in use begins with {prefix}. manage.py tokens lists them.")
            self.stderr.write(f"{prefix}… is revoked.")
        if prefix := options["webhook_secret"]:
            self.stdout.write(webhook_secret(prefix))
            return
        self.stdout.write(COLUMNS.format("Token", "Name", "Scope", "Rate", "Made", "Expires", "Last used", "State"))
        for token in Token.objects.order_by("created", "pk"):
            self.stdout.write(row(token))


def webhook_secret(prefix: str) -> str:
    found = tokens.find(prefix)
    if len(found) != 1:
        raise CommandError(f"{len(found) or 'No'} tokens in use begin with {prefix}. manage.py tokens lists them.")
    return tokens.webhook_secret(found[0])


def row(token: Token) -> str:
    return COLUMNS.format(
        token.prefix,
        token.name if len(token.name) < 24 else f"{token.name[:22]}…",
        token.scope,
        token.rate or "API_RATE",
        f"{token.created:%Y-%m-%d}",
        f"{token.expires:%Y-%m-%d}" if token.expires else "never",
        f"{token.last_used:%Y-%m-%d %H:%M}" if token.last_used else "never",
        state(token),
    )


def state(token: Token) -> str:
    if token.revoked:
        return "revoked"
    return "expired" if tokens.is_expired(token) else "in use"
