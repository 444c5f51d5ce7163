"""Results found again by words, however odd these are, and at a bounded cost."""

import json
import unicodedata
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from landmarks.models import Owner, Result
from landmarks.services import descriptions
from landmarks.storage import erasure, search
from tests.properties import tried
from tests.rows import NOON, make_photo, make_result
from tests.storage.searching import find, found

pytestmark = pytest.mark.django_db
SQLITE_ONLY = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="another database plans in another way")


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
