"""`manage.py create_token` and `manage.py tokens`: on a new machine, for people and for scripts."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from landmarks.access import tokens
from landmarks.core.errors import TokenDisabled, TokenError
from landmarks.models import Token
from tests.api.servers import make_token, run_command

TOKEN = re.compile(r"[A-Za-z0-9_-]{40,}")


def made(capsys: pytest.CaptureFixture[str], *args: str) -> str:
    call_command("create_token", *args)
    return capsys.readouterr().out.splitlines()[-1]


def test_a_new_machine_needs_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    done = run_command(folder, "create_token", "ann")
    assert done.returncode == 0, done.stderr
    assert TOKEN.fullmatch(done.stdout.splitlines()[-1])
    assert folder.stat().st_mode & 0o777 == 0o700
    other = make_token(folder, "ann")
    assert other != done.stdout.splitlines()[-1]
    assert other not in run_command(folder, "tokens").stdout


@pytest.mark.django_db
def test_the_token_is_alone_on_its_line_and_opens_the_api(capsys: pytest.CaptureFixture[str]) -> None:
    token = made(capsys, "ann")
    assert TOKEN.fullmatch(token)
    assert tokens.check(token, tokens.ALL).name == "ann"


@pytest.mark.django_db
def test_the_secret_of_webhooks_is_printed_before_the_token_and_later(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_token", "ann", "--webhook-secret")
    secret, token = capsys.readouterr().out.splitlines()
    assert TOKEN.fullmatch(token)
    assert secret == tokens.webhook_secret(Token.objects.get())
    call_command("tokens", "--webhook-secret", token[: tokens.SHOWN])
    assert capsys.readouterr().out.splitlines() == [secret]
    tokens.revoke(token)
    with pytest.raises(CommandError):
        call_command("tokens", "--webhook-secret", token)


@pytest.mark.django_db
def test_scope_rate_and_end_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    made(capsys, "ann", "--scope", "analyze", "--rate", "100/hour", "--expires", "30")
    token = Token.objects.get()
    assert (token.scope, token.rate) == ("analyze", "100/hour")
    assert token.expires
    assert timedelta(days=29) < token.expires - timezone.now() < timedelta(days=31)


@pytest.mark.parametrize(
    "args",
    [
        (),
        ("",),
        ("a" * 65,),
        ("a\nb",),
        ("ann", "--rate", "100"),
        ("ann", "--rate", "0/s"),
        ("ann", "--rate", "5/week"),
        ("ann", "--scope", "everything"),
        ("ann", "--expires", "0"),
        ("ann", "--expires", "soon"),
    ],
)
@pytest.mark.django_db
def test_wrong_arguments_are_reported(args: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        call_command("create_token", *args)
    assert not Token.objects.exists()


@pytest.mark.django_db
def test_tokens_are_listed_and_revoked_by_their_beginning(capsys: pytest.CaptureFixture[str]) -> None:
    token, other = made(capsys, "ann"), made(capsys, "bob", "--expires", "1")
    Token.objects.filter(name="bob").update(expires=timezone.now() - timedelta(days=1))
    call_command("tokens", "--revoke", token[: tokens.SHOWN])
    listed = capsys.readouterr().out
    assert [re.split(r"\s{2,}", line.strip())[-1] for line in listed.splitlines()[1:]] == ["revoked", "expired"]
    assert token not in listed
    assert other not in listed
    with pytest.raises(TokenDisabled):
        tokens.check(token, tokens.ALL)


@pytest.mark.django_db
def test_the_whole_token_is_a_beginning_too(capsys: pytest.CaptureFixture[str]) -> None:
    token = made(capsys, "ann")
    call_command("tokens", "--revoke", token)
    with pytest.raises(TokenError):
        tokens.check(token, tokens.ANALYZE)


@pytest.mark.django_db
@pytest.mark.parametrize("beginning", ["fs_", "fs_nope0"])
def test_a_prefix_that_no_token_has_is_reported(beginning: str) -> None:
    with pytest.raises(CommandError, match="No token in use begins with"):
        call_command("tokens", "--revoke", beginning)
