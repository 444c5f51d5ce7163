"""The viewer of a result's page: overlay, legend, tabs, close-up, response and table of points."""

import json
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import Http404

from landmarks.core.faces import Face
from landmarks.core.pixels import Box
from landmarks.core.schema import BY_NAME, LEGEND, POINT_COUNT
from landmarks.core.schemes import PROJECTIONS
from landmarks.drawing.colour import STEPS, Colouring, face_colour
from landmarks.drawing.frames import CROWD
from landmarks.drawing.parts import parts_of
from landmarks.drawing.style import Style
from landmarks.drawing.svg import DOT, draw_svg, draw_swatch, draw_symbols
from landmarks.models import Photo, Result
from landmarks.services import exporting, rendering
from landmarks.web.forms.viewer import PANELS, ViewerForm
from landmarks.web.presenters import face_summary
from landmarks.web.presenters.guessed import guessed_points
from landmarks.web.presenters.measurements import measurements
from landmarks.web.presenters.viewer_data import READABLE_FROM, point_errors, viewer_data
from landmarks.wire.acedata import WirePoint

STAGE_WIDTH, STAGE_HEIGHT = 960, 720
"""The size of the photo on the page, in pixels; static/js/overlay-scale.js knows the real one and redraws."""
CLOSE_UP = 352
MARGIN = 1.4
"""Side of the close-up in units of the face's longer side."""
HEADROOM = 0.04
"""How far above the middle of the points the close-up is centred, since hair and forehead have none."""
CELLS_AT_FIRST = 30
"""Five rows of six faces in the list of a crowd; where there are more, the last cell opens the rest."""
GUESSED_KEY = "mouth"
"""The region whose marks explain in the legend how guessed points look."""
SHOWN_POINTS = 4
"""Points of each region in the shortened response."""

COLOURINGS = ((Colouring.REGION, "Region"), (Colouring.FACE, "Face"), (Colouring.UNCERTAINTY, "Uncertainty"))

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
"""Swatches of 20 by 20 pixels that form a face of 140 by 136, for an empty history."""


@dataclass(frozen=True)
class Tab:
    """A face to choose."""

    number: int
    side: str
    view: str
    """The part of the photo that shows it, as a viewBox."""
    is_chosen: bool


@dataclass(frozen=True)
class Cell:
    """A region in the legend."""

    name: str
    label: str
    count: int
    """Of its points; none of some regions in other schemes."""
    guessed: int
    """How many of its points are guessed in the chosen face."""
    swatch: str
    is_shown: bool
    is_alone: bool


@dataclass(frozen=True)
class SchemeChoice:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Key:
    """What a colour means if it does not mean a region."""

    swatch: str
    label: str


@dataclass(frozen=True)
class Row:
    """A point in the table."""

    group: str
    """The region, or the part of another scheme."""
    index: int
    """In the region, or the number in the other scheme."""
    meaning: str
    x: str
    y: str
    error: float | None
    """Pixels that a guessed point is expected to be off; None for other points."""


def viewer_context(result: Result, form: ViewerForm) -> dict[str, Any]:
    """Everything on the page that comes from the faces; Http404 if they are gone."""
    prefetch_related_objects([result], "faces")
    # What is guessed is drawn in any case, so that it can be hidden and shown without asking the server again.
    style, number, zoom = replace(form.style(), guessed=True), form.face_number(), form.cleaned_data["zoom"]
    photo, faces = result.photo, result.found_faces()
    if len(faces) < number:
        raise Http404("The result is being deleted.")
    face = faces[number - 1]
    view, enlarged = close_up(result, faces, number, style)
    first, more = measurements(face, photo.width, photo.height)
    return {
        "style": style,
        "symbols": draw_symbols(),
        "overlay": overlay(result, faces, style, number, zoom),
        "legend": legend(face, style),
        "guessed": guessed_points(faces, photo.width, photo.height, style.scheme),
        "has_mesh": any(face.dense for face in faces),
        "shows_guessed": form.style().guessed,
        "seen_swatch": draw_swatch(GUESSED_KEY),
        "guessed_swatch": draw_swatch(GUESSED_KEY, guessed=True),
        "colour_keys": colour_keys(faces, style.colour),
        "colourings": COLOURINGS,
        "number": number,
        "tabs": tabs(result, faces, number),
        "panels": PANELS.items(),
        "panel": form.panel(),
        "scale": scale if (scale := rendering.suggested_scale(result)) > 1 else None,
        "is_crowd": len(faces) >= CROWD,
        "cells_at_first": CELLS_AT_FIRST,
        "previous_face": (number - 2) % len(faces) + 1,
        "next_face": number % len(faces) + 1,
        "view": view,
        "close_up": enlarged,
        "measurements": first,
        "more_measurements": more,
        "faces_summary": face_summary.sentence(faces, photo.width, photo.height),
        "response": short_response(result),
        "rows": table(face, style.scheme),
        "schemes": schemes(style.scheme),
        "scheme": PROJECTIONS.get(style.scheme),
        "csv_query": f"?scheme={style.scheme}" if style.scheme else "",
        "viewer_data": viewer_data(faces, number, style, page_scale(photo, zoom)),
    }


def overlay(result: Result, faces: tuple[Face, ...], style: Style, number: int | None = None, zoom: float = 1.0) -> str:
    """Every face over the photo, with that one highlighted and the detail that the zoom shows."""
    photo, style = result.photo, replace(style, selected=number, labels_from=READABLE_FROM)
    return draw_svg(photo.width, photo.height, faces, style, scale=page_scale(photo, zoom))


def page_scale(photo: Photo, zoom: float = 1.0) -> float:
    """Pixels on the page for each of the photo's."""
    return zoom * min(STAGE_WIDTH / photo.width, STAGE_HEIGHT / photo.height)


def close_up(result: Result, faces: tuple[Face, ...], number: int, style: Style) -> tuple[str, str]:
    """The part of the photo around a face, as a viewBox, and the overlay for it."""
    photo = result.photo
    view = view_of(faces[number - 1], photo.width, photo.height)
    alone = replace(style, faces=frozenset([number]), frames=False)
    label = f"Close-up of face {number}"
    scale, whole = CLOSE_UP / view.width, page_scale(photo)
    drawn = draw_svg(photo.width, photo.height, faces, alone, scale=scale, whole=whole, view=view, label=label)
    return view_box(view), drawn


def view_of(face: Face, width: int, height: int) -> Box:
    """A square around a face, moved into the photo as far as it fits."""
    # At least a pixel: a hosted engine may return the same point 90 times.
    side = min(max(face.box.width, face.box.height, 1.0) * MARGIN, max(width, height))
    x, y = face.box.centre
    left, top = _fit(x, side, width), _fit(y - HEADROOM * side, side, height)
    return Box(left, top, left + side, top + side)


def _fit(centre: float, side: float, whole: float) -> float:
    return min(max(centre - side / 2, 0), whole - side) if side <= whole else (whole - side) / 2


def view_box(view: Box) -> str:
    return f"{view.left:.1f} {view.top:.1f} {view.width:.1f} {view.height:.1f}"


def tabs(result: Result, faces: tuple[Face, ...], chosen: int) -> list[Tab]:
    photo = result.photo
    return [
        Tab(
            number,
            face_summary.third(face.box.centre[0] / photo.width, "left", "right"),
            view_box(view_of(face, photo.width, photo.height)),
            number == chosen,
        )
        for number, face in enumerate(faces, start=1)
    ]


def legend(face: Face, style: Style) -> list[Cell]:
    parts = {part.region.name: part for part in parts_of(face, style.scheme)}
    return [
        Cell(
            name,
            BY_NAME[name].label,
            len(parts[name].points) if name in parts else 0,
            len(parts[name].guessed) if name in parts else 0,
            draw_swatch(name),
            is_shown=name in style.regions,
            is_alone=style.regions == {name},
        )
        for name in LEGEND
    ]


def colour_keys(faces: tuple[Face, ...], colouring: Colouring) -> list[Key]:
    """Empty if colours stand for regions, or if the engine reports no errors to colour by."""
    if colouring is Colouring.FACE:
        numbers = range(1, len(faces) + 1)
        return [Key(draw_swatch(DOT, face_colour(number)), f"Face {number}") for number in numbers]
    if colouring is Colouring.UNCERTAINTY and any(face.uncertainty for face in faces):
        return [Key(draw_swatch(DOT, step.colour), step.label) for step in STEPS]
    return []


def table(face: Face, scheme: str) -> list[Row]:
    """By region; of another scheme in its own order, with the names that files have."""
    rows: dict[int, Row] = {}
    for part in parts_of(face, scheme):
        layout, errors = part.layout, point_errors(face, part)
        for index, (x, y) in enumerate(part.points):
            label, meaning = layout.labels[index], layout.meanings[index]
            group = part_title(meaning) if scheme else part.region.label
            rows[layout.numbers[index]] = Row(group, label, meaning, f"{x:.1f}", f"{y:.1f}", errors.get(index))
    return [rows[number] for number in sorted(rows)]


def part_title(name: str) -> str:
    """Of the part of a scheme that a point with this name is in."""
    return name.rstrip("0123456789").strip("_").replace("_", " ").capitalize()


def schemes(chosen: str) -> list[SchemeChoice]:
    """The 90, then the others, each by the first word of its title, which has room beside its number."""
    others = [
        SchemeChoice(name, f"{each.scheme.count}, {each.scheme.title.split()[0].rstrip(',')}", name == chosen)
        for name, each in PROJECTIONS.items()
    ]
    return [SchemeChoice("", f"{POINT_COUNT} points", not chosen), *others]


def short_response(result: Result) -> str:
    """The API's response, shortened to the first points of the first face."""
    response = exporting.answer(result)
    faces = response["face_shape_set"]
    head = [f"  {json.dumps(key)}: {json.dumps(value)}," for key, value in response.items() if value is not faces]
    regions = [f"      {json.dumps(name)}: {short_points(points)}" for name, points in faces[0].items()]
    more = f",\n    … {len(faces) - 1} more" if len(faces) > 1 else ""
    first = "    {\n" + ",\n".join(regions) + "\n    }" + more
    return "\n".join(["{", *head, '  "face_shape_set": [', first, "  ]", "}"])


def short_points(points: list[WirePoint]) -> str:
    left_out = len(points) - SHOWN_POINTS
    shown = ", ".join(map(json.dumps, points[:SHOWN_POINTS]))
    return f"[{shown}, … {left_out} more]" if left_out > 0 else f"[{shown}]"
