"""Pictures of the measures of several results, by token."""

from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query
from ninja.decorators import decorate_view
from pydantic import BaseModel, Field

from landmarks.api.auth import owner_of
from landmarks.api.conditional import conditional
from landmarks.api.export_schemas import SelectionQuery
from landmarks.api.file_operations import file_operation
from landmarks.api.result_files import SVG
from landmarks.api.result_router import visible_results
from landmarks.core.errors import RequestInvalid
from landmarks.core.measures import MEASURES
from landmarks.http.file_responses import FILE_POLICY
from landmarks.http.measure_query import LENGTHS, MeasureQuery
from landmarks.http.query_fields import first_error
from landmarks.http.selection import selected_by
from landmarks.models import ResultQuerySet
from landmarks.services import measuring


class ScatterQuery(BaseModel):
    """What is drawn."""

    measure: str | None = Field(None, description="Its name.", json_schema_extra={"enum": list(MEASURES)})
    y: str | None = Field(
        None, description="The same as `measure`, beside `x`.", json_schema_extra={"enum": list(MEASURES)}
    )
    x: str | None = Field(
        None,
        description="A measure against which the other is drawn; in the order of the results without it.",
        json_schema_extra={"enum": list(MEASURES)},
    )
    unit: str | None = Field(None, description="Of lengths.", json_schema_extra={"enum": [*LENGTHS]})
    theme: Literal["light", "dark"] | None = None


@file_operation(
    "/api/results/scatter.svg",
    SVG,
    id="drawScatter",
    name="scatter",
    summary="Draw a measure of several results",
)
@decorate_view(conditional)
def scatter(request: HttpRequest, selection: Query[SelectionQuery], query: Query[ScatterQuery]) -> HttpResponse:
    """Of the largest face of each, the oldest first or against a second measure, with errors; at most of the newest
    1,000. The values of all of them are the export formats `measures` and `measures-json`.
    """
    form = MeasureQuery(request.GET)
    if not form.is_valid():
        raise RequestInvalid("form_invalid", reason=first_error(form))
    svg = measuring.scatter_svg(results_of(request), form.name, form.length_unit, form.colours, form.against)
    return picture(svg)


@file_operation(
    "/api/results/mean-shape.svg",
    SVG,
    id="drawMeanShape",
    name="mean-shape",
    summary="Draw the mean shape of several results",
)
@decorate_view(conditional)
def mean_shape(request: HttpRequest, selection: Query[SelectionQuery]) -> HttpResponse:
    """Of the largest faces, aligned by position, size and rotation, with one standard deviation of each point."""
    return picture(measuring.mean_shape_svg(results_of(request)))


def results_of(request: HttpRequest) -> ResultQuerySet:
    return selected_by(request.GET, owner_of(request), visible_results(request))


def picture(svg: str) -> HttpResponse:
    return HttpResponse(svg, content_type=SVG, headers={"Content-Security-Policy": FILE_POLICY})
