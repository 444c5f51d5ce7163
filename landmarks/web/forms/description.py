"""The name of a result and the note that its owner keeps with it, as a form."""

from django import forms

from landmarks.models import Result
from landmarks.services.descriptions import NAME_LENGTH, NOTE_LENGTH, on_one_line


class DescribeForm(forms.Form):
    name = forms.CharField(
        max_length=NAME_LENGTH,
        error_messages={
            "required": "A result needs a name. Type one, or leave it as it was.",
            "max_length": f"This name is longer than {NAME_LENGTH} characters. Put the rest into the note.",
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


def described(result: Result) -> DescribeForm:
    """The form as it is before anything is sent."""
    return DescribeForm(initial={"name": result.name, "note": result.note})
