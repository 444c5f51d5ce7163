"""What is chosen under "Save as", and remembered for the next time."""

from dataclasses import asdict, dataclass

from django import forms
from django.http import HttpRequest

from landmarks.exports.formats import Can
from landmarks.exports.point_sets import POINT_SETS
from landmarks.http.export_query import ARCHIVE, INSIDE
from landmarks.http.query_fields import FlagField
from landmarks.services.exporting import export_formats, format_called

KEY = "save_as"
"""Of the session."""


@dataclass(frozen=True)
class Choice:
    format: str = "png"
    scheme: str = ""
    photos: bool = False
    guessed: bool = True


class SaveAsForm(forms.Form):
    """Unlike in addresses of exports, a box that isn't ticked is one that is missing."""

    format = forms.ChoiceField(
        choices=[(name, name) for name in export_formats()],
        error_messages={
            "required": "No format is chosen. Choose one.",
            "invalid_choice": f"“%(value)s” isn't one of the formats: {', '.join(export_formats())}.",
        },
    )
    scheme = forms.ChoiceField(
        required=False,
        choices=[(name, name) for name in ("", *POINT_SETS)],
        error_messages={"invalid_choice": f"“%(value)s” isn't one of the schemes: {', '.join(POINT_SETS)}."},
    )
    photos = FlagField("photos")
    guessed = FlagField("guessed")

    def choice(self) -> Choice:
        return Choice(**self.cleaned_data)

    def format_name(self) -> str:
        """With photos, that of the archive which has the file in it."""
        choice = self.choice()
        return ARCHIVE if choice.photos and choice.format in INSIDE else choice.format

    def options(self) -> dict[str, str]:
        """For the address of the export: what the chosen format lets one choose, where it isn't the default."""
        choice = self.choice()
        can, options = format_called(choice.format).can, {}
        if self.format_name() != choice.format:
            options["formats"] = choice.format
        if choice.scheme and Can.SCHEME in can:
            options["scheme"] = choice.scheme
        if not choice.guessed and Can.GUESSED in can:
            options["guessed"] = "0"
        return options


def remember(request: HttpRequest, form: SaveAsForm) -> None:
    # As a query has it, which the form reads again.
    request.session[KEY] = {
        name: str(int(value) if isinstance(value, bool) else value) for name, value in asdict(form.choice()).items()
    }


def remembered(request: HttpRequest) -> Choice:
    """The last choice of this browser; the default where there is none, or an earlier version's."""
    form = SaveAsForm(request.session.get(KEY) or {})
    return form.choice() if form.is_valid() else Choice()
