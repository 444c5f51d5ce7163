"""The types of points of other schemes in response bodies, from which the OpenAPI document is generated."""

from pydantic import BaseModel, Field


class SchemePoint(BaseModel):
    """A point of another scheme, in pixels of the upright photo."""

    number: int = Field(description="As the scheme counts, from 0.")
    name: str = Field(description="Part of the face and number within it. Left and right are the sides of the picture.")
    x: float
    y: float
    uncertainty: float | None = Field(
        description="Expected error of the points that it is computed from, in units of the distance between the eyes."
    )
    guessed: bool = Field(description="Whether most of what it is computed from is guessed.")


class SchemePoints(BaseModel):
    """The points of a face in another scheme."""

    name: str
    error: float | None = Field(
        description="Mean distance from annotated points, in percent of the distance between the outer eye corners; "
        "null for the 90."
    )
    points: list[SchemePoint]
