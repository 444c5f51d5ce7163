"""The name and the note of a result."""

from collections.abc import Callable
from typing import Any

from django import forms

from landmarks.core.text import clean_line, clean_lines
from landmarks.models import Result
from landmarks.services.descriptions import NAME_LENGTH, NOTE_LENGTH


class CleanedField(forms.CharField):
    """Text without invisible characters, cleaned before anything is asked of it, such as its length."""

    def __init__(self, clean_text: Callable[[str], str], **options: Any) -> None:
        super().__init__(**options)
        self.clean_text = clean_text

    def to_python(self, value: Any) -> str:
        return self.clean_text(super().to_python(value) or "")


class DescribeForm(forms.Form):
    name = CleanedField(
        clean_line,
        max_length=NAME_LENGTH,
        error_messages={
            "required": "Enter a name.",
            "max_length": f"This name is longer than {NAME_LENGTH} characters. Use the note for the rest.",
        },
    )
    note = CleanedField(
        clean_lines,
        required=False,
        max_length=NOTE_LENGTH,
        error_messages={"max_length": f"This note is longer than {NOTE_LENGTH} characters. Shorten it."},
    )


def describe_form(result: Result) -> DescribeForm:
    """The form before anything is sent."""
    return DescribeForm(initial={"name": result.name, "note": result.note})
