"""What a result's page shows of its faces: overlay, legend, tabs, close-up, figures, answer and table."""

import json
import math
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from statistics import fmean

from landmarks import service
from landmarks.drawing.style import Style
from landmarks.drawing.svg import draw_svg, draw_swatch
from landmarks.faces import Box, Face, WirePoint
from landmarks.measures import eye_openness, mouth_openness
from landmarks.models import Result
from landmarks.schema import BY_NAME, LEGEND, POINT_COUNT, REGIONS, SPANS

STAGE_WIDTH, STAGE_HEIGHT = 960, 720
"""Pixels that the photo is taken to have on the page; static/js/overlay-scale.js knows better and rescales."""
CLOSE_UP = 352
MARGIN = 1.4
"""Side of the close-up in units of the face's longer side."""
HEADROOM = 0.04
"""How much higher than the middle of the points the close-up is centred, since hair and forehead have none."""
READABLE_FROM = 240.0
"""Side of a face on the page from which its indices do not hide it; those of smaller ones stand in the close-up."""
STRONG = 0.3
"""Score from which an expression is worth a word."""
NOT_TOLD = "not told"
SHOWN_POINTS = 4
"""Points of each region in the shortened answer."""

CONSTELLATION = tuple(
    (draw_swatch(name), x - 10, y - 10)
    for name, x, y in (
        ("face_profile", 20, 20),
        ("face_profile", 120, 20),
        ("face_profile", 70, 116),
        ("left_eye_brow", 41, 24),
        ("right_eye_brow", 99, 24),
        ("left_pupil", 46, 44),
        ("right_pupil", 94, 44),
        ("nose", 70, 67),
        ("mouth", 54, 90),
        ("mouth", 86, 90),
    )
)
"""Swatches of 20 by 20 and where they lie in a picture of 140 by 136, as a face, where there is nothing else to see."""


@dataclass(frozen=True)
class Tab:
    """A face to choose: its number, where it is in the photo, and the part of the photo that shows it."""

    number: int
    side: str
    width: int
    """Of the face, in pixels."""
    view: str
    is_chosen: bool


@dataclass(frozen=True)
class Cell:
    """A region in the legend."""

    name: str
    label: str
    count: int
    swatch: str
    is_shown: bool


@dataclass(frozen=True)
class Figure:
    label: str
    value: str
    unit: str = ""


@dataclass(frozen=True)
class Row:
    """A point in the table."""

    region: str
    index: int
    meaning: str
    x: str
    y: str
    is_guessed: bool


def overlay(result: Result, faces: tuple[Face, ...], style: Style, number: int | None = None) -> str:
    """Every face over the photo, the one of that number picked out."""
    width, height = result.photo.width, result.photo.height
    scale = min(STAGE_WIDTH / width, STAGE_HEIGHT / height)
    return draw_svg(width, height, faces, replace(style, chosen=number, labels_from=READABLE_FROM), scale=scale)


def close_up(result: Result, faces: tuple[Face, ...], number: int, style: Style) -> tuple[str, str]:
    """The part of the photo around a face, as the value of a viewBox, and the overlay for it."""
    photo = result.photo
    view = view_of(faces[number - 1], photo.width, photo.height)
    alone = replace(style, faces=frozenset([number]), frames=False)
    label = f"Close-up of face {number}"
    drawn = draw_svg(photo.width, photo.height, faces, alone, scale=CLOSE_UP / view.width, view=view, label=label)
    return view_box(view), drawn


def view_of(face: Face, width: int, height: int) -> Box:
    """A square around a face, moved into the photo as far as it has room there."""
    # A pixel at least: a hosted engine may put all points on one spot.
    side = min(max(face.box.width, face.box.height, 1.0) * MARGIN, max(width, height))
    x, y = face.box.centre
    left, top = _place(x, side, width), _place(y - HEADROOM * side, side, height)
    return Box(left, top, left + side, top + side)


def _place(centre: float, side: float, whole: float) -> float:
    return min(max(centre - side / 2, 0), whole - side) if side <= whole else (whole - side) / 2


def view_box(view: Box) -> str:
    return f"{view.left:.1f} {view.top:.1f} {view.width:.1f} {view.height:.1f}"


def tabs(result: Result, faces: tuple[Face, ...], chosen: int) -> list[Tab]:
    photo = result.photo
    return [
        Tab(
            number,
            side_of(face, photo.width),
            round(face.box.width),
            view_box(view_of(face, photo.width, photo.height)),
            number == chosen,
        )
        for number, face in enumerate(faces, start=1)
    ]


def side_of(face: Face, width: int) -> str:
    place = face.box.centre[0] / width
    if place < 0.4:
        return "left"
    return "right" if place > 0.6 else "middle"


def legend(style: Style) -> list[Cell]:
    return [
        Cell(name, BY_NAME[name].label, BY_NAME[name].count, draw_swatch(name), name in style.regions)
        for name in LEGEND
    ]


def figures(face: Face, width: int, height: int) -> list[Figure]:
    eyes = math.dist(*face.region("left_pupil"), *face.region("right_pupil"))
    outside = sum(not (0 <= x < width and 0 <= y < height) for x, y in face.points)
    x, y = face.box.centre
    return [
        Figure("Width of face", f"{face.box.width:.0f}", "px"),
        Figure("Height of face", f"{face.box.height:.0f}", "px"),
        Figure("Centre", f"{x:.0f}, {y:.0f}", "px"),
        Figure("Between the pupils", f"{eyes:.1f}", "px"),
        Figure("Score", NOT_TOLD if face.score is None else f"{face.score:.2f}"),
        Figure("Outside the photo", str(outside), f"of {POINT_COUNT} points"),
        guessed(face),
        head(face),
        gaze(face),
        Figure("Eyes open", " · ".join(f"{each:.2f}" for each in eye_openness(face)), "of their width"),
        Figure("Mouth open", f"{mouth_openness(face):.2f}", "of its width"),
        expressions(face),
    ]


def guessed(face: Face) -> Figure:
    if face.uncertainty is None:
        return Figure("Guessed", NOT_TOLD)
    return Figure("Guessed", str(len(face.guessed)), f"of {POINT_COUNT} points")


def head(face: Face) -> Figure:
    if face.pose is None:
        return Figure("Head turned", NOT_TOLD)
    more = degrees(face.pose.pitch, "up", "down"), degrees(face.pose.roll, "clockwise", "anticlockwise")
    return Figure("Head turned", degrees(face.pose.yaw, "right", "left"), ", ".join(more))


def gaze(face: Face) -> Figure:
    """Only an engine that tells the pose could have told it."""
    if face.gaze is None:
        return Figure("Gaze in the head", "not clear" if face.pose else NOT_TOLD)
    return Figure("Gaze in the head", degrees(face.gaze.yaw, "right", "left"), degrees(face.gaze.pitch, "up", "down"))


def degrees(angle: float, above: str, below: str) -> str:
    return f"{abs(angle):.0f}° {above if angle >= 0 else below}" if round(angle) else "0°"


def expressions(face: Face) -> Figure:
    """The two strongest, the sides of the face taken together."""
    if not face.expressions:
        return Figure("Expressions", "not clear" if face.pose else NOT_TOLD)
    both: dict[str, list[float]] = defaultdict(list)
    for name, score in face.expressions.items():
        both[re.sub("(Left|Right)$", "", name)].append(score)
    strongest = sorted(((fmean(scores), name) for name, scores in both.items()), reverse=True)[:2]
    told = [expression(score, name) for score, name in strongest if score >= STRONG]
    return Figure("Expressions", told[0] if told else "calm", ", ".join(told[1:]))


def expression(score: float, name: str) -> str:
    words = re.sub("([A-Z])", r" \1", name).lower()
    return f"{words} {score:.2f}"


def table(face: Face) -> list[Row]:
    return [
        Row(region.label, index, meaning, f"{x:.1f}", f"{y:.1f}", SPANS[region.name].start + index in face.guessed)
        for region in REGIONS
        for index, (meaning, (x, y)) in enumerate(zip(region.meanings, face.region(region.name), strict=True))
    ]


def short_answer(result: Result) -> str:
    """The vendor's answer with the first points of the first face, as much as a person reads."""
    answer = service.answer(result)
    faces = answer["face_shape_set"]
    head = [f"  {json.dumps(key)}: {json.dumps(value)}," for key, value in answer.items() if value is not faces]
    regions = [f"      {json.dumps(name)}: {short_points(points)}" for name, points in faces[0].items()]
    more = f",\n    … {len(faces) - 1} more" if len(faces) > 1 else ""
    first = "    {\n" + ",\n".join(regions) + "\n    }" + more
    return "\n".join(["{", *head, '  "face_shape_set": [', first, "  ]", "}"])


def short_points(points: list[WirePoint]) -> str:
    left_out = len(points) - SHOWN_POINTS
    shown = ", ".join(map(json.dumps, points[:SHOWN_POINTS]))
    return f"[{shown}, … {left_out} more]" if left_out > 0 else f"[{shown}]"
