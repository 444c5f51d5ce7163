"""Form fields of our own."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict


class ManyFilesInput(forms.FileInput):
    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, UploadedFile], name: str
    ) -> list[UploadedFile]:
        return files.getlist(name)


class ManyFilesField(forms.Field):
    """Files as they came, unread: whether they are photos is found out one by one."""

    widget = ManyFilesInput


class FlagField(forms.ChoiceField):
    """0 or 1 in the words of the vendor's API; left out it is the default."""

    def __init__(self, name: str, default: str = "0") -> None:
        self.default = default
        message = f"“{name}” is 0 or 1."
        super().__init__(choices=[("0", "0"), ("1", "1")], required=False, error_messages={"invalid_choice": message})

    def clean(self, value: Any) -> bool:
        return (super().clean(value) or self.default) == "1"


class WordsInput(forms.SelectMultiple):
    """Takes `a=x&a=y` and `a=x,y` alike; None where the name is not in the address at all."""

    def value_from_datadict(self, data: QueryDict, files: Any, name: str) -> list[str] | None:  # type: ignore[override]
        if name not in data:
            return None
        return [word for value in data.getlist(name) for word in value.split(",") if word]


class WordsField(forms.MultipleChoiceField):
    """Words out of a list; None, which is all of them, is told apart from none of them."""

    widget = WordsInput

    def clean(self, value: Any) -> frozenset[str] | None:
        return None if value is None else frozenset(super().clean(value))


class FactorField(forms.FloatField):
    """A number within limits; left out it is 1."""

    def __init__(self, name: str, smallest: float, largest: float) -> None:
        message = f"“{name}” is a factor of {smallest} to {largest}."
        errors = dict.fromkeys(("invalid", "min_value", "max_value"), message)
        super().__init__(required=False, min_value=smallest, max_value=largest, error_messages=errors)

    def clean(self, value: Any) -> float:
        return super().clean(value) or 1.0
