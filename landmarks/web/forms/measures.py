"""Which face the page of measures shows, in which unit."""

from django import forms
from django.http import QueryDict

from landmarks.core.measures.report import Unit
from landmarks.http.style_query import NO_SUCH_FACE

LENGTHS = (Unit.PX, Unit.EYE_PERCENT, Unit.MM)


class MeasuresForm(forms.Form):
    """Both are optional: the largest face, in pixels."""

    face = forms.ChoiceField(required=False, error_messages={"invalid_choice": NO_SUCH_FACE})
    unit = forms.ChoiceField(
        required=False,
        choices=[(unit.value, unit.value) for unit in LENGTHS],
        error_messages={"invalid_choice": "“unit” must be one of " + ", ".join(LENGTHS) + ", not “%(value)s”."},
    )

    def __init__(self, query: QueryDict, face_count: int) -> None:
        super().__init__(query)
        numbers = [(str(number), str(number)) for number in range(1, face_count + 1)]
        self.fields["face"].choices = numbers  # type: ignore[attr-defined]

    def face_number(self) -> int:
        return int(self.cleaned_data["face"] or 1)

    def chosen_unit(self) -> Unit:
        return Unit(self.cleaned_data["unit"] or Unit.PX)
