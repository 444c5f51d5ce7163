"""Faces as SVG: the overlay of a photo on a page, its symbols, swatches for legends, and a file of its own.

Attributes only, because the pages' content security policy forbids inline styles. No text that users sent gets in.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from xml.sax.saxutils import escape, quoteattr

from landmarks.core.faces import Face
from landmarks.core.pixels import Box, Point
from landmarks.core.schema import BY_NAME, HALO, REGIONS, Mark, Region
from landmarks.drawing import geometry
from landmarks.drawing.frames import Frame
from landmarks.drawing.geometry import GUESSED_HALO, Drawing, Line, Marker, Number
from landmarks.drawing.marks import DARK, HOLLOWS, LIGHT, OUTLINES, PUPIL, REACH, Polygon, Shape
from landmarks.drawing.parts import point_count
from landmarks.drawing.sizes import DASH, GAP, Detail, Sizes
from landmarks.drawing.style import DEFAULT_STYLE, Style

SWATCH_HALO = 0.34
"""Width of a mark's halo in units of its radius."""
STEP = 0.01
"""Coordinates are rounded to this, in pixels of the photo."""
SIDE_STEP = TAG_STEP = 0.1
"""The same for the size of a face, and for numbers and their tags: a group has many."""
COARSE_STEP = 0.5
"""The same in pixels on the page, for faces that are drawn again before they are enlarged."""
SANS = "system-ui, sans-serif"
DOT = next(region.name for region in REGIONS if region.mark is Mark.DOT)
NAMESPACE = "http://www.w3.org/2000/svg"

Value = str | float | int


def draw_svg(
    width: int,
    height: int,
    faces: Sequence[Face],
    style: Style = DEFAULT_STYLE,
    *,
    scale: float,
    whole: float | None = None,
    view: Box | None = None,
    label: str = "",
) -> str:
    """The overlay of a photo of this size, in its coordinates, for a page that also contains `draw_symbols()`.

    `scale` is the number of pixels on the page for each pixel of the photo, `view` the part of the photo that is shown,
    `whole` the scale of the whole photo where `view` is enlarged, `label` the accessible name, by default the number of
    faces.
    """
    more: dict[str, Value] = {"data-size": style.size, "data-opacity": style.opacity}
    more |= {"aria-label": label} if label else {}
    drawings = geometry.lay_out(faces, Box(0, 0, width, height), style, scale=scale, whole=whole)
    view = view or Box(0, 0, width, height)
    return _overlay(drawings, view, style, scale=scale, coarse=_decimal(COARSE_STEP / scale), more=more)


def draw_standalone_svg(width: int, height: int, faces: Sequence[Face], style: Style = DEFAULT_STYLE) -> str:
    """The overlay as a file of its own, in the size of the photo, without the photo."""
    declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
    attributes: dict[str, Value] = {"xmlns": NAMESPACE, "width": width, "height": height}
    symbols, photo = _element("defs", {}, *_symbols()), Box(0, 0, width, height)
    drawings = geometry.lay_out(faces, photo, style)
    return declaration + _overlay(drawings, photo, style, scale=1.0, first=symbols, more=attributes)


def draw_symbols() -> str:
    """An invisible `<svg>` with a symbol `mark-<region>` and a hollow `guess-<region>` for each region.

    It is needed once on each page that uses them. A symbol is drawn around 0, 0 with a radius of 1 and takes its fill
    from where it is used.
    """
    hidden: dict[str, Value] = {"width": 0, "height": 0, "display": "none", "aria-hidden": "true"}
    return _element("svg", hidden, *_symbols())


def draw_swatch(region_name: str, colour: str = "", *, guessed: bool = False) -> str:
    """A region's mark for a legend, on a page that also contains `draw_symbols()`; pupils have a dark centre.

    `colour` replaces the region's own.
    """
    kind = "guess" if guessed else "mark"
    region = BY_NAME[region_name]
    reach = REACH + SWATCH_HALO + 0.11
    box: dict[str, Value] = {"class": "swatch", "viewBox": _numbers(-reach, -reach, 2 * reach, 2 * reach)}
    size: dict[str, Value] = {"width": 20, "height": 20, "aria-hidden": "true", "focusable": "false"}
    centre = _element("circle", {"r": PUPIL.outer, "fill": HALO}) if region.mark in (Mark.RING, Mark.RING_DOT) else ""
    mark = _element(
        "use", {"href": f"#{kind}-{region.name}", "fill": colour or region.colour, **_halo(2 * SWATCH_HALO, 1.0)}
    )
    return _element("svg", box | size, centre, mark)


def _overlay(
    drawings: Sequence[Drawing],
    view: Box,
    style: Style,
    *,
    scale: float,
    coarse: float = STEP,
    first: str = "",
    more: dict[str, Value],
) -> str:
    attributes: dict[str, Value] = {
        "class": "overlay",
        "viewBox": _numbers(view.left, view.top, view.width, view.height),
        "role": "img",
        "aria-label": _summary(len(drawings), point_count(style.scheme)),
        **more,
    }
    return _element(
        "svg",
        attributes,
        first,
        *(_face(drawing, scale, coarse, style.opacity) for drawing in drawings),
    )


def _summary(count: int, points: int) -> str:
    if count == 1:
        return f"1 face, {points} points"
    return f"{count} faces, {points} points each" if count else "No face"


def _face(drawing: Drawing, scale: float, coarse: float, opacity: float) -> str:
    sizes, box = drawing.sizes, drawing.box
    # In photos of large groups, tiny faces make up most of the page, and half of their digits would be invisible.
    step = coarse if sizes.detail is Detail.LINES and drawing.more_from else STEP
    attributes: dict[str, Value] = {
        "class": "face",
        "data-face": drawing.number,
        "data-side": _to_step(sizes.side / scale, max(step, SIDE_STEP)),
        "data-box": " ".join(f"{value:.0f}" for value in (box.left, box.top, box.width, box.height)),
    }
    if drawing.more_from:
        attributes["data-more-from"] = drawing.more_from
    parts = [
        _mesh(drawing.mesh, coarse, sizes.mesh * scale, opacity) if drawing.mesh else "",
        _lines("halos", drawing.lines, step, sizes.halo_line, geometry.HALO_LINE_OPACITY * opacity, HALO),
        _lines("lines", drawing.lines, step, sizes.line, geometry.LINE_OPACITY * opacity),
        _marks(drawing.markers, sizes, opacity, step),
        _labels(drawing.numbers, sizes),
        _frame(drawing.frame, sizes, step) if drawing.frame else "",
    ]
    return _element("g", attributes, *parts)


def _decimal(largest: float) -> float:
    """The largest of 1, 2 and 5 times a power of 10 that is not larger, but at least STEP."""
    power = 10.0 ** math.floor(math.log10(largest))
    return max(STEP, next(digit * power for digit in (5, 2, 1) if digit * power <= largest))


def _lines(kind: str, lines: Iterable[Line], step: float, width: float, opacity: float, colour: str = "") -> str:
    stroke: dict[str, Value] = {"fill": "none", "stroke-width": width, "stroke-linejoin": "round"}
    guess: dict[str, Value] = {"class": "guessed"}
    guess |= {"opacity": GUESSED_HALO} if colour else {"stroke-dasharray": _numbers(DASH * width, GAP * width)}
    group: dict[str, Value] = {"class": kind, "opacity": opacity, "stroke-linecap": "round", **stroke}
    regions = groupby(lines, key=lambda line: (line.region.name, colour or line.colour, line.is_guessed))
    paths = (
        _element("path", {"data-region": name, "stroke": ink, "d": _path(own, step), **(guess if is_guessed else {})})
        for (name, ink, is_guessed), own in regions
    )
    return _group(group, paths)


def _mesh(strokes: Sequence[Sequence[Point]], step: float, width: float, opacity: float) -> str:
    """Lines of the same width, in output pixels, however much the photo is enlarged."""
    stroke: dict[str, Value] = {"fill": "none", "stroke": LIGHT, "stroke-opacity": geometry.MESH_OPACITY}
    stroke |= {"stroke-width": width, "vector-effect": "non-scaling-stroke", "opacity": opacity}
    return _element("path", {"class": "mesh", **stroke, "d": _moves(((each, False) for each in strokes), step)})


def _path(lines: Iterable[Line], step: float) -> str:
    return _moves(((line.points, line.is_closed) for line in lines), step)


def _moves(paths: Iterable[tuple[Sequence[Point], bool]], step: float) -> str:
    """Relative moves, which are short, between the rounded points of paths that are closed or not."""
    parts, start = [], (0.0, 0.0)
    for points, is_closed in paths:
        written = [(_to_step(x, step), _to_step(y, step)) for x, y in points]
        moves = " ".join(_numbers(x - from_x, y - from_y) for (from_x, from_y), (x, y) in pairwise([start, *written]))
        parts.append(f"m{moves}z" if is_closed else f"m{moves}")
        start = written[0] if is_closed else written[-1]
    # A sign separates two numbers as well as a space.
    return "".join(parts).replace(" -", "-")


def _marks(markers: Sequence[Marker], sizes: Sizes, opacity: float, step: float) -> str:
    groups = (
        _region_marks(region, own, 2 * sizes.halo / own[0].radius, step)
        for region in REGIONS
        if (own := [marker for marker in markers if marker.region is region])
    )
    paint: dict[str, Value] = {"class": "marks", "stroke": HALO, "stroke-opacity": geometry.HALO_OPACITY}
    return _group(paint | ({"opacity": opacity} if opacity < 1 else {}), groups)


def _region_marks(region: Region, markers: Sequence[Marker], halo: float, step: float) -> str:
    """`halo` is the width of the halo in units of the marks' radius, by which the symbols are scaled."""
    fill = markers[0].colour
    paint: dict[str, Value] = {"data-region": region.name, "fill": fill, "stroke-width": halo}
    uses = (_use(each, {} if each.colour == fill else {"fill": each.colour}, step) for each in markers)
    return _element("g", paint, *uses)


def _use(marker: Marker, more: dict[str, Value], step: float) -> str:
    symbol = marker.region.name if marker.mark is marker.region.mark else DOT
    x, y = (_to_step(value, step) for value in marker.centre)
    transform = f"translate({_numbers(x, y)}) scale({_number(marker.radius)})"
    kind = "guess" if marker.is_guessed else "mark"
    error: dict[str, Value] = {"data-error": marker.error} if marker.is_guessed else {}
    return _element("use", {"href": f"#{kind}-{symbol}", "transform": transform, **more, **error})


def _halo(width: float, opacity: float) -> dict[str, Value]:
    return {"stroke": HALO, "stroke-width": width, "stroke-opacity": opacity}


def _labels(numbers: Sequence[Number], sizes: Sizes) -> str:
    letters: dict[str, Value] = {"class": "numbers", "fill": LIGHT, **_letters(sizes.number, 500)}
    rim: dict[str, Value] = {"paint-order": "stroke", "stroke-linejoin": "round"}
    texts = (
        _text(number.text, *number.centre, sizes.number, {"data-region": number.region.name}) for number in numbers
    )
    return _group(letters | rim | _halo(0.32 * sizes.number, geometry.HALO_OPACITY), texts)


def _frame(frame: Frame, sizes: Sizes, step: float) -> str:
    path = "".join("M" + " ".join(_numbers(*point) for point in corner) for corner in frame.corners)
    stroke: dict[str, Value] = {"fill": "none", "stroke-linecap": "round", "stroke-linejoin": "round", "d": path}
    light: dict[str, Value] = {"stroke": frame.colour, "stroke-width": sizes.frame}
    halo: dict[str, Value] = {"stroke": HALO, "stroke-width": sizes.frame + 2 * sizes.frame_halo}
    tag = frame.tag
    fill, ink = (LIGHT, DARK) if frame.is_selected else (DARK, LIGHT)
    step = max(step, TAG_STEP)
    sides = {"x": tag.left, "y": tag.top, "width": tag.width, "height": tag.height, "rx": 0.3 * sizes.tag}
    rectangle: dict[str, Value] = {name: _to_step(value, step) for name, value in sides.items()}
    corners = (
        _element("path", halo | {"opacity": geometry.FRAME_HALO_OPACITY} | stroke),
        _element("path", light | stroke),
    )
    anchor = [_to_step(value, step) for value in frame.anchor or ()]
    return _element(
        "g",
        {"class": "frame"},
        *(corners if frame.corners else ()),
        _element(
            "g",
            {"class": "tag", **({"data-anchor": _numbers(*anchor)} if anchor else {})},
            _element("rect", rectangle | {"fill": fill}),
            _text(frame.text, *tag.centre, sizes.tag, {"fill": ink, **_letters(sizes.tag, 600)}, step),
        ),
    )


def _letters(size: float, weight: int) -> dict[str, Value]:
    return {"font-family": SANS, "font-size": size, "font-weight": weight, "text-anchor": "middle"}


def _text(text: str, x: float, y: float, size: float, more: dict[str, Value], step: float = TAG_STEP) -> str:
    """Digits centred on that point: they stand on the baseline and are about 0.72 of the font size high."""
    return _element("text", {"x": _to_step(x, step), "y": _to_step(y + 0.36 * size, step), **more}, escape(text))


def _symbols() -> Iterator[str]:
    for region in REGIONS:
        shape: dict[str, Value] = {"d": "".join(map(_outline, OUTLINES[region.mark])), "fill-rule": "evenodd"}
        halo: dict[str, Value] = {"paint-order": "stroke", "stroke-linejoin": "round"}
        mark = _element("path", shape | halo)
        hollow: dict[str, Value] = {"d": "".join(map(_outline, HOLLOWS[region.mark])), "fill-rule": "evenodd"}
        dark = _element("path", hollow | {"fill": HALO, "stroke": "none"})
        yield _element("symbol", {"id": f"mark-{region.name}", "overflow": "visible"}, mark)
        yield _element("symbol", {"id": f"guess-{region.name}", "overflow": "visible"}, mark, dark)


def _outline(shape: Shape) -> str:
    if isinstance(shape, Polygon):
        return "M" + " ".join(_numbers(*point) for point in shape.points) + "Z"
    return "".join(_circle(radius) for radius in (shape.outer, shape.hole) if radius)


def _circle(radius: float) -> str:
    r = _number(radius)
    return f"M-{r} 0a{r} {r} 0 1 1 {_number(2 * radius)} 0a{r} {r} 0 1 1 -{_number(2 * radius)} 0Z"


def _group(attributes: dict[str, Value], children: Iterable[str]) -> str:
    """A group, or nothing if it would be empty."""
    inside = "".join(children)
    return _element("g", attributes, inside) if inside else ""


def _element(name: str, attributes: dict[str, Value], *children: str) -> str:
    written = "".join(f" {key}={quoteattr(_text_of(value))}" for key, value in attributes.items())
    return f"<{name}{written}>{''.join(children)}</{name}>" if any(children) else f"<{name}{written}/>"


def _text_of(value: Value) -> str:
    return value if isinstance(value, str) else _number(value)


def _to_step(value: float, step: float) -> float:
    return round(value / step) * step


def _number(value: float) -> str:
    """At most two decimals, without trailing zeros."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def _numbers(*values: float) -> str:
    return " ".join(map(_number, values))
