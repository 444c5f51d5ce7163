"""The types of request bodies and query strings, from which the OpenAPI document is generated."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, field_validator
from pydantic_core import PydanticCustomError

from landmarks.core.schema import REGIONS
from landmarks.core.text import clean_line, clean_lines
from landmarks.core.traits import TURNED
from landmarks.drawing.colour import Colouring
from landmarks.drawing.face_crop import DEFAULT_CROP, LARGEST, MOST_MARGIN, SMALLEST
from landmarks.drawing.style import MAX_SIZE, MIN_OPACITY, MIN_SIZE
from landmarks.exports.point_sets import POINT_SETS
from landmarks.http.history_query import FIRST_DAY, LARGEST_FACE, LAST_DAY, LONGEST
from landmarks.models import FaceCountBucket, Outcome
from landmarks.net.ssrf_guard import MAX_LENGTH
from landmarks.services.descriptions import NAME_LENGTH, NOTE_LENGTH
from landmarks.services.rendering import LARGEST_SCALE

VERSIONS = {"2.0": "2.0", "2": "2.0", 2: "2.0", "3.0": "3.0", "3": "3.0", 3: "3.0"}
"""Spellings of the vendor's versions of the face model; clients send text, integers and floats."""
DEFAULT_VERSION = "3.0"
NUMBERS = {"0": 0, "1": 1}
DAYS = f"from {FIRST_DAY} to {LAST_DAY}"
MAX_IDS = 500
"""Results that one request can delete or restore."""

DATA_ADDRESS = "data_address"
"""Type of the error, and id of its message."""


def read_flag(value: Any) -> int:
    """0 or 1, also as 1.0 or as text, which some clients send; null is 0."""
    if value is None:
        return 0
    if isinstance(value, str) and value in NUMBERS:
        return NUMBERS[value]
    if isinstance(value, bool) or not isinstance(value, int | float) or value not in (0, 1):
        raise ValueError("must be 0 or 1")
    return int(value)


def read_version(value: Any) -> str:
    if value is None:
        return DEFAULT_VERSION
    if isinstance(value, bool) or not isinstance(value, str | int | float) or value not in VERSIONS:
        raise ValueError(f"must be one of {', '.join(sorted(set(VERSIONS.values())))}")
    return VERSIONS[value]


def read_scheme(value: str) -> str:
    if value not in POINT_SETS:
        raise ValueError(f"must be one of {', '.join(POINT_SETS)}")
    return value


def unless_null(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else read(value)


def read_address(value: Any) -> Any:
    """Before its length is checked: a photo within its address is a longer text than an address can be."""
    if isinstance(value, str) and value[:5].lower() == "data:":
        raise PydanticCustomError(DATA_ADDRESS, "can't be a data: address")
    return value


def listed(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def factor(least: float, most: float) -> WithJsonSchema:
    return WithJsonSchema({"type": "number", "minimum": least, "maximum": most})


def read_name(value: str) -> str:
    cleaned = clean_line(value)
    if not cleaned:
        raise PydanticCustomError("name_invisible", "should have at least 1 visible character")
    return cleaned


# Published are the narrow types that generators of clients understand; what else is accepted, nobody needs to send.
SWITCH = WithJsonSchema({"type": "integer", "enum": [0, 1]})
VERSION = WithJsonSchema({"type": "string", "enum": sorted(set(VERSIONS.values()))})
Flag = Annotated[int, BeforeValidator(read_flag), SWITCH]
Version = Annotated[str, BeforeValidator(read_version), VERSION]
SameFlag = Annotated[int | None, BeforeValidator(unless_null(read_flag)), SWITCH]
SameVersion = Annotated[str | None, BeforeValidator(unless_null(read_version)), VERSION]
WebAddress = Annotated[
    str,
    BeforeValidator(read_address),
    Field(min_length=1, max_length=MAX_LENGTH, json_schema_extra={"format": "uri"}),
]
# The published lengths hold for the text as it was sent; cleaning only shortens it.
Name = Annotated[str, Field(min_length=1, max_length=NAME_LENGTH), AfterValidator(read_name)]
Note = Annotated[str, Field(max_length=NOTE_LENGTH), AfterValidator(clean_lines)]


class Strict(BaseModel):
    """A request in which nothing is null, and nothing unknown, just as it is published."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def refuse_null(cls, value: Any) -> Any:
        if value is None:
            raise ValueError("can't be null; leave it out")
        return value


class RunOptions(BaseModel):
    """How faces are detected."""

    mode: Flag = Field(0, description="0: all faces. 1: the largest face only.")
    need_rotate_detection: Flag = Field(0, description="1: also detect faces after quarter turns of the photo.")
    face_model_version: Version = Field(
        DEFAULT_VERSION,
        description="Returned as sent, for compatibility; our engine has a version of its own.",
    )


class AnalyzeIn(RunOptions):
    """A photo to analyse, by its address."""

    image_url: WebAddress = Field(
        description="Address of the photo: http or https, or the `url` of an upload. Not a `data:` address."
    )


class ResultIn(RunOptions):
    """A photo whose result is kept, by its address or as base64."""

    model_config = ConfigDict(extra="forbid")

    image_url: WebAddress | None = Field(None, description="Address of the photo, unless there is an `image_base64`.")
    image_base64: str | None = Field(None, description="The file as base64 text, unless there is an `image_url`.")
    name: Name | None = Field(None, description="By default, the name of the file or address.")
    note: Note | None = None
    dense: Flag = Field(0, description="1: also keep the 478 dense points of each face.")
    engine: str = Field("auto", description="`auto`, or the name of an engine that is available here.")
    webhook_url: WebAddress | None = Field(
        None, description="Only with `async=1`: where the end of the job is reported to (docs/api.md#webhooks)."
    )


class CreateQuery(BaseModel):
    """When the response comes."""

    is_async: Flag = Field(0, alias="async", description="1: at once, with a job to poll; 0: with the result.")


class AgainIn(Strict):
    """What another run does differently. What is not sent stays as in the first one."""

    mode: SameFlag = None
    need_rotate_detection: SameFlag = None
    face_model_version: SameVersion = None
    dense: SameFlag = None
    engine: str | None = Field(None, description="`auto`, or the name of an engine that is available here.")


class IdsIn(BaseModel):
    """Several results, by their ids."""

    model_config = ConfigDict(extra="forbid")

    ids: list[UUID] = Field(min_length=1, max_length=MAX_IDS, description="Of results.")


class ResultPatch(Strict):
    """A new name or note. What is not sent stays as it is."""

    name: Name | None = None
    note: Note | None = None


FACE_SIZE = WithJsonSchema({"type": "integer", "minimum": 1, "maximum": LARGEST_FACE})


class FilterQuery(BaseModel):
    """Filters; all of them are optional."""

    words: str | None = Field(
        None, max_length=LONGEST, description="Up to eight words, all of which are in the name or note."
    )
    since: date | None = Field(None, description=f"The first day, {DAYS}.")
    until: date | None = Field(None, description=f"The last day, {DAYS}.")
    count: FaceCountBucket | None = Field(None, description="How many faces were found.")
    engine: str | None = None
    state: Outcome | None = Field(None, description="What the run found.")
    has_guessed: Annotated[str | int, SWITCH] = Field(0, description="1: with points that the engine guessed.")
    has_turned: Annotated[str | int, SWITCH] = Field(
        0, description=f"1: with a head turned to a side by more than {TURNED:.0f} degrees."
    )
    smaller_than: Annotated[str | int | None, FACE_SIZE] = Field(
        None, description="Pixels: with a face whose box around the points is smaller than that on both sides."
    )


class ListQuery(FilterQuery):
    """The filters, and a part of what matches."""

    before: str | None = Field(None, pattern="^[0-9]{1,19}$", description="A position in the history, as in `next`.")
    limit: int = Field(30, ge=1, le=100, description="Maximum number of results in the response.")


SCHEMES = WithJsonSchema({"type": "string", "enum": list(POINT_SETS)})
Scheme = Annotated[str | None, AfterValidator(unless_null(read_scheme)), SCHEMES]


class DetailQuery(BaseModel):
    """What is returned of a result beyond the usual."""

    dense: Flag = Field(0, description="1: with the dense points of faces that have them.")
    scheme: Scheme = Field(None, description="Also the points of this scheme, by number and name.")


SCALE = WithJsonSchema({"type": "integer", "minimum": 1, "maximum": LARGEST_SCALE})
REGION_LIST = WithJsonSchema(listed({"type": "string", "enum": [region.name for region in REGIONS]}))


CROP_SIZE = WithJsonSchema({"type": "integer", "minimum": SMALLEST, "maximum": LARGEST, "default": DEFAULT_CROP.size})
MARGIN = WithJsonSchema({"type": "number", "minimum": 0, "maximum": MOST_MARGIN, "default": DEFAULT_CROP.margin})


class CropQuery(BaseModel):
    """Which square around a face is cut out."""

    size: Annotated[str | int | None, CROP_SIZE] = Field(None, description="Of each side of the crop, in pixels.")
    margin: Annotated[str | float | None, MARGIN] = Field(
        None, description="Around the points on each side, as a share of the longer side of their box."
    )


class MaskQuery(CropQuery):
    """Which regions are filled, and where: as in the crop if it has a size or margin, otherwise as in the photo."""

    # Without a type for None, which would hide from ninja that it is a list.
    regions: Annotated[list[str], REGION_LIST] = Field(
        default_factory=list, description="All by default. Repeat it, or use commas."
    )


class DrawingQuery(BaseModel):
    """What a drawing shows of each face, as in the address of the viewer. Everything is optional."""

    # Without a type for None, which would hide from ninja that they are lists.
    regions: Annotated[list[str], REGION_LIST] = Field(
        default_factory=list, description="All by default. Repeat it, or use commas."
    )
    labels: Annotated[str | int, SWITCH] = Field(0, description="1: number the points.")
    lines: Annotated[str | int, SWITCH] = Field(1, description="0: without lines between the points.")
    points: Annotated[str | int, SWITCH] = Field(1, description="0: without the points.")
    guessed: Annotated[str | int, SWITCH] = Field(1, description="0: without marks for points that are guessed.")
    mesh: Annotated[str | int, SWITCH] = Field(
        0, description="1: with the mesh of the dense points, on faces that have them."
    )
    size: Annotated[str | int, factor(MIN_SIZE, MAX_SIZE)] = Field(1, description="Of points and lines.")
    opacity: Annotated[str | int, factor(MIN_OPACITY, 1.0)] = Field(1, description="Of points and lines.")
    colour: Annotated[str, WithJsonSchema({"type": "string", "enum": list(Colouring)})] = Field(
        Colouring.REGION.value, description="What the colours of points and lines mean."
    )
    scheme: Annotated[str | None, SCHEMES] = Field(None, description="Whose points are drawn, the 90 by default.")
    scale: Annotated[str | int | None, SCALE] = Field(
        None, description="Whole factor by which the picture is enlarged, 1 by default."
    )


class StyleQuery(DrawingQuery):
    """Also which of the faces are drawn."""

    faces: Annotated[list[str], WithJsonSchema(listed({"type": "integer", "minimum": 1}))] = Field(
        default_factory=list,
        description="Numbers of faces, all by default. Repeat it, or use commas.",
    )
