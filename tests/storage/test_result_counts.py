"""How many results match: exact up to a limit, and never more than there are."""

from datetime import timedelta

import pytest

from landmarks.models import Result
from landmarks.storage import result_counts, search
from landmarks.storage.result_counts import Count, count_up_to_limit
from landmarks.storage.search import Filters
from tests.rows import NOON, make_owner, make_photo, make_result

pytestmark = pytest.mark.django_db


def count(**wanted: object) -> Count:
    owner = make_owner()
    seen = Result.objects.kept().owned_by(owner)
    return count_up_to_limit(seen, owner, Filters(**wanted))  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def six() -> None:
    """Every other one is a holiday, found, by the hosted engine and with a small face."""
    photo = make_photo()
    for number in range(6):
        even = {"engine": "acedata", "face_count": 1, "name": "holiday é", "smallest_face": 20}
        odd = {"engine": "local", "name": "work"}
        make_result(photo=photo, created=NOON + timedelta(days=number), **(odd if number % 2 else even))
    make_result(owner="joann", name="holiday é", face_count=1, engine="acedata")
    make_result(photo=photo, name="holiday é", deleted=NOON)


FILTERS = [
    ({}, 6),
    ({"engine": "acedata"}, 3),
    ({"since": NOON + timedelta(days=1), "until": NOON + timedelta(days=4)}, 3),
    ({"engine": "acedata", "outcome": "found"}, 3),
    ({"engine": "acedata", "outcome": "none"}, 0),
    ({"smaller_than": 21}, 3),
    ({"words": ("HOLIDAY",)}, 3),
    ({"words": ("holiday", "\u0065\u0301"), "since": NOON + timedelta(days=1)}, 2),
    ({"words": ("ay",)}, 3),
    ({"words": ("giraffe",)}, 0),
]


@pytest.mark.parametrize(("wanted", "number"), FILTERS, ids=str)
def test_matches_of_the_owner_are_counted(wanted: dict[str, object], number: int) -> None:
    assert count(**wanted) == Count(number)


def test_someone_who_owns_nothing_has_none() -> None:
    assert count_up_to_limit(Result.objects.none(), None, Filters(words=("holiday",))) == Count(0)


@pytest.mark.parametrize(("limit", "expected"), [(5, Count(5, is_exact=False)), (6, Count(6))])
def test_rows_are_counted_up_to_a_limit(limit: int, expected: Count, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result_counts, "LIMIT", limit)
    assert count() == expected


@pytest.mark.parametrize(
    ("limit", "wanted"),
    [
        ("SCAN_LIMIT", {"engine": "acedata", "outcome": "found"}),
        ("SCAN_LIMIT", {"smaller_than": 21}),
        ("WORD_SCAN_LIMIT", {"words": ("ay",)}),
    ],
    ids=str,
)
def test_a_scan_counts_what_it_has_read(limit: str, wanted: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, limit, 4)
    assert count(**wanted) == Count(2, is_exact=False)


def test_matches_of_words_are_counted_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result_counts, "WORD_LIMIT", 3)
    Result.objects.exclude(deleted=None).delete()
    assert count(words=("holiday",)) == Count(3)
    monkeypatch.setattr(result_counts, "WORD_LIMIT", 2)
    assert count(words=("holiday",)) == Count(2, is_exact=False)


@pytest.mark.parametrize(
    ("counted", "text"), [(Count(0), "0"), (Count(1204), "1,204"), (Count(10_000, is_exact=False), "10,000+")]
)
def test_a_limit_is_said(counted: Count, text: str) -> None:
    assert counted.text == text
