"""Results found again: by every filter, by words however odd, and at a bounded cost."""

import json
import unicodedata
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.asserts import assertNumQueries

from landmarks.models import Outcome, Owner, Result, ResultQuerySet
from landmarks.services import descriptions
from landmarks.storage import erasure, search
from landmarks.storage.search import Filters
from tests.properties import tried
from tests.rows import NOON, make_owner, make_photo, make_result

pytestmark = pytest.mark.django_db
SQLITE_ONLY = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="another database plans in another way")


def found(key: str | None = "ann", before: int | None = None, count: int = 30, **wanted: object) -> list[Result]:
    return find(key, before, count, **wanted).results


def find(key: str | None = "ann", before: int | None = None, count: int = 30, **wanted: object) -> search.Found:
    owner = make_owner(key) if key else None
    return search.find_older(seen_by(owner), owner, Filters(**wanted), before, count)  # type: ignore[arg-type]


def seen_by(owner: Owner | None) -> ResultQuerySet:
    return Result.objects.kept().owned_by(owner) if owner else Result.objects.kept()


def names(results: Iterable[Result]) -> list[str]:
    return [result.name for result in results]


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


# --- words -----------------------------------------------------------------------------------------------------------


def test_a_word_is_found_within_names_and_notes_in_any_case() -> None:
    named = make_result(name="IMG_Solvay-1927.jpg", created=NOON + timedelta(seconds=1))
    noted = make_result(note="The SOLVAY conference\nin Brussels")
    make_result(name="other.jpg")
    assert found(words=("olva",)) == [named, noted]


def test_all_words_have_to_be_there() -> None:
    both = make_result(name="two people.jpg", note="in the garden")
    make_result(name="two houses.jpg")
    assert found(words=("garden", "two")) == [both]


def test_a_word_does_not_reach_from_the_name_into_the_note() -> None:
    make_result(name="abc", note="def")
    assert not found(words=("abcdef",))


@pytest.mark.parametrize("word", ["jp", "g", "家", "🙂", "é"])
def test_short_words_are_found_too(word: str) -> None:
    result = make_result(name=f"x{word}y")
    make_result(name="none")
    assert found(words=(word,)) == [result]
    assert found(words=(word, "x" + word + "y")) == [result]


def test_short_words_scan_a_limited_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "WORD_SCAN_LIMIT", 3)
    wanted = make_result(name="qq", created=NOON - timedelta(minutes=9))
    for number in range(4):
        make_result(created=NOON - timedelta(minutes=number))
    first = find(words=("qq",))
    assert first.results == []
    assert find(before=first.rest, words=("qq",)).results == [wanted]


def test_more_than_one_batch_of_the_index_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "BATCH", 2)
    wanted = make_result(name="holiday", created=NOON - timedelta(minutes=9), engine="acedata")
    for number in range(5):
        make_result(name="holiday", created=NOON - timedelta(minutes=number))
    assert find(words=("holiday",), engine="acedata", count=1) == search.Found([wanted], None)


def test_a_search_by_words_ends_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "BATCH", 2)
    monkeypatch.setattr(search, "WORD_SCAN_LIMIT", 3)
    wanted = make_result(name="holiday", created=NOON - timedelta(minutes=9), engine="acedata")
    for number in range(5):
        make_result(name="holiday", created=NOON - timedelta(minutes=number))
    first = find(words=("holiday",), engine="acedata", count=1)
    if connection.vendor == "sqlite":
        assert first.results == []
        first = find(before=first.rest, words=("holiday",), engine="acedata", count=1)
    assert first.results == [wanted]


def test_pages_of_a_word_follow_one_another() -> None:
    photo = make_photo()
    rows = [make_result(name="holiday", photo=photo, created=NOON - timedelta(minutes=number)) for number in range(5)]
    first = find(words=("holiday",), count=3)
    assert (first.results, find(before=first.rest, words=("holiday",), count=3)) == (
        rows[:3],
        search.Found(rows[3:], None),
    )


def test_words_of_others_are_not_found() -> None:
    mine = make_result(owner="ann", name="holiday")
    make_result(owner="joann", name="holiday")
    assert found(words=("holiday",)) == [mine]
    assert len(found(None, words=("holiday",))) == 2


@pytest.mark.parametrize("id", [1, 1023, 1024, 2**20 + 1, 2**29])
def test_an_owner_with_any_number_finds_words(id: int) -> None:
    for number in (id - 1, id):
        make_result(owner=Owner.objects.create(id=number, kind="browser", key=f"owner {number}"), name="holiday")
    owner = Owner.objects.get(pk=id)
    assert [result.owner for result in found(owner.key, words=("holiday",))] == [owner]
    assert found_in_index(owner, "holiday") == 1


def found_in_index(owner: Owner, word: str) -> int:
    """Matches of one owner in the index itself, before any is read from the table."""
    if connection.vendor != "sqlite":
        return 1
    query = search.index_query([word], owner)
    return len(search.indexed_positions(query, search.Range(0, search.LAST_POSITION), 30))


def test_the_index_follows_every_change() -> None:
    result = make_result(name="first")
    Result.objects.filter(pk=result.pk).update(name="second", note="added")
    assert found(words=("second", "added")) == [result]
    assert not found(words=("first",))
    result.refresh_from_db()
    result.created = NOON + timedelta(days=1)
    result.save()
    assert found(words=("second",)) == [result]
    result.delete()
    assert not found(words=("second",))


def test_a_deleted_result_is_not_found_by_its_words() -> None:
    make_result(name="holiday", deleted=NOON)
    assert not found(words=("holiday",))


@SQLITE_ONLY
def test_deleted_words_leave_the_index_when_it_is_compacted() -> None:
    make_result(name="secretive").delete()
    make_result(name="kept.jpg")
    erasure.compact_search_index()
    with connection.cursor() as cursor:
        cursor.execute("SELECT block FROM landmarks_search_data")
        blocks = b"".join(block for (block,) in cursor.fetchall())
    assert b"sec" not in blocks
    assert found(words=("kept",))


def test_the_search_index_survives_all_migrations() -> None:
    """One that copies the table drops its triggers: end it with `make_index` of 0005_search_index."""
    assert search.has_search_index()


def test_without_an_index_the_newest_are_scanned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "has_search_index", lambda: False)
    monkeypatch.setattr(search, "WORD_SCAN_LIMIT", 3)
    newest = make_result(name="holiday", created=NOON + timedelta(hours=1))
    oldest = make_result(name="holiday", created=NOON - timedelta(hours=1))
    for number in range(4):
        make_result(created=NOON + timedelta(minutes=number))
    first = find(words=("HOLIDAY",))
    assert first.results == [newest]
    assert find(before=first.rest, words=("HOLIDAY",)).results == [oldest]


ODD = [
    "",
    '"',
    "'",
    'a"b',
    "AND",
    "name:x",
    "(",
    ")",
    "*",
    "^abc",
    "-abc",
    "a + b",
    "NEAR(a b)",
    "%",
    "_",
    "\\",
    "x' --",
]


@pytest.mark.parametrize("word", ODD)
def test_operators_and_quotes_are_ordinary_words(word: str) -> None:
    result = make_result(name=f"<{word}>")
    assert found(words=tuple(word.split())) == [result]
    assert found(words=(f"<{word}>",)) == [result]


def test_naughty_strings_are_found_again(shared: Path) -> None:
    naughty = [text.replace("\0", "") for text in json.loads((shared / "data/hostile/blns.json").read_text())]
    photo = make_photo()
    rows = {text: make_result(photo=photo, note=text) for text in naughty}
    for text in rows:
        words = tuple(text.split())
        results = found(words=words, count=len(naughty))
        assert not words or rows[text] in results, text


@tried(150)
@given(
    text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40),
    start=st.integers(0, 40),
    length=st.integers(1, 12),
)
def test_every_part_of_a_text_is_found(text: str, start: int, length: int) -> None:
    result = make_result(note=text)
    words = tuple(text[start : start + length].split())
    assert result in found(words=words)
    result.delete()


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


# --- forms of characters ---------------------------------------------------------------------------------------------

NAMES = ("Müller.jpg", "カフェ ガ.jpg", "학점.jpg", "Việt Nam.jpg", "Ångström.jpg", "é.jpg")


@pytest.mark.parametrize("asked", ["NFC", "NFD"])
@pytest.mark.parametrize("stored", ["NFC", "NFD"])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("column", ["name", "note"])
def test_composed_and_decomposed_forms_are_found_alike(column: str, name: str, stored: str, asked: str) -> None:
    result = make_result(**{column: unicodedata.normalize(stored, name)})
    make_result(name="another.jpg")
    for word in name.split():
        assert found(words=(unicodedata.normalize(asked, word),)) == [result]
    assert getattr(result, column) == name


def test_a_changed_note_is_found_in_both_forms() -> None:
    result = make_result()
    descriptions.describe(result, note="Cafe\u0301 mit Mu\u0308ller", name="Vie\u0323\u0302t")
    assert (result.note, result.name) == ("Café mit Müller", "Việt")
    for word in ("Café", "Cafe\u0301", "Müller", "Việt"):
        assert found(words=(word,)) == [result]


def test_a_name_that_grows_when_it_is_composed_still_fits() -> None:
    assert make_result(name="\ufb2c" * 255).name == "\u05e9\u05bc\u05c1" * 85
