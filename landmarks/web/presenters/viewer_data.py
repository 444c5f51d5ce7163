"""The JSON for the scripts of a result's page: faces with their points, names, and the constants of the drawing."""

from typing import NotRequired, TypedDict

from landmarks.core.faces import Face
from landmarks.core.measures import inter_ocular_distance
from landmarks.core.pixels import PIXEL_CENTRE
from landmarks.drawing import geometry
from landmarks.drawing import sizes as drawn
from landmarks.drawing.frames import TAGS_FROM
from landmarks.drawing.geometry import has_marks
from landmarks.drawing.parts import Layout, Part, layouts_of, parts_of
from landmarks.drawing.sizes import Proportion, sizes_of
from landmarks.drawing.style import Style
from landmarks.drawing.svg import DOT
from landmarks.web.forms.viewer import LARGEST_ZOOM

READABLE_FROM = 240.0
"""Side of a face on the page from which numbers do not hide it; smaller faces have them in the close-up only."""


class ProportionJson(TypedDict):
    factor: float
    least: float
    most: float | None


class RadiusJson(TypedDict):
    slope: float
    root: float
    least: float
    most: float


class SizesJson(TypedDict):
    """The overlay formula of landmarks/drawing/sizes.py."""

    pixel_centre: float
    radius: RadiusJson
    dots_from: float
    marks_from: float
    dot_region: str
    dot: float
    smallest_dot: float
    halo: ProportionJson
    line: ProportionJson
    line_opacity: float
    line_halo: float
    dash: tuple[float, float]
    """Of guessed lines, and the gap after it, in units of the line's width."""
    line_halo_opacity: float
    number: ProportionJson
    frame: ProportionJson
    frame_halo: ProportionJson
    tag: ProportionJson
    tags_from: float
    readable_from: float


class RegionJson(TypedDict):
    name: str
    label: str
    meanings: tuple[str, ...]
    numbers: NotRequired[tuple[int, ...]]
    """Of the points in another scheme than the 90."""


class FaceJson(TypedDict):
    number: int
    points: dict[str, list[tuple[float, float]]]
    """By region, in pixels of the photo; without regions that are drawn as lines only."""
    errors: dict[str, dict[int, float]]
    """See `point_errors`."""


class ViewerJson(TypedDict):
    sizes: SizesJson
    largest_zoom: float
    regions: NotRequired[list[RegionJson]]
    faces: NotRequired[list[FaceJson]]


def drawing_data() -> ViewerJson:
    """For a page that only draws overlays in the right size."""
    return {"sizes": sizes(), "largest_zoom": LARGEST_ZOOM}


def viewer_data(faces: tuple[Face, ...], chosen: int, style: Style, scale: float) -> ViewerJson:
    """For a result's page with an overlay of that scale.

    Of faces that are too small for marks, only the pupils are included: a group would make the page too heavy. The
    chosen face is complete, since the close-up shows all of it.
    """
    return {
        **drawing_data(),
        "regions": [region_data(layout, style.scheme) for layout in layouts_of(style.scheme)],
        "faces": [
            face_data(number, face, style, scale, is_chosen=number == chosen)
            for number, face in enumerate(faces, start=1)
        ],
    }


def region_data(layout: Layout, scheme: str) -> RegionJson:
    region = layout.region
    data: RegionJson = {"name": region.name, "label": region.label, "meanings": layout.meanings}
    return {**data, "numbers": layout.numbers} if scheme else data


def face_data(number: int, face: Face, style: Style, scale: float, *, is_chosen: bool) -> FaceJson:
    parts, detail = parts_of(face, style.scheme), sizes_of(face, style, scale=scale).detail
    points = {
        part.region.name: [(round(x, 1), round(y, 1)) for x, y in part.points]
        for part in parts
        if is_chosen or has_marks(part.layout, detail, style)
    }
    errors = {part.region.name: own for part in parts if (own := point_errors(face, part))}
    return {"number": number, "points": points, "errors": errors}


def point_errors(face: Face, part: Part) -> dict[int, float]:
    """Pixels that guessed points of a part are expected to be off, by their index in it."""
    unit, errors = inter_ocular_distance(face), part.uncertainty or ()
    return {index: round(errors[index] * unit, 1) for index in sorted(part.guessed)}


def sizes() -> SizesJson:
    return {
        "pixel_centre": PIXEL_CENTRE,
        "radius": {
            "slope": drawn.SLOPE,
            "root": drawn.ROOT,
            "least": drawn.SMALLEST_RADIUS,
            "most": drawn.LARGEST_RADIUS,
        },
        "dots_from": drawn.DOTS_FROM,
        "marks_from": drawn.MARKS_FROM,
        "dot_region": DOT,
        "dot": drawn.CONTOUR_DOT,
        "smallest_dot": drawn.SMALLEST_DOT,
        "halo": proportion(drawn.MARK_HALO),
        "line": proportion(drawn.LINE),
        "line_opacity": geometry.LINE_OPACITY,
        "line_halo": drawn.LINE_HALO,
        "dash": (drawn.DASH, drawn.GAP),
        "line_halo_opacity": geometry.HALO_LINE_OPACITY,
        "number": proportion(drawn.NUMBER),
        "frame": proportion(drawn.FRAME),
        "frame_halo": proportion(drawn.FRAME_HALO),
        "tag": proportion(drawn.TAG),
        "tags_from": TAGS_FROM,
        "readable_from": READABLE_FROM,
    }


def proportion(value: Proportion) -> ProportionJson:
    return {"factor": value.factor, "least": value.least, "most": value.most}
