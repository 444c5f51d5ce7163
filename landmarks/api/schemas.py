"""What programs send and get: every body with its types, from which the specification is made."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, Field, RootModel, WithJsonSchema

from landmarks.core.schema import POINT_COUNT, REGIONS
from landmarks.http.history_query import LONGEST
from landmarks.models import FaceCountBucket, Outcome
from landmarks.net.ssrf_guard import MAX_LENGTH
from landmarks.services.descriptions import NAME_LENGTH, NOTE_LENGTH, on_one_line

VERSIONS = {"2.0": "2.0", "2": "2.0", 2: "2.0", "3.0": "3.0", "3": "3.0", 3: "3.0"}
"""Spellings of the versions of the face model that the vendor knows; clients send texts, whole numbers and floats."""
DEFAULT_VERSION = "3.0"

# --- what comes in ---------------------------------------------------------------------------------------------------


def read_flag(value: Any) -> int:
    """0 or 1, also as 1.0, which some clients send; nothing is 0."""
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int | float) or value not in (0, 1):
        raise ValueError("must be 0 or 1")
    return int(value)


def read_version(value: Any) -> str:
    if value is None:
        return DEFAULT_VERSION
    if isinstance(value, bool) or not isinstance(value, str | int | float) or value not in VERSIONS:
        raise ValueError(f"must be one of {', '.join(sorted(set(VERSIONS.values())))}")
    return VERSIONS[value]


def read_name(value: Any) -> Any:
    return on_one_line(value) if isinstance(value, str) else value


Flag = Annotated[int, BeforeValidator(read_flag), WithJsonSchema({"enum": [0, 1, None]})]
Version = Annotated[str, BeforeValidator(read_version), WithJsonSchema({"enum": [*VERSIONS, None]})]
WebAddress = Annotated[str, Field(min_length=1, max_length=MAX_LENGTH)]


class Asked(BaseModel):
    """How a photo is to be looked at."""

    mode: Flag = Field(0, description="0: all faces. 1: the largest face only.")
    need_rotate_detection: Flag = Field(0, description="1: also look for faces after quarter turns of the photo.")
    face_model_version: Version = Field(
        DEFAULT_VERSION, description="Taken for the vendor's sake and told again; our engine has a version of its own."
    )


class AnalyzeIn(Asked):
    image_url: WebAddress = Field(
        description="Where the photo is: http or https, or the `url` of an upload. Not a `data:` address."
    )


class ResultIn(Asked):
    """A photo to look at and to keep, by its address; a form may have the file instead."""

    image_url: WebAddress | None = Field(None, description="Where the photo is.")
    engine: str = Field("auto", description="`auto`, or the name of an engine that this site offers.")


class ResultPatch(BaseModel):
    name: Annotated[str, BeforeValidator(read_name), Field(min_length=1, max_length=NAME_LENGTH)] | None = None
    note: str | None = Field(None, max_length=NOTE_LENGTH)


class ListQuery(BaseModel):
    """What is looked for; whatever is left out may be anything."""

    words: str | None = Field(None, max_length=LONGEST, description="Each is in the name or in the note.")
    since: date | None = Field(None, description="The first day.")
    until: date | None = Field(None, description="The last day.")
    count: FaceCountBucket | None = Field(None, description="How many faces were found.")
    engine: str | None = None
    state: Outcome | None = Field(None, description="What came of the run.")
    before: str | None = Field(None, pattern="^[0-9]{1,19}$", description="A place in the history, as in `next`.")
    limit: int = Field(30, ge=1, le=100, description="Most results of one answer.")


# --- what goes out ---------------------------------------------------------------------------------------------------


class WholePoint(BaseModel):
    """Pixels of the upright photo, from its top left corner."""

    x: int
    y: int


class Point(BaseModel):
    """Pixels of the upright photo, from its top left corner, with the precision of the engine."""

    x: float
    y: float


def with_regions(schema: dict[str, Any]) -> None:
    """In the specification: the nine regions, each with its number of points, and nothing else."""
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


class Box(BaseModel):
    left: float
    top: float
    right: float
    bottom: float


class Pose(BaseModel):
    """Degrees: yaw above 0 looks to the right of the picture, pitch above 0 up, roll above 0 is clockwise."""

    yaw: float
    pitch: float
    roll: float


class Gaze(BaseModel):
    """Degrees within the head: yaw above 0 to the right of the picture, pitch above 0 up."""

    yaw: float
    pitch: float


class Face(BaseModel):
    """All that is known of a face. What an engine does not tell is null."""

    number: int = Field(description="1 is the largest.")
    points: FacePoints
    box: Box = Field(description="Around the 90 points.")
    score: float | None = Field(description="How sure the engine is that this is a face, 0 to 1.")
    uncertainty: Annotated[list[float], Field(min_length=POINT_COUNT, max_length=POINT_COUNT)] | None = Field(
        description="How far off each of the 90 points is expected to be, as a part of the distance between the eyes."
    )
    pose: Pose | None
    gaze: Gaze | None
    expressions: dict[str, float] | None = Field(description="Scores of 0 to 1 by the names of ARKit.")
    eye_openness: tuple[float, float] = Field(description="Height by width of the left and the right eye.")
    mouth_openness: float = Field(description="Distance of the lips by the width of the mouth.")


class Extras(BaseModel):
    """What facesite knows beyond the vendor's answer."""

    engine: str
    engine_version: str
    elapsed_ms: float
    face_total: int = Field(description="Faces that the engine saw, also those beyond as many as are told.")
    faces: list[Face]


class AnalyzeOut(BaseModel):
    """The vendor's answer: these four keys, and `extras` only where they were asked for."""

    image_width: int
    image_height: int
    face_model_version: str
    face_shape_set: list[FaceShape]
    extras: Extras | None = None


class FileOut(BaseModel):
    """Where the upload can be found for a quarter of an hour; both are the same."""

    file_url: str
    url: str


class PhotoFacts(BaseModel):
    width: int
    height: int
    format: str = Field(description="Of the file as it was sent.")
    orientation: int = Field(description="EXIF orientation that was applied; 1 for none.")


class Cause(BaseModel):
    code: str
    message: str


class Attempt(BaseModel):
    """One look at the photo."""

    turned: int = Field(description="Degrees clockwise by which the photo was turned.")
    width: float | None = Field(description="Of the likeliest spot, in pixels.")
    score: float | None = Field(description="Of the likeliest spot, 0 to 1.")
    face_count: int
    sizes: list[int] = Field(description="Long sides in pixels at which the photo was looked at.")


class ResultSummary(BaseModel):
    """One run of an engine over one photo, without its faces."""

    id: UUID
    name: str
    note: str
    created: datetime
    photo: PhotoFacts
    engine: str
    engine_version: str
    face_model_version: str
    mode: Literal[0, 1]
    need_rotate_detection: Literal[0, 1]
    elapsed_ms: float | None = Field(description="Time that the engine took; null when it failed.")
    trace_id: str = Field(description="What the hosted engine calls this run by; empty for the embedded one.")
    remark: str
    address: str = Field(description="Where the photo was fetched from; empty for one that was sent.")
    face_count: int
    face_total: int = Field(description="Faces that the engine saw, also those beyond as many as are told.")
    error: Cause | None = Field(description="Why the engine failed; null when it did not.")
    url: str = Field(description="Of the result in this API.")
    exports: dict[str, str] = Field(description="Where the result can be had in other forms.")


class ResultOut(ResultSummary):
    """One run of an engine over one photo: all that is known of it."""

    attempts: list[Attempt]
    faces: list[Face]


class ResultPage(BaseModel):
    """Results, newest first."""

    results: list[ResultSummary]
    next: str | None = Field(description="Where older results follow; null at the end.")


class Refusal(BaseModel):
    """Why a request was not answered, in the vendor's form."""

    success: Literal[False]
    error: Cause
    trace_id: str = Field(description="Also in the header `x-trace-id`. Tell it to whoever runs the site.")
