"""How often visitors can have the vendor asked about the tokens: seldom, whatever they do."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import LazySettings
from django.utils import timezone

from landmarks.core.errors import RateExceeded
from landmarks.engines.acedata.token_check import TokenCheck, Verdict
from landmarks.services import hosted_tokens
from tests.vendor import PLATFORM_TOKEN, TOKEN, Vendor

pytestmark = pytest.mark.django_db
START = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def forget() -> None:
    hosted_tokens._memory.cache_clear()


def verdicts() -> list[Verdict]:
    answer = hosted_tokens.recent()
    assert answer
    return [check.verdict for check in answer.checks]


def test_a_site_without_tokens_asks_nobody(settings: LazySettings, vendor: Vendor) -> None:
    settings.ACEDATA_API_URL = settings.ACEDATA_PLATFORM_URL = vendor.url
    assert verdicts() == [Verdict.UNSET, Verdict.UNSET]
    assert vendor.connections == 0


def test_an_answer_is_kept_for_ten_minutes(hosted: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    hosted.tokens = (TOKEN, PLATFORM_TOKEN)
    now = START
    monkeypatch.setattr(timezone, "now", lambda: now)
    assert [verdicts() for _ in range(5)] == [[Verdict.WORKS, Verdict.WORKS]] * 5
    assert hosted.connections == 4
    now = START + timedelta(minutes=9)
    verdicts()
    assert hosted.connections == 4
    hosted.tokens = ("another",)
    now = START + timedelta(minutes=11)
    assert verdicts() == [Verdict.FAILS, Verdict.FAILS]


def test_another_token_is_asked_for_at_once(hosted: Vendor, settings: LazySettings) -> None:
    hosted.tokens = (TOKEN, PLATFORM_TOKEN)
    settings.ACEDATA_API_TOKEN = "wrong"  # noqa: S105
    assert verdicts() == [Verdict.FAILS, Verdict.WORKS]
    settings.ACEDATA_API_TOKEN = TOKEN
    assert verdicts() == [Verdict.WORKS, Verdict.WORKS]


def test_restarts_and_processes_share_a_limit_of_twelve_an_hour(hosted: Vendor) -> None:
    hosted.tokens = (TOKEN, PLATFORM_TOKEN)
    answers = []
    for _ in range(20):
        hosted_tokens._memory.cache_clear()  # as in a new process
        answers.append(hosted_tokens.recent())
    assert sum(answer is not None for answer in answers) == 12
    assert hosted.connections == 12 * 4


def test_one_thread_asks_and_the_others_do_not_wait(hosted: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []
    others: list[object] = []

    def ask() -> hosted_tokens.Answer:
        calls.append(1)
        with ThreadPoolExecutor(5) as pool:  # while this one asks
            others.extend(pool.map(lambda _: hosted_tokens.recent(), range(5)))
        return hosted_tokens.Answer((TokenCheck("A", Verdict.WORKS), TokenCheck("B", Verdict.WORKS)), timezone.now())

    monkeypatch.setattr(hosted_tokens, "ask", ask)
    assert hosted_tokens.recent() is not None
    assert len(calls) == 1
    assert others == [None] * 5


def test_a_limit_that_is_reached_leaves_the_last_answer(hosted: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    hosted.tokens = (TOKEN, PLATFORM_TOKEN)
    now = START
    monkeypatch.setattr(timezone, "now", lambda: now)
    first = hosted_tokens.recent()

    def refuse(*args: object) -> None:
        raise RateExceeded("rate_exceeded", retry_after=1, limit=12, period=3600)

    monkeypatch.setattr(hosted_tokens, "claim", refuse)
    now = START + timedelta(hours=1)
    assert hosted_tokens.recent() is first
