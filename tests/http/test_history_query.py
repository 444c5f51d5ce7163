"""The filters of the history: read from the address, kept by every link, rejected with a sentence."""

import re
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from django.conf import LazySettings
from django.http import HttpResponse, QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.asserts import assertContains, assertNotContains

from landmarks.http.history_query import FILTERS, MOST_RESULTS, key_of
from landmarks.models import Result
from landmarks.web.presenters.history import FilterForm
from tests.rows import NOON, make_photo, make_result
from tests.web.conftest import Submit

pytestmark = pytest.mark.django_db
NAME = re.compile(r'class="result-card-name" title="([^"]*)"')
CHOSEN = re.compile(r'<option value="([^"]+)"\s+selected>')
LINK = re.compile(r'href="(/results/[^"]*)"')


@pytest.fixture
def owner(client: Client) -> str:
    client.get("/results/")
    return str(client.session["owner"])


def names(response: HttpResponse) -> list[str]:
    assert response.status_code == 200
    return NAME.findall(response.content.decode())


@pytest.fixture
def many(owner: str) -> None:
    crowd = {"face_count": 9, "has_guessed": True, "has_turned": True, "smallest_face": 31}
    make_result(owner=owner, name="crowd", created=NOON + timedelta(hours=4), **crowd)
    make_result(owner=owner, name="pair", face_count=2, engine="acedata", created=NOON + timedelta(hours=3))
    make_result(owner=owner, name="empty", created=NOON + timedelta(days=-1), note="By the lake")
    make_result(owner=owner, name="broken", error_code="engine_failed", created=NOON + timedelta(days=-2))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["crowd", "pair", "empty", "broken"]),
        ("words=lak", ["empty"]),
        ("words=by+the+LAKE", ["empty"]),
        ("count=0", ["empty"]),
        ("count=2-4", ["pair"]),
        ("count=5-", ["crowd"]),
        ("engine=acedata", ["pair"]),
        ("state=found", ["crowd", "pair"]),
        ("state=none", ["empty"]),
        ("state=failed", ["broken"]),
        ("since=2026-03-01", ["crowd", "pair"]),
        ("until=2026-02-28", ["empty", "broken"]),
        ("since=2026-02-28&until=2026-02-28", ["empty"]),
        ("state=found&engine=local&words=cro&since=2026-01-01", ["crowd"]),
        ("has_guessed=1", ["crowd"]),
        ("has_turned=1&smaller_than=32", ["crowd"]),
        ("smaller_than=31", []),
        ("has_guessed=0&has_turned=&smaller_than=", ["crowd", "pair", "empty", "broken"]),
        ("words=++&count=&engine=&state=&since=&until=", ["crowd", "pair", "empty", "broken"]),
    ],
)
def test_each_filter_finds_its_results(client: Client, many: None, query: str, found: list[str]) -> None:
    assert names(client.get(f"/results/?{query}")) == found


def test_days_are_those_of_the_browsers_zone(client: Client, owner: str) -> None:
    make_result(owner=owner, name="late", created=NOON.replace(hour=23))
    assert names(client.get("/results/?since=2026-03-02")) == []
    client.cookies["facesite_zone"] = "Asia/Tokyo"
    assert names(client.get("/results/?since=2026-03-02")) == ["late"]


def test_links_keep_the_filters_and_lead_on(client: Client, owner: str) -> None:
    photo = make_photo(owner)
    for number in range(31):
        make_result(owner=owner, photo=photo, name="some name", created=NOON + timedelta(minutes=number))
    page = client.get("/results/?words=some+name&state=&count=0").content.decode()
    links = [link.replace("&amp;", "&") for link in LINK.findall(page) if "?" in link]
    assert len(links) == 30 + 2  # cards, the next page twice
    for link in links:
        query = parse_qs(link.partition("?")[2])
        assert (query.pop("words"), query.pop("count")) == (["some name"], ["0"])
        assert set(query) <= {"before"}
    assert len(names(client.get(links[-1]))) == 1


def test_the_form_shows_the_filters(client: Client, many: None) -> None:
    page = client.get("/results/?words=a+%22b%22&engine=acedata&since=2026-03-01&state=none")
    assertContains(page, 'value="a &quot;b&quot;"')
    assert CHOSEN.findall(page.content.decode()) == ["acedata", "none"]
    assertContains(page, 'value="2026-03-01"')


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("since=2024-03-01&until=2024-03-01", "1 Mar 2024"),
        ("since=2023-12-31&until=2024-03-04", "31 Dec 2023 – 4 Mar 2024"),
        ("since=2024-03-01", "Since 1 Mar 2024"),
        ("until=2024-03-04", "Until 4 Mar 2024"),
        ("", "Any date"),
    ],
)
def test_days_are_shown_in_short(query: str, words: str) -> None:
    assert FilterForm(QueryDict(query)).days() == words


def test_the_year_goes_without_saying_if_it_is_this_one() -> None:
    today = timezone.localdate()
    assert FilterForm(QueryDict(f"since={today}")).days() == f"Since {today.day} {today:%b}"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", []),
        ("has_guessed=1&smaller_than=64", ["Guessed", "Below 64 px"]),
        ("has_turned=1&smaller_than=no", ["Turned"]),
    ],
)
def test_filters_of_faces_are_shown_in_short(query: str, names: list[str]) -> None:
    assert FilterForm(QueryDict(query)).face_filters() == names


def test_a_page_without_matches_links_to_everything(client: Client, many: None) -> None:
    page = client.get("/results/?words=giraffe")
    assertContains(page, "No matches")
    assertContains(page, '<a class="button outlined" href="/results/">Clear the filters</a>', html=True)


def test_filters_of_an_empty_history_match_nothing(client: Client) -> None:
    assertContains(client.get("/results/?state=failed"), "No matches")


def test_older_results_are_linked(client: Client, many: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("landmarks.storage.search.WORD_SCAN_LIMIT", 2)
    page = client.get("/results/?words=la")
    assertContains(page, "No recent matches")
    assertContains(page, "Search older results")
    (link,) = {link for link in LINK.findall(page.content.decode()) if "before" in link}
    assert names(client.get(link.replace("&amp;", "&"))) == ["empty"]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("since=yesterday", "t a date. Enter the first day"),
        ("until=2026-02-30", "t a date. Enter the last day"),
        ("since=0001-01-01", "t a date"),
        ("until=9999-12-31", "t a date"),
        ("since=2026-03-02&until=2026-03-01", "The last day is before the first."),
        ("count=77", "t a number of faces in the list"),
        ("engine=dlib", "The engine “dlib” doesn"),
        ("state=asleep", "The state “asleep” doesn"),
        ("has_guessed=yes", "“has_guessed” must be 0 or 1."),
        ("smaller_than=0", "must be a whole number from 1 to 10000"),
        ("smaller_than=large", "must be a whole number from 1 to 10000"),
        ("words=" + "x" * 201, "Search for up to 200 characters"),
        ("words=a+b+c+d+e+f+g+h+i", "Search for at most 8 words"),
        ("words=a%00b", "contains a character that no name has"),
        ("before=x", "exist in the history"),
        ("results=-1", "up to 200 keys of results"),
        ("results=a..b", "up to 200 keys of results"),
        ("results=zzzzzzzzzzzzz", "up to 200 keys of results"),
    ],
)
def test_an_invalid_filter_is_rejected_with_a_sentence(client: Client, many: None, query: str, sentence: str) -> None:
    page = client.get(f"/results/?{query}")
    assertContains(page, sentence, status_code=400)
    assertNotContains(page, "result-card-name", status_code=400)


def keys(*named: str) -> str:
    positions = dict(Result.objects.values_list("name", "position"))
    return ".".join(key_of(positions[name]) for name in named)


def test_single_results_are_found_by_their_keys(client: Client, many: None, settings: LazySettings) -> None:
    make_result(owner="joann", name="of another browser", face_count=1)
    query = f"results={keys('empty', 'crowd', 'of another browser')}"
    page = client.get(f"/results/?{query}")
    assert names(page) == ["crowd", "empty"]
    assertContains(page, "2 of 4 results")
    assertContains(page, f'<input type="hidden" name="results" value="{query.partition("=")[2]}">')
    assert names(client.get(f"/results/?{query}&state=none")) == ["empty"]
    assert names(client.get(f"/results/?{query}&words=lake")) == ["empty"]
    assert names(client.get(f"/results/?{query}&smaller_than=99")) == ["crowd"]
    settings.HISTORY = "shared"
    assert set(names(client.get(f"/results/?{query}"))) == {"of another browser", "crowd", "empty"}


def test_the_filter_of_single_results_is_taken_off_alone(client: Client, many: None) -> None:
    page = client.get(f"/results/?results={keys('crowd', 'empty')}&state=found")
    assertContains(page, 'href="/results/?state=found"')
    assertContains(page, f"?state=found&amp;results={keys('crowd', 'empty')}")


def test_as_many_results_are_named_as_photos_are_sent_at_once(client: Client, many: None) -> None:
    some = [key_of(number) for number in range(MOST_RESULTS)]
    assert client.get(f"/results/?results={'.'.join(some)}").status_code == 200
    assert client.get(f"/results/?results={'.'.join([*some, key_of(MOST_RESULTS)])}").status_code == 400
    assertContains(client.get("/"), f'data-most="{MOST_RESULTS}"')


def test_a_rejected_form_keeps_what_was_typed(client: Client, many: None) -> None:
    page = client.get("/results/?words=lake&since=yesterday&state=none")
    assertContains(page, 'value="lake"', status_code=400)
    assertContains(page, 'value="yesterday"', status_code=400)
    assert CHOSEN.findall(page.content.decode()) == ["none"]
    assertContains(page, 'aria-invalid="true"', count=1, status_code=400)


@pytest.mark.parametrize("name", [*FILTERS, "before"])
@given(value=st.text(max_size=30))
def test_no_query_is_an_error_of_the_site(name: str, value: str) -> None:
    query = QueryDict(mutable=True)
    query[name] = value
    form = FilterForm(query)
    form.filters()
    assert form.is_valid() or all(sentence.endswith(".") for sentence in form.sentences())
    assert form.is_valid() or not form.items()


def test_a_result_keeps_the_filters_for_its_neighbours(client: Client, submit: Submit) -> None:
    for name in ("astronaut.jpg", "rocket.jpg", "two_people.jpg"):
        submit(name)
    people, rocket, astronaut = (
        reverse("landmarks:result-detail", args=[result.pk]) for result in Result.objects.newest_first()
    )
    assertContains(client.get(people), rocket)
    page = client.get(f"{people}?state=found&words=jpg")
    assertContains(page, f"{astronaut}?words=jpg&amp;state=found")
    assertContains(page, f"{people}delete?words=jpg&amp;state=found")
    assertContains(page, '<input type="hidden" name="state" value="found">')
    assertNotContains(page, rocket)
    assertContains(client.get(f"{people}?state=nonsense"), rocket)


def test_an_engine_that_is_not_available_is_shown_while_it_is_searched_for(
    client: Client, many: None, settings: LazySettings
) -> None:
    assertNotContains(client.get("/results/"), 'value="acedata"')
    assert CHOSEN.findall(client.get("/results/?engine=acedata").content.decode()) == ["acedata"]
    assert Result.objects.filter(engine="acedata").exists()
