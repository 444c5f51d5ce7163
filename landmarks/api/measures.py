"""The measures of a result, by token."""

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from ninja.decorators import decorate_view
from pydantic import BaseModel, Field

from landmarks.api.conditional import conditional
from landmarks.api.file_operations import file_operation
from landmarks.api.result_router import ERRORS, NOT_FOUND, find_result, router
from landmarks.api.schemas import ErrorBody
from landmarks.exports import measures
from landmarks.http.export_responses import export_one
from landmarks.services import exporting

CSV = "text/csv; charset=utf-8"


class MeasuredValue(BaseModel):
    """A value of a face. docs/measures.md defines every measure."""

    measure: str
    side: Literal["whole", "left", "right", "difference"] = Field(
        description="Left and right are the sides of the picture; the difference is left minus right."
    )
    unit: Literal["px", "eye_percent", "mm", "degree", "percent", "percent_of_mean", "score"] = Field(
        description="`eye_percent` is percent of the distance between the outer eye corners, `percent_of_mean` of the "
        "mean of both sides. Lengths are given in all units of length."
    )
    value: float
    error: float | None = Field(
        description="One standard deviation, from the expected errors of the points; null if the engine reports none."
    )
    is_guessed: bool = Field(description="Whether it needs a point that the engine could not see well.")


class MeasuredFace(BaseModel):
    """What is measured on a face."""

    number: int = Field(description="1 is the largest.")
    yaw: float | None = Field(description="Degrees by which the head is turned; null if the engine reports no pose.")
    is_turned: bool = Field(description="Turned by more than 10°: left and right cannot be compared.")
    mm_per_px: float | None = Field(description="By the iris, taken as 11.7 mm wide; null if there is none to see.")
    mm_error: float | None = Field(
        description="Share that all millimetres may be off together, besides their own errors: one standard deviation."
    )
    no_mm: Literal["iris_not_reported", "iris_hidden", "iris_small"] | None = Field(
        description="Why there are no millimetres."
    )
    values: list[MeasuredValue]


class MeasuresOut(BaseModel):
    """The measures of all faces of a result."""

    result: UUID
    faces: list[MeasuredFace]


@router.api_operation(
    ["GET", "HEAD"],
    "/api/results/{uuid:id}/measures",
    response={200: MeasuresOut, ERRORS | NOT_FOUND: ErrorBody},
    operation_id="readMeasures",
    summary="Measure the faces of a result",
    url_name="measures",
)
def read_measures(request: HttpRequest, id: UUID) -> dict[str, Any]:
    """Distances, angles and indices of each face, with differences between its sides and its symmetry."""
    return measures.to_json(exporting.analysis_of(find_result(request, id)))


@file_operation(
    "/api/results/{uuid:id}/measures.csv",
    CSV,
    id="exportMeasures",
    name="measures-csv",
    summary="Measure the faces of a result, as CSV",
)
@decorate_view(conditional)
def measures_csv(request: HttpRequest, id: UUID) -> HttpResponseBase:
    """A row for each value, with the columns of the JSON."""
    return export_one(request, find_result(request, id), "measures")
