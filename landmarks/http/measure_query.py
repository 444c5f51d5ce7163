"""Which measure of several results is shown, in which unit and theme, as the query of an address says."""

from django import forms

from landmarks.core.measures import MEASURES
from landmarks.core.measures.report import Unit
from landmarks.drawing.scatter import Theme
from landmarks.http.query_fields import one_of

LENGTHS = (Unit.EYE_PERCENT, Unit.MM, Unit.PX)
"""The first is the default: pixels of different photos cannot be compared."""
FIRST = next(iter(MEASURES))


class MeasureQuery(forms.Form):
    """All are optional."""

    measure = one_of("measure", MEASURES)
    y = one_of("y", MEASURES)
    """The same as `measure`, beside `x`."""
    x = one_of("x", MEASURES)
    """Against which it is drawn, instead of in order."""
    unit = one_of("unit", LENGTHS)
    theme = one_of("theme", Theme)

    @property
    def name(self) -> str:
        return str(self.cleaned_data["y"] or self.cleaned_data["measure"] or FIRST)

    @property
    def against(self) -> str:
        """Empty for the order of the results."""
        return str(self.cleaned_data["x"])

    @property
    def length_unit(self) -> Unit:
        return Unit(self.cleaned_data["unit"] or LENGTHS[0])

    @property
    def colours(self) -> Theme:
        return Theme(self.cleaned_data["theme"] or Theme.LIGHT)
