"""The query strings of exports, from which the OpenAPI document is generated."""

from typing import Annotated

from pydantic import Field, WithJsonSchema

from landmarks.api.request_schemas import SCHEMES, SWITCH, DrawingQuery, FilterQuery, listed
from landmarks.exports.formats import Can
from landmarks.exports.options import Shapes
from landmarks.exports.registry import FORMATS
from landmarks.http.export_query import INSIDE

IDS = WithJsonSchema(listed({"type": "string", "format": "uuid"}))
SHAPES = WithJsonSchema({"type": "string", "enum": list(Shapes)})
INSIDE_LIST = WithJsonSchema(listed({"type": "string", "enum": list(INSIDE)}))


def formats_that(can: Can) -> str:
    return ", ".join(name for name, each in FORMATS.items() if can in each.can)


class ExportQuery(DrawingQuery):
    """Options of a format; an error if it has not that option. The others are for drawings."""

    scheme: Annotated[str | None, SCHEMES] = Field(
        None, description=f"Which points, the 90 by default. For {formats_that(Can.SCHEME)}."
    )
    guessed: Annotated[str | int, SWITCH] = Field(
        1, description=f"0: without the points that are guessed. For {formats_that(Can.GUESSED)}."
    )
    shapes: Annotated[str | None, SHAPES] = Field(None, description=f"For {formats_that(Can.SHAPES)}.")
    formats: Annotated[list[str], INSIDE_LIST] = Field(
        default_factory=list,
        description="For zip: what it holds beside the photos, nothing by default. Repeat it, or use commas.",
    )


class SelectionQuery(FilterQuery):
    """Which results: those with these ids, or all that match the filters."""

    ids: Annotated[list[str], IDS] = Field(
        default_factory=list, description="Instead of filters. Repeat it, or use commas."
    )
    all: str | None = Field(
        None, pattern="^[0-9]{1,19}$", description="A position in the history: newer results are left out."
    )
