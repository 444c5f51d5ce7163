"""Fields of query strings, and the first error of a form."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict


def first_error(form: forms.BaseForm) -> str:
    """The message of an invalid form, for a response without the form."""
    return str(next(iter(form.errors.values()))[0])


def one_of(name: str, values: Iterable[str]) -> forms.ChoiceField:
    """One of these texts; empty if it is missing."""
    values = list(values)
    message = f"“{name}” must be one of {', '.join(values)}, not “%(value)s”."
    choices = [(value, value) for value in values]
    return forms.ChoiceField(required=False, choices=choices, error_messages={"invalid_choice": message})


class FlagField(forms.ChoiceField):
    """0 or 1, as in the vendor's API."""

    def __init__(self, name: str, default: str = "0") -> None:
        self.default = default
        message = f"“{name}” must be 0 or 1."
        super().__init__(choices=[("0", "0"), ("1", "1")], required=False, error_messages={"invalid_choice": message})

    def clean(self, value: Any) -> bool:
        return (super().clean(value) or self.default) == "1"


class ListInput(forms.SelectMultiple):
    """Accepts `a=x&a=y` and `a=x,y` alike; None if the name is missing."""

    def value_from_datadict(self, data: QueryDict, files: Any, name: str) -> list[str] | None:  # type: ignore[override]
        if name not in data:
            return None
        return [item for value in data.getlist(name) for item in value.split(",") if item]


class ListField(forms.MultipleChoiceField):
    """A set of choices; None if the field is missing, which differs from an empty one."""

    widget = ListInput

    def clean(self, value: Any) -> frozenset[str] | None:
        return None if value is None else frozenset(super().clean(value))


class FactorField(forms.FloatField):
    """A number within limits, 1 by default."""

    def __init__(self, name: str, least: float, most: float) -> None:
        message = f"“{name}” must be a number from {least} to {most}."
        errors = dict.fromkeys(("invalid", "min_value", "max_value"), message)
        super().__init__(required=False, min_value=least, max_value=most, error_messages=errors)

    def clean(self, value: Any) -> float:
        return super().clean(value) or 1.0


class WholeField(forms.IntegerField):
    """A whole number within limits; None if it is missing."""

    def __init__(self, name: str, least: int, most: int) -> None:
        message = f"“{name}” must be a whole number from {least} to {most}."
        errors = dict.fromkeys(("invalid", "min_value", "max_value"), message)
        super().__init__(required=False, min_value=least, max_value=most, error_messages=errors)
