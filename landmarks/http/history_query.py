"""What is looked for in the history, as the query of an address tells it."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils import timezone

from landmarks.access import visibility
from landmarks.engines.registry import ENGINES
from landmarks.models import Crowd, State
from landmarks.storage.search import LAST_PLACE, Wanted

FIRST_DAY, LAST_DAY = date(1980, 1, 1), date(2200, 1, 1)
LONGEST = 200
NAMES = ("words", "since", "until", "count", "engine", "state")


class DayField(forms.DateField):
    """A day as browsers send it."""

    def __init__(self, label: str) -> None:
        super().__init__(required=False, input_formats=["%Y-%m-%d"])
        self.which = label

    def to_python(self, value: Any) -> date | None:
        with suppress(forms.ValidationError):
            day = super().to_python(value)
            if day is None or FIRST_DAY <= day <= LAST_DAY:
                return day
        raise forms.ValidationError(
            f"“{value}” is no day. Write the {self.which} day as year-month-day, such as 2026-11-25."
        )


class PlaceField(forms.Field):
    """A place in the history, from which older results follow."""

    def to_python(self, value: Any) -> int | None:
        if value is None:
            return None
        if value.isascii() and value.isdecimal() and len(value) < 20 and int(value) <= LAST_PLACE:
            return int(value)
        raise forms.ValidationError("This is no place in the history. Go back to its first page.")


class HistoryQuery(forms.Form):
    """The query of the history; every field may be left out."""

    words = forms.CharField(
        required=False,
        max_length=LONGEST,
        error_messages={
            "max_length": f"Look for {LONGEST} characters at most; a part of a name is enough.",
            "null_characters_not_allowed": "What is looked for holds a character that no name has. Type it again.",
        },
    )
    since = DayField("first")
    until = DayField("last")
    count = forms.ChoiceField(
        required=False,
        choices=Crowd.choices,
        error_messages={"invalid_choice": "“%(value)s” is no number of faces to choose. Choose one from the list."},
    )
    engine = forms.ChoiceField(
        required=False,
        choices=[(name, name) for name in ENGINES],
        error_messages={"invalid_choice": "There is no engine called “%(value)s”. Choose one from the list."},
    )
    state = forms.ChoiceField(
        required=False,
        choices=State.choices,
        error_messages={"invalid_choice": "There is no state called “%(value)s”. Choose one from the list."},
    )
    before = PlaceField(required=False)

    def __init__(self, query: QueryDict) -> None:
        super().__init__(query)
        self.is_valid()

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "The last day lies before the first. Exchange them.")
        return cleaned

    def wanted(self) -> Wanted:
        """What is looked for; everything where the query means nothing."""
        if not self.is_valid():
            return Wanted()
        cleaned = self.cleaned_data
        return Wanted(
            tuple(cleaned["words"].split()),
            start_of(cleaned["since"]),
            start_of(cleaned["until"] and cleaned["until"] + timedelta(days=1)),
            cleaned["engine"],
            cleaned["state"],
            cleaned["count"],
        )

    def items(self) -> list[tuple[str, str]]:
        """The filters that are set, for links and forms that keep them."""
        if not self.is_valid():
            return []
        return [(name, str(value)) for name in NAMES if (value := self.cleaned_data[name])]

    def query(self) -> str:
        """The same as the end of an address."""
        return as_query(self.items())

    def query_of_page(self) -> str:
        """With the place of this page as well."""
        return self.query_before(self.cleaned_data.get("before"))

    def query_before(self, place: int | None) -> str:
        return as_query(self.items() if place is None else [*self.items(), ("before", str(place))])

    def sentences(self) -> list[str]:
        """Why the query was refused."""
        return [str(error) for errors in self.errors.values() for error in errors]


def as_query(items: list[tuple[str, str]]) -> str:
    return f"?{urlencode(items)}" if items else ""


def start_of(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None


def owner_sought(owner: str | None) -> str | None:
    return None if visibility.is_history_shared() else owner or ""
