"""The types of response bodies, from which the OpenAPI document is generated."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, RootModel, WithJsonSchema

from landmarks.api.scheme_schemas import SchemePoints
from landmarks.core.dense import DENSE_COUNT
from landmarks.core.schema import POINT_COUNT, REGIONS

Uri = Annotated[str, Field(json_schema_extra={"format": "uri"})]


class WholePoint(BaseModel):
    """Pixels of the upright photo, from its top left corner."""

    x: int
    y: int


class Point(BaseModel):
    """Pixels of the upright photo, from its top left corner, in the engine's precision."""

    x: float
    y: float


def with_regions(schema: dict[str, Any]) -> None:
    """Describe the nine regions with their numbers of points in the OpenAPI document, and allow no others."""
    points = schema.pop("additionalProperties")
    schema["properties"] = {
        region.name: {
            **points,
            "description": f"{region.label}. {'; '.join(f'{n}: {what}' for n, what in enumerate(region.meanings))}.",
            "minItems": region.count,
            "maxItems": region.count,
        }
        for region in REGIONS
    }
    schema["required"] = [region.name for region in REGIONS]
    schema["additionalProperties"] = False


class FaceShape(RootModel[dict[str, list[WholePoint]]]):
    """The 90 points of a face by region, in whole pixels. Left and right are the sides of the picture."""

    model_config = {"json_schema_extra": with_regions}


class FacePoints(RootModel[dict[str, list[Point]]]):
    """The 90 points of a face by region. Left and right are the sides of the picture."""

    model_config = {"json_schema_extra": with_regions}


DensePoint = Annotated[
    list[float],
    Field(
        min_length=3,
        max_length=3,
        description="x, y and depth, all in pixels of the upright photo; what is closer to the camera has less depth.",
    ),
]


class Box(BaseModel):
    """A rectangle, in pixels of the upright photo."""

    left: float
    top: float
    right: float
    bottom: float


class Pose(BaseModel):
    """Degrees. Positive yaw turns to the right of the picture, positive pitch up, positive roll clockwise."""

    yaw: float
    pitch: float
    roll: float


class Gaze(BaseModel):
    """Degrees relative to the head. Positive yaw is to the right of the picture, positive pitch up."""

    yaw: float
    pitch: float


class Face(BaseModel):
    """Everything that is known about a face. What the engine does not report is null."""

    number: int = Field(description="1 is the largest.")
    points: FacePoints
    box: Box = Field(description="Around the 90 points.")
    score: float | None = Field(description="The engine's confidence that this is a face, 0 to 1.")
    uncertainty: Annotated[list[float], Field(min_length=POINT_COUNT, max_length=POINT_COUNT)] | None = Field(
        description="Expected error of each point, in units of the distance between the eyes."
    )
    pose: Pose | None
    gaze: Gaze | None
    irises: Annotated[list[float | None], Field(min_length=2, max_length=2)] | None = Field(
        description="Pixels across the visible iris of the left and the right eye; null for one that is covered."
    )
    covered: list[str] | None = Field(
        description="Names of regions that something hides, such as a mask or dark glasses; their points are guessed."
    )
    expressions: dict[str, float | None] | None = Field(
        description="Scores from 0 to 1, by ARKit's names of expressions; null for one whose part is covered."
    )
    eye_openness: Annotated[list[float | None], Field(min_length=2, max_length=2)] = Field(
        description="Height of the left and the right eye, in units of its width; null for one that is covered."
    )
    mouth_openness: float | None = Field(
        description="Distance between the lips, in units of the mouth's width; null if the mouth is covered."
    )
    dense: Annotated[list[DensePoint], Field(min_length=DENSE_COUNT, max_length=DENSE_COUNT)] | None = Field(
        None,
        description="The dense points; only if they were kept and are requested by `dense=1`.",
        exclude_if=lambda points: points is None,
    )
    scheme: SchemePoints | None = Field(
        None,
        description="The points of the scheme that is requested by `scheme`.",
        exclude_if=lambda points: points is None,
    )


class Extras(BaseModel):
    """What facesite reports beyond the vendor's response."""

    engine: str
    engine_version: str
    elapsed_ms: float
    face_total: int = Field(description="Faces that the engine found, including those beyond the limit.")
    faces: list[Face]


class AnalyzeOut(BaseModel):
    """The vendor's response: these four keys, and `extras` only if requested."""

    image_width: int
    image_height: int
    face_model_version: str
    face_shape_set: list[FaceShape]
    extras: Extras | None = None


class FileOut(BaseModel):
    """Address of the upload, valid for 15 minutes; both keys have the same value."""

    file_url: Uri
    url: Uri


class PhotoInfo(BaseModel):
    """The photo of a result, in pixels of its upright copy."""

    width: int
    height: int
    format: str = Field(description="Format of the file that was sent.")
    orientation: int = Field(description="EXIF orientation that was applied, 1 if there was none.")
    lowered_quality: int | None = Field(
        None,
        description="Quality of the stored JPEG, 1 to 100. Only present if the usual quality made it too large.",
        exclude_if=lambda quality: quality is None,
    )


class Cause(BaseModel):
    """A code for programs, and a message for people."""

    code: str
    message: str


class Attempt(BaseModel):
    """One search for faces, with the photo rotated in one way."""

    turned: int = Field(description="Degrees clockwise by which the photo was rotated.")
    width: float | None = Field(description="Width of the best candidate, in pixels.")
    score: float | None = Field(description="Score of the best candidate, 0 to 1.")
    face_count: int
    sizes: list[int] = Field(description="Longer sides, in pixels, of the copies that were searched.")


class Pictures(BaseModel):
    """Addresses of the photo and its drawings."""

    photo: Uri
    overlay_png: Uri
    overlay_svg: Uri
    blurred: Uri = Field(description="The photo with every face that was found blurred.")


MatrixRow = tuple[float, float, float]


class RegionPolygon(BaseModel):
    """The area of a region."""

    value: int = Field(description="Of its pixels in the mask.")
    points: list[tuple[float, float]] = Field(description="Corners in order, in pixels of the photo.")


class FaceGeometry(BaseModel):
    """Areas of a face, and where a crop has it."""

    number: int
    size: int = Field(description="Of each side of the crop, in pixels.")
    margin: float
    matrix: tuple[MatrixRow, MatrixRow] = Field(
        description="From pixels of the photo to those of the crop: x' = a·x + b·y + c, y' = d·x + e·y + f."
    )
    polygons: dict[str, RegionPolygon] = Field(description="By region.")


class ResultSummary(BaseModel):
    """One run of an engine over one photo, without its faces."""

    id: UUID
    name: str
    note: str
    created: datetime
    photo: PhotoInfo
    engine: str
    engine_version: str
    face_model_version: str
    mode: Literal[0, 1]
    need_rotate_detection: Literal[0, 1]
    elapsed_ms: float | None = Field(description="Time that the engine took; null if it failed.")
    trace_id: str = Field(description="The hosted engine's id of this run; empty for the embedded engine.")
    remark: str
    address: str = Field(
        description="Where the photo was fetched from; empty for an upload. Only the owner of a result sees the query."
    )
    face_count: int
    face_total: int = Field(description="Faces that the engine found, including those beyond the limit.")
    error: Cause | None = Field(description="Why the engine failed; null if it did not.")
    url: Uri = Field(description="Address of the result in this API.")
    pictures: Pictures = Field(description="Addresses of its photo and drawings.")
    exports: dict[str, Uri] = Field(description="Addresses of the result in each export format.")


class ResultOut(ResultSummary):
    """One run of an engine over one photo, with everything that is known about it."""

    attempts: list[Attempt]
    faces: list[Face]


class ResultPage(BaseModel):
    """Results, newest first."""

    results: list[ResultSummary]
    next: Uri | None = Field(description="Address of the next page, with older results; null at the end.")
    total: int | None = Field(description="Results on all pages; null if `words` are searched for.")


class WebhookOut(BaseModel):
    """Where the end of a job or collection is reported to, and what became of the last report."""

    url: Uri
    status: Literal["waiting", "pending", "delivered", "failed"] = Field(
        description="`waiting`: for the end. `pending`: for the next attempt to deliver it. `failed`: given up."
    )
    attempts: int = Field(description="Made until now, eight at most.")
    next_attempt: datetime | None = Field(description="When it is tried again; null unless it is pending.")
    finished: datetime | None = Field(description="When it was delivered or given up.")
    error: Cause | None = Field(description="Why the last attempt failed; null if it did not.")


class JobOut(BaseModel):
    """A photo that is stored, and analysed as soon as it is its turn."""

    id: UUID
    status: Literal["queued", "running", "done", "failed", "cancelled"]
    url: Uri = Field(description="Address of the job, to be polled.")
    progress: float = Field(description="0 to 1; 1 is the end.")
    created: datetime
    finished: datetime | None = Field(description="When it ended; null before.")
    attempts: int = Field(description="How often it was begun, three times at most.")
    result: UUID | None = Field(description="Id of its result, once there is one.")
    error: Cause | None = Field(description="Why it failed; null if it did not.")
    webhook: WebhookOut | None = Field(description="Where its end is reported to; null if nowhere.")


class DeletedOut(BaseModel):
    """Which results were deleted."""

    deleted: list[UUID]
    not_found: list[UUID]


class RestoredOut(BaseModel):
    """Which results were restored."""

    restored: list[UUID]
    not_found: list[UUID]


class ErrorBody(BaseModel):
    """Why a request failed, in the vendor's format."""

    # Published as any boolean: generated clients compare a constant with the text "false".
    success: Annotated[Literal[False], WithJsonSchema({"type": "boolean", "description": "Always false."})]
    error: Cause
    trace_id: str = Field(description="Also in the header `x-trace-id`. Quote it when you ask for help.")
