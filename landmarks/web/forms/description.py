"""The name and the note of a result."""

from django import forms

from landmarks.models import Result
from landmarks.services.descriptions import NAME_LENGTH, NOTE_LENGTH, on_one_line


class DescribeForm(forms.Form):
    name = forms.CharField(
        max_length=NAME_LENGTH,
        error_messages={
            "required": "Enter a name.",
            "max_length": f"This name is longer than {NAME_LENGTH} characters. Use the note for the rest.",
        },
    )
    note = forms.CharField(
        required=False,
        max_length=NOTE_LENGTH,
        error_messages={"max_length": f"This note is longer than {NOTE_LENGTH} characters. Shorten it."},
    )

    def clean_name(self) -> str:
        return on_one_line(self.cleaned_data["name"])

    def clean_note(self) -> str:
        return "\n".join(self.cleaned_data["note"].splitlines())


def describe_form(result: Result) -> DescribeForm:
    """The form before anything is sent."""
    return DescribeForm(initial={"name": result.name, "note": result.note})
