"""For whom a request is worked on: clients are told apart by address, and by token where there is one."""

import pytest
from django.conf import LazySettings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from facesite.middleware.caller import name_callers
from landmarks.access import tokens
from landmarks.models import Token
from landmarks.runtime import caller
from landmarks.services import runs
from tests.api.conftest import Program


def client_of(address: str, **headers: str) -> str:
    seen: list[caller.Caller] = []

    def respond(request: HttpRequest) -> HttpResponse:
        seen.append(caller.current())
        return HttpResponse()

    name_callers(respond)(RequestFactory(headers=headers).get("/", REMOTE_ADDR=address))
    assert seen[0].patience == caller.PATIENCE
    return seen[0].client


def test_clients_are_told_apart_by_address(settings: LazySettings) -> None:
    assert client_of("192.0.2.1") == client_of("192.0.2.1") != client_of("192.0.2.2")
    assert client_of("2001:db8::1") == client_of("2001:db8::2")


def test_nobody_is_the_caller_after_a_request() -> None:
    client_of("192.0.2.1")
    assert caller.current() == caller.Caller()


@pytest.mark.django_db
def test_programs_are_told_apart_by_token(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    analyze = runs.analyze_address

    def note_caller(*arguments: object) -> object:
        seen.append(caller.current().client)
        return analyze(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(runs, "analyze_address", note_caller)
    for name in ("ann", "bob"):
        Program(tokens.make(name, rate="off"), client).analyze("nowhere")
    assert seen == [f"token {token.pk}" for token in Token.objects.order_by("pk")]
