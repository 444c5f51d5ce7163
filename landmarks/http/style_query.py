"""What a picture shows, as given by the query of a URL."""

from dataclasses import replace

from django import forms
from django.http import QueryDict

from landmarks.core.schema import REGIONS
from landmarks.drawing.colour import Colouring
from landmarks.drawing.style import MAX_SIZE, MIN_OPACITY, MIN_SIZE, Style
from landmarks.exports.point_sets import ALL_POINTS, POINT_SETS
from landmarks.http.query_fields import FactorField, FlagField, ListField, WholeField, one_of

NO_SUCH_FACE = "There is no face %(value)s. Faces are numbered from 1."


class StyleForm(forms.Form):
    """How faces are drawn; every field is optional."""

    regions = ListField(
        required=False,
        choices=[(region.name, region.label) for region in REGIONS],
        error_messages={
            "invalid_choice": "There is no region called “%(value)s”. The regions are: "
            + ", ".join(region.name for region in REGIONS)
            + "."
        },
    )
    faces = ListField(required=False, error_messages={"invalid_choice": NO_SUCH_FACE})
    labels = FlagField("labels")
    lines = FlagField("lines", default="1")
    points = FlagField("points", default="1")
    guessed = FlagField("guessed", default="1")
    mesh = FlagField("mesh")
    size = FactorField("size", MIN_SIZE, MAX_SIZE)
    opacity = FactorField("opacity", MIN_OPACITY, 1.0)
    colour = forms.ChoiceField(
        required=False,
        choices=[(colouring.value, colouring.value) for colouring in Colouring],
        error_messages={"invalid_choice": "“colour” must be one of " + ", ".join(Colouring) + ", not “%(value)s”."},
    )

    scheme = one_of("scheme", POINT_SETS)

    def __init__(self, query: QueryDict, face_count: int) -> None:
        super().__init__(query)
        numbers = [(str(number), str(number)) for number in range(1, face_count + 1)]
        for name in ("faces", "face"):
            if name in self.fields:
                self.fields[name].choices = numbers  # type: ignore[attr-defined]

    def style(self) -> Style:
        cleaned = self.cleaned_data
        values = {name: cleaned[name] for name in ("labels", "lines", "points", "guessed", "mesh", "size", "opacity")}
        style = Style(**values, colour=Colouring(cleaned["colour"] or Colouring.REGION), scheme=self.other_scheme())
        if cleaned["regions"] is not None:
            style = replace(style, regions=cleaned["regions"])
        if cleaned.get("faces") is not None:
            style = replace(style, faces=frozenset(map(int, cleaned["faces"])))
        return style

    def other_scheme(self) -> str:
        """Empty for the 90 points."""
        name: str = self.cleaned_data["scheme"]
        return "" if name == ALL_POINTS.name else name


class PictureForm(StyleForm):
    """The query of a picture: also the whole factor by which it is enlarged."""

    def __init__(self, query: QueryDict, face_count: int, largest_scale: int) -> None:
        super().__init__(query, face_count)
        self.fields["scale"] = WholeField("scale", 1, largest_scale)

    def scale(self) -> int | None:
        """None if it is left to the site."""
        factor: int | None = self.cleaned_data["scale"]
        return factor
