"""Which part of a face a picture shows, as given by the query of a URL."""

from django import forms
from django.http import QueryDict

from landmarks.core.schema import REGIONS
from landmarks.drawing.face_crop import DEFAULT_CROP, LARGEST, MOST_MARGIN, SMALLEST, Crop
from landmarks.http.query_fields import ListField, WholeField

ALL_REGIONS = tuple(region.name for region in REGIONS)


class MarginField(forms.FloatField):
    """A share; None if it is missing."""

    def __init__(self) -> None:
        message = f"“margin” must be a number from 0 to {MOST_MARGIN:g}."
        errors = dict.fromkeys(("invalid", "min_value", "max_value"), message)
        super().__init__(required=False, min_value=0, max_value=MOST_MARGIN, error_messages=errors)


class CropForm(forms.Form):
    """The query of a crop; both fields are optional."""

    size = WholeField("size", SMALLEST, LARGEST)
    margin = MarginField()

    def __init__(self, query: QueryDict) -> None:
        super().__init__(query)

    def crop(self) -> Crop:
        size, margin = self.cleaned_data["size"], self.cleaned_data["margin"]
        return Crop(
            DEFAULT_CROP.size if size is None else size,
            DEFAULT_CROP.margin if margin is None else margin,
        )


class MaskForm(CropForm):
    """The query of a mask: also its regions. With a size or margin it fits the crop, otherwise the photo."""

    regions = ListField(
        required=False,
        choices=[(name, name) for name in ALL_REGIONS],
        error_messages={
            "invalid_choice": "There is no region called “%(value)s”. The regions are: " + ", ".join(ALL_REGIONS) + "."
        },
    )

    def chosen_regions(self) -> tuple[str, ...]:
        """All if none are named, in the order of the schema."""
        chosen = self.cleaned_data["regions"]
        return tuple(name for name in ALL_REGIONS if chosen is None or name in chosen)

    def chosen_crop(self) -> Crop | None:
        is_cropped = any(self.cleaned_data[name] is not None for name in ("size", "margin"))
        return self.crop() if is_cropped else None
