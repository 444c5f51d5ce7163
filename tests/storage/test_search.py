"""Results found again: by every filter, and at a bounded cost."""

from datetime import timedelta

import pytest
from django.db import connection  # noqa: F401  for the condition of SQLITE_ONLY
from pytest_django.asserts import assertNumQueries

from landmarks.models import Outcome, Result
from landmarks.storage import search
from landmarks.storage.search import Filters
from tests.rows import NOON, make_owner, make_photo, make_result
from tests.storage.searching import find, found, seen_by

pytestmark = pytest.mark.django_db
SQLITE_ONLY = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="another database plans in another way")


# --- columns and days ------------------------------------------------------------------------------------------------


def test_the_newest_comes_first() -> None:
    second, first = make_result(created=NOON), make_result(created=NOON + timedelta(seconds=1))
    assert found() == [first, second]


def test_results_of_the_same_instant_have_different_positions() -> None:
    assert len({make_result().position for _ in range(5)}) == 5


def test_a_position_follows_the_moment() -> None:
    early, late = make_result(), make_result()
    early.created = NOON + timedelta(days=1)
    early.save()
    assert found() == [early, late]


@pytest.mark.parametrize(
    ("state", "face_count_bucket", "facts"),
    [
        ("found", "1", {"face_count": 1}),
        ("found", "2-4", {"face_count": 2}),
        ("found", "2-4", {"face_count": 4}),
        ("found", "5-", {"face_count": 5}),
        ("none", "0", {}),
        ("failed", "", {"error_code": "engine_failed"}),
    ],
)
def test_outcome_and_number_of_faces_are_filtered(state: str, face_count_bucket: str, facts: dict[str, object]) -> None:
    result = make_result(**facts)
    assert found(outcome=state) == [result]
    assert found(face_count_bucket=face_count_bucket) == [result]
    assert not found(outcome={"found": "none"}.get(state, "found"))


def test_a_result_of_another_engine_is_not_found() -> None:
    make_result(engine="acedata")
    assert not found(engine="local")


def test_days_are_bounds() -> None:
    results = [make_result(created=NOON + timedelta(days=day)) for day in range(4)]
    day = timedelta(days=1)
    assert found(since=NOON + day, until=NOON + 3 * day) == results[2:0:-1]
    assert found(since=NOON + 3 * day) == [results[3]]
    assert found(until=NOON) == []


def test_pages_follow_one_another() -> None:
    results = [make_result(created=NOON - timedelta(minutes=number)) for number in range(5)]
    first = find(count=2)
    second = find(before=first.rest, count=2)
    third = find(before=second.rest, count=2)
    assert first.results + second.results + third.results == results
    assert third.rest is None


def test_combined_filters_scan_a_limited_number_and_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "SCAN_LIMIT", 3)
    rare = make_result(created=NOON - timedelta(minutes=9), engine="acedata", face_count=1)
    for number in range(4):
        make_result(created=NOON - timedelta(minutes=number), face_count=1)
    first = find(engine="acedata", outcome=Outcome.FOUND)
    assert first.results == []
    assert find(before=first.rest, engine="acedata", outcome=Outcome.FOUND) == search.Found([rare], None)


@SQLITE_ONLY
@pytest.mark.parametrize("owner", ["ann", None], ids=["one owner", "shared"])
@pytest.mark.parametrize("wanted", [{}, {"engine": "local"}, {"outcome": "found"}, {"face_count_bucket": "1"}], ids=str)
@pytest.mark.parametrize("is_newer", [True, False])
def test_a_page_is_read_in_the_order_of_an_index(owner: str | None, wanted: dict[str, str], is_newer: bool) -> None:
    seen = seen_by(make_owner(owner) if owner else None)
    way = search.Range(0, 10**18, is_newer)
    plan = way.read(seen.filter(**wanted))[:30].explain()
    assert "INDEX" in plan and "position<?" in plan
    assert all(f"{name}=?" in plan for name in wanted)
    assert "SCAN" not in plan and "TEMP B-TREE" not in plan


@SQLITE_ONLY
@pytest.mark.parametrize("owner", ["ann", None], ids=["one owner", "shared"])
@pytest.mark.parametrize(
    ("wanted", "index"),
    [({"has_guessed": True}, "guessed"), ({"has_turned": True}, "turned"), ({"smallest_face__lt": 64}, "sizes")],
    ids=["guessed", "turned", "small"],
)
def test_filters_of_faces_have_indexes_too(owner: str | None, wanted: dict[str, object], index: str) -> None:
    seen = seen_by(make_owner(owner) if owner else None)
    plan = search.Range(0, 10**18).read(seen.filter(**wanted))[:30].explain()
    name = f"result_{index}" if owner else f"result_shared_{index}"
    assert name in plan and "position<?" in plan and "TEMP B-TREE" not in plan


def test_guessed_points_turned_heads_and_small_faces_are_found() -> None:
    make_result()
    small = make_result(has_guessed=False, has_turned=True, smallest_face=63, created=NOON - timedelta(minutes=1))
    large = make_result(has_guessed=True, has_turned=False, smallest_face=64, created=NOON - timedelta(minutes=2))
    assert found(has_guessed=True) == [large]
    assert found(has_turned=True) == [small]
    assert (found(smaller_than=63), found(smaller_than=64), found(smaller_than=65)) == ([], [small], [small, large])
    assert found(has_guessed=True, smaller_than=65) == [large]
    assert found(has_turned=True, words=("photo",)) == [small]


def test_sizes_are_searched_among_a_limited_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "SCAN_LIMIT", 3)
    small = make_result(created=NOON - timedelta(minutes=9), smallest_face=20)
    for number in range(4):
        make_result(created=NOON - timedelta(minutes=number), smallest_face=200)
    first = find(smaller_than=64)
    assert first.results == []
    assert find(before=first.rest, smaller_than=64) == search.Found([small], None)


# --- all of them ---


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"engine": "acedata"},
        {"words": ("holiday",)},
        {"words": ("\u0065\u0301",)},
        {"words": ("holiday",), "engine": "acedata", "since": NOON + timedelta(minutes=1)},
    ],
    ids=str,
)
def test_all_matches_are_those_of_the_pages(wanted: dict[str, object]) -> None:
    for number in range(6):
        engine = "acedata" if number % 3 else "local"
        make_result(name="holiday é" if number % 2 else "work", engine=engine, created=NOON + timedelta(minutes=number))
    make_result(owner="joann", name="holiday é", engine="acedata")
    owner, newest = make_owner(), found()[0]
    matches = search.all_matches(seen_by(owner), owner, Filters(**wanted), newest.position)  # type: ignore[arg-type]
    assert list(matches.newest_first()) == found(**wanted)
    older = search.all_matches(seen_by(owner), owner, Filters(**wanted), newest.position - 1)  # type: ignore[arg-type]
    assert newest not in older


# --- beside a result -------------------------------------------------------------------------------------------------


def beside(result: Result, **wanted: object) -> list[Result | None]:
    owner = make_owner()
    filters = Filters(**wanted)  # type: ignore[arg-type]
    return [
        search.find_next(seen_by(owner), owner, filters, result.position, is_newer=is_newer)
        for is_newer in (True, False)
    ]


@pytest.mark.parametrize("wanted", [{}, {"words": ("holiday",)}, {"words": ("ho",)}, {"outcome": "found"}], ids=str)
def test_the_results_beside_one_keep_the_filters(wanted: dict[str, object]) -> None:
    rows = [
        make_result(
            created=NOON + timedelta(minutes=number),
            name="holiday" if number % 2 else "work",
            face_count=number % 2,
        )
        for number in range(7)
    ]
    step = 2 if wanted else 1
    assert beside(rows[3], **wanted) == [rows[3 + step], rows[3 - step]]
    assert beside(rows[1], **wanted)[1] == (None if wanted else rows[0])


def test_the_results_beside_one_stay_within_the_days() -> None:
    rows = [make_result(created=NOON + timedelta(days=number)) for number in range(3)]
    assert beside(rows[1], since=rows[1].created, until=rows[2].created) == [None, None]


@SQLITE_ONLY
@pytest.mark.parametrize("count", [2, 200])
def test_words_cost_the_same_number_of_queries_in_any_history(count: int) -> None:
    photo = make_photo()
    for number in range(count):
        make_result(name="holiday", photo=photo, created=NOON + timedelta(minutes=number))
    search.has_search_index()
    owner = make_owner()
    with assertNumQueries(2):
        assert search.find_older(seen_by(owner), owner, Filters(words=("holiday",)), None, 30).results
