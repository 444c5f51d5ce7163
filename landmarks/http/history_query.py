"""The filters of the history, read from the query string and written back to it."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.http import base36_to_int, int_to_base36

from landmarks.access import visibility
from landmarks.engines.registry import ENGINES
from landmarks.http.query_fields import FlagField, WholeField
from landmarks.models import FaceCountBucket, Outcome, Owner
from landmarks.storage.search import LAST_POSITION, MAX_WORDS, Filters

FIRST_DAY, LAST_DAY = date(1980, 1, 1), date(2200, 1, 1)
LONGEST = 200
LARGEST_FACE = 10_000
"""Pixels up to which faces are filtered by size."""
MOST_RESULTS = 200
"""That are named one by one; the list of photos to send holds as many."""
FACE_FILTERS = ("has_guessed", "has_turned", "smaller_than")
FILTERS = ("words", "since", "until", "count", "engine", "state", *FACE_FILTERS, "results")


class DayField(forms.DateField):
    """A day as browsers send it: 2026-11-25."""

    def __init__(self, ordinal: str) -> None:
        super().__init__(required=False, input_formats=["%Y-%m-%d"])
        self.ordinal = ordinal

    def to_python(self, value: Any) -> date | None:
        with suppress(forms.ValidationError):
            day = super().to_python(value)
            if day is None or FIRST_DAY <= day <= LAST_DAY:
                return day
        raise forms.ValidationError(
            f"“{value}” isn't a date. Enter the {self.ordinal} day as year-month-day, such as 2026-11-25."
        )


class PositionField(forms.Field):
    """A position in the history, after which older results follow."""

    def to_python(self, value: Any) -> int | None:
        if value is None:
            return None
        if value.isascii() and value.isdecimal() and len(value) < 20 and int(value) <= LAST_POSITION:
            return int(value)
        raise forms.ValidationError("This position doesn't exist in the history. Go back to its first page.")


class ResultsField(forms.Field):
    """Results by their keys, separated by dots; each once."""

    def to_python(self, value: Any) -> tuple[int, ...]:
        with suppress(ValueError):
            positions = tuple(dict.fromkeys(map(base36_to_int, value.split(".")))) if value else ()
            if len(positions) <= MOST_RESULTS and all(0 <= position <= LAST_POSITION for position in positions):
                return positions
        raise forms.ValidationError(
            f"“results” must be up to {MOST_RESULTS} keys of results. Take the link from the page that sent the photos."
        )


def key_of(position: int) -> str:
    """The position of a result as it is named in a query: 12 characters."""
    return int_to_base36(position)


class HistoryQuery(forms.Form):
    """The query string of the history; every field is optional."""

    words = forms.CharField(
        required=False,
        max_length=LONGEST,
        error_messages={
            "max_length": f"Search for up to {LONGEST} characters; a part of a name is enough.",
            "null_characters_not_allowed": "The search contains a character that no name has. Type it again.",
        },
    )
    since = DayField("first")
    until = DayField("last")
    count = forms.ChoiceField(
        required=False,
        choices=FaceCountBucket.choices,
        error_messages={"invalid_choice": "“%(value)s” isn't a number of faces in the list. Choose one from the list."},
    )
    engine = forms.ChoiceField(
        required=False,
        choices=[(name, name) for name in ENGINES],
        error_messages={"invalid_choice": "The engine “%(value)s” doesn't exist. Choose one from the list."},
    )
    state = forms.ChoiceField(
        required=False,
        choices=Outcome.choices,
        error_messages={"invalid_choice": "The state “%(value)s” doesn't exist. Choose one from the list."},
    )
    has_guessed = FlagField("has_guessed")
    has_turned = FlagField("has_turned")
    smaller_than = WholeField("smaller_than", 1, LARGEST_FACE)
    results = ResultsField(required=False)
    before = PositionField(required=False)

    def __init__(self, query: QueryDict) -> None:
        super().__init__(query)
        self.is_valid()

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        if len(words.split()) > MAX_WORDS:
            raise forms.ValidationError(
                f"Search for at most {MAX_WORDS} words; each must be in the name or the note. Leave some out."
            )
        return words

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "The last day is before the first. Swap them.")
        return cleaned

    def filters(self) -> Filters:
        """What to search for; everything if the query is invalid."""
        if not self.is_valid():
            return Filters()
        cleaned = self.cleaned_data
        return Filters(
            tuple(cleaned["words"].split()),
            start_of(cleaned["since"]),
            start_of(cleaned["until"] and cleaned["until"] + timedelta(days=1)),
            cleaned["engine"],
            cleaned["state"],
            cleaned["count"],
            **{name: cleaned[name] for name in FACE_FILTERS},
            positions=cleaned["results"],
        )

    def items(self) -> list[tuple[str, str]]:
        """The filters that are set, for links and forms that keep them."""
        if not self.is_valid():
            return []
        return [(name, as_text(value)) for name in FILTERS if (value := self.cleaned_data[name])]

    def query(self) -> str:
        """The filters as a query string."""
        return as_query(self.items())

    def query_of_page(self) -> str:
        """The filters and the position of this page."""
        return self.query_before(self.cleaned_data.get("before"))

    def query_before(self, position: int | None) -> str:
        return as_query(self.items() if position is None else [*self.items(), ("before", str(position))])

    def sentences(self) -> list[str]:
        """Why the query is invalid."""
        return [str(error) for errors in self.errors.values() for error in errors]


def as_text(value: Any) -> str:
    """A cleaned value as it is in a query."""
    if isinstance(value, tuple):
        return ".".join(map(key_of, value))
    return "1" if value is True else str(value)


def as_query(items: list[tuple[str, str]]) -> str:
    return f"?{urlencode(items)}" if items else ""


def start_of(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None


def owner_filter(owner: Owner | None) -> Owner | None:
    """Whose results are searched; None for everybody's."""
    return None if visibility.is_history_shared() else owner
