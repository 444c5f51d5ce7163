"""The history: all of one's results, once each, newest first, at a constant cost."""

import re
from datetime import timedelta
from typing import NoReturn

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertNumQueries

from landmarks.core.errors import Busy
from landmarks.models import Result
from landmarks.storage import result_counts
from landmarks.web.presenters.history import PAGE_SIZE
from tests.web.conftest import Submit

CARD = re.compile(r'class="result-card"\s+href="/results/([0-9a-f-]+)/"')
NEXT = re.compile(r'rel="next"\s+href="([^"]+)"')


def copies(result: Result, count: int) -> None:
    """More results of the same owner and photo, an hour apart but for threes of the same instant."""
    Result.objects.bulk_create(
        Result(
            owner=result.owner,
            photo=result.photo,
            name=f"copy {number}",
            engine="local",
            face_model_version="3.0",
            thumbnail=result.thumbnail,
            created=result.created - timedelta(hours=number // 3),
        )
        for number in range(count)
    )


def walk(client: Client) -> list[list[str]]:
    """The ids on each page, following the links."""
    pages, address = [], "/results/"
    while address:
        page = client.get(address).content.decode()
        pages.append(CARD.findall(page))
        found = NEXT.search(page)
        address = f"/results/{found[1].removeprefix('/results/')}" if found else ""
    return pages


@pytest.mark.django_db
def test_an_empty_history_invites(client: Client, models_dir: object) -> None:
    response = client.get("/results/")
    assertContains(response, "Nothing here yet")
    assertContains(response, "Analyse your first photo")
    assertContains(response, 'href="/#samples"')
    assertContains(response, "Only this browser can see them.")


def test_pages_follow_one_another_without_gaps_or_doubles(client: Client, astronaut: Result) -> None:
    copies(astronaut, 2 * PAGE_SIZE + 4)
    pages = walk(client)
    expected = [str(result.pk) for result in Result.objects.newest_first()]
    assert [len(page) for page in pages] == [PAGE_SIZE, PAGE_SIZE, 5]
    assert sum(pages, []) == expected


def test_a_new_result_does_not_shift_the_next_page(client: Client, astronaut: Result, submit: Submit) -> None:
    copies(astronaut, PAGE_SIZE + 4)
    link = NEXT.search(client.get("/results/").content.decode())
    assert link
    before = CARD.findall(client.get(link[1]).content.decode())
    submit("rocket.jpg")
    assert CARD.findall(client.get(link[1]).content.decode()) == before


def test_exactly_a_page_has_no_next(client: Client, astronaut: Result) -> None:
    copies(astronaut, PAGE_SIZE - 1)
    assertNotContains(client.get("/results/"), 'rel="next"')


@pytest.mark.parametrize(
    ("more", "queries"),
    [
        (0, 2),  # the owner and the page
        (10, 2),
        (PAGE_SIZE + 5, 4),  # and how many there are, also of the last day
        (4 * PAGE_SIZE, 4),
    ],
)
def test_the_cost_is_the_same_for_every_length(client: Client, astronaut: Result, more: int, queries: int) -> None:
    copies(astronaut, more)
    with assertNumQueries(queries):
        client.get("/results/")


@pytest.mark.parametrize("cursor", ["", "x", "-1", "1.5", "1-2", "٣", "9" * 40, str(2**63)])
def test_an_invalid_cursor_is_rejected(client: Client, astronaut: Result, cursor: str) -> None:
    page = client.get("/results/", {"before": cursor})
    assertContains(page, "exist in the history. Go back to its first page", status_code=400)


def test_days_have_headings_and_counts_that_are_whole(client: Client, astronaut: Result) -> None:
    now = timezone.now()
    copies(astronaut, 4)
    for number, result in enumerate(Result.objects.newest_first()):
        result.created = now - timedelta(days=number // 2)
        result.save()
    page = client.get("/results/").content.decode()
    headings = [" ".join(re.sub("<.*?>", " ", each).split()) for each in re.findall(r"<h2>(.*?)</h2>", page, re.DOTALL)]
    earlier = now - timedelta(days=2)
    assert headings[:2] == ["Today 2 results", "Yesterday 2 results"]
    assert headings[2].startswith(f"{earlier:%A} {earlier.day} {earlier:%B}")
    assert headings[2].endswith("1 result")


def counts(client: Client, query: str = "") -> tuple[str, list[str]]:
    """The count beside the title and those of the days."""
    page = client.get(f"/results/{query}").content.decode()
    title = re.search(r'class="history-count">(.*?)</p>', page, re.DOTALL)
    return " ".join(title[1].split()) if title else "", re.findall(r"<small>([^<]* results?)</small>", page)


def of_days(astronaut: Result, *counts: int) -> None:
    """So many results of each day, the newest first."""
    copies(astronaut, sum(counts) - 1)
    noon = timezone.now().replace(hour=12, minute=0, second=0)
    ages = [age for age, count in enumerate(counts) for _ in range(count)]
    for age, result in zip(ages, Result.objects.newest_first(), strict=True):
        result.created = noon - timedelta(days=age)
        result.save()


def test_a_day_has_the_same_count_on_all_its_pages(client: Client, astronaut: Result) -> None:
    of_days(astronaut, 2, PAGE_SIZE + 1, 1)
    link = NEXT.search(client.get("/results/").content.decode())
    assert link
    last = link[1].removeprefix("/results/")
    assert counts(client) == ("34 results", ["2 results", "31 results"])
    assert counts(client, last) == ("34 results", ["31 results", "1 result"])


def test_filters_are_counted_beside_the_whole(client: Client, astronaut: Result) -> None:
    of_days(astronaut, PAGE_SIZE + 2, 3)
    Result.objects.filter(name__endswith="0").update(has_guessed=True)
    assert counts(client, "?has_guessed=1") == ("4 of 35 results match", ["3 results", "1 result"])
    assert counts(client, "?words=copy") == ("34 of 35 results match", ["31 results"])
    assert counts(client, "?state=failed") == ("", [])
    Result.objects.exclude(has_guessed=True).delete()
    assert counts(client, "?words=10") == ("1 of 4 results matches", ["1 result"])


def test_large_numbers_are_limits(client: Client, astronaut: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result_counts, "LIMIT", 31)
    of_days(astronaut, PAGE_SIZE + 2)
    assert counts(client) == ("31+ results", ["31+ results"])
    assert counts(client, "?words=astronaut") == ("1 of 31+ results matches", ["1 result"])


def test_a_history_that_takes_too_long_to_count_is_shown(
    client: Client, astronaut: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> NoReturn:
        raise Busy("busy_searching")

    monkeypatch.setattr("landmarks.web.presenters.history.count_up_to_limit", refuse)
    of_days(astronaut, PAGE_SIZE + 2)
    assert counts(client) == ("", [])
    assertContains(client.get("/results/"), "result-card-name", count=PAGE_SIZE)


def test_cards_tell_what_was_found(client: Client, submit: Submit) -> None:
    for name in ("two_people.jpg", "astronaut.jpg", "rocket.jpg"):
        submit(name)
    page = client.get("/results/")
    badges = re.findall(r'<span class="badge">\s*(.*?)\s*</span>', page.content.decode())
    assert badges == ["no face", "1 face", "2 faces"]
    assertContains(page, 'loading="lazy"', count=3)
    assertContains(page, "<span>embedded</span>", count=3)


def test_each_browser_has_a_history_of_its_own(astronaut: Result) -> None:
    assertContains(Client().get("/results/"), "Nothing here yet")


def test_a_shared_history_is_everybodys(astronaut: Result, settings: LazySettings) -> None:
    settings.HISTORY = "shared"
    assertContains(Client().get("/results/"), "astronaut.jpg")


def test_a_result_of_an_engine_that_is_gone_is_still_listed(client: Client, astronaut: Result) -> None:
    Result.objects.update(engine="retired")
    assertContains(client.get("/results/"), "retired")
