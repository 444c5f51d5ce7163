"""Faces to SVG: what lies over the photo on a page, the symbols it uses, a legend's swatches, a file of its own.

Attributes only, because the pages' content security policy forbids inline style. Nothing that a person sent gets in.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from xml.sax.saxutils import escape, quoteattr

from landmarks.core.faces import Box, Face
from landmarks.core.schema import BY_NAME, HALO, POINT_COUNT, REGIONS, Mark, Region
from landmarks.drawing import geometry
from landmarks.drawing.geometry import Detail, Drawing, Frame, Line, Number, Sizes, Spot
from landmarks.drawing.marks import CHIP, HOLLOWS, LIGHT, OUTLINES, PUPIL, REACH, Polygon, Shape
from landmarks.drawing.style import AT_REST, Style

HALO_AT_REST = 0.34
"""Width of a mark's halo in units of its radius."""
WRITTEN = 0.01
"""What coordinates are written to, in pixels of the photo."""
COARSE = 0.4
"""The same in pixels on the page, for faces that are drawn anew before they are large: a fifth of one off at most."""
SANS = "system-ui, sans-serif"
DOT = next(region.name for region in REGIONS if region.mark is Mark.DOT)
NAMESPACE = "http://www.w3.org/2000/svg"

Value = str | float | int


def draw_svg(
    width: int,
    height: int,
    faces: Sequence[Face],
    style: Style = AT_REST,
    *,
    scale: float,
    view: Box | None = None,
    label: str = "",
) -> str:
    """The overlay of a photo of that size in the photo's coordinates, for a page that also holds `draw_symbols()`.

    `scale` is the pixels on the page for each of the photo's, `view` the part of the photo that is shown, `label` what
    is read out instead of the number of faces.
    """
    more: dict[str, Value] = {"data-size": style.size, "data-opacity": style.opacity}
    more |= {"aria-label": label} if label else {}
    return _overlay(width, height, faces, style, scale=scale, coarse=_decimal(COARSE / scale), view=view, more=more)


def draw_standalone_svg(width: int, height: int, faces: Sequence[Face], style: Style = AT_REST) -> str:
    """The overlay as a file of its own, in the photo's size, without the photo."""
    declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
    attributes: dict[str, Value] = {"xmlns": NAMESPACE, "width": width, "height": height}
    symbols = _element("defs", {}, *_symbols())
    return declaration + _overlay(width, height, faces, style, scale=1.0, first=symbols, more=attributes)


def draw_symbols() -> str:
    """An invisible `<svg>` with a symbol `mark-<region>` and a hollow `guess-<region>` for each region.

    Once on each page that uses them. A symbol takes its fill from where it is used, and is one unit of radius large
    around 0, 0.
    """
    hidden: dict[str, Value] = {"width": 0, "height": 0, "display": "none", "aria-hidden": "true"}
    return _element("svg", hidden, *_symbols())


def draw_swatch(region_name: str, colour: str = "") -> str:
    """A region's mark for a legend, in its own colour unless told, on a page that also holds `draw_symbols()`.

    Pupils have a dark centre.
    """
    region = BY_NAME[region_name]
    reach = REACH + HALO_AT_REST + 0.11
    box: dict[str, Value] = {"class": "swatch", "viewBox": _numbers(-reach, -reach, 2 * reach, 2 * reach)}
    size: dict[str, Value] = {"width": 20, "height": 20, "aria-hidden": "true", "focusable": "false"}
    centre = _element("circle", {"r": PUPIL.outer, "fill": HALO}) if region.mark in (Mark.RING, Mark.RING_DOT) else ""
    mark = _element(
        "use", {"href": f"#mark-{region.name}", "fill": colour or region.colour, **_halo(2 * HALO_AT_REST, 1.0)}
    )
    return _element("svg", box | size, centre, mark)


def _overlay(
    width: int,
    height: int,
    faces: Sequence[Face],
    style: Style,
    *,
    scale: float,
    coarse: float = WRITTEN,
    view: Box | None = None,
    first: str = "",
    more: dict[str, Value] | None = None,
) -> str:
    photo = Box(0, 0, width, height)
    shown = view or photo
    drawings = geometry.lay_out(faces, photo, style, scale=scale)
    attributes: dict[str, Value] = {
        "class": "overlay",
        "viewBox": _numbers(shown.left, shown.top, shown.width, shown.height),
        "role": "img",
        "aria-label": _summary(len(drawings)),
        **(more or {}),
    }
    return _element(
        "svg",
        attributes,
        first,
        *(_face(drawing, scale, coarse, style.opacity) for drawing in drawings),
    )


def _summary(count: int) -> str:
    if count == 1:
        return f"1 face, {POINT_COUNT} points"
    return f"{count} faces, {POINT_COUNT} points each" if count else "No face"


def _face(drawing: Drawing, scale: float, coarse: float, opacity: float) -> str:
    sizes, box = drawing.sizes, drawing.box
    # A crowd of tiny faces is most of its page, and half of that would say nothing.
    step = coarse if sizes.detail is Detail.LINES and drawing.more_from else WRITTEN
    attributes: dict[str, Value] = {
        "class": "face",
        "data-face": drawing.number,
        "data-side": sizes.side / scale,
        "data-box": " ".join(f"{value:.0f}" for value in (box.left, box.top, box.width, box.height)),
    }
    if drawing.more_from:
        attributes["data-more-from"] = drawing.more_from
    parts = [
        _lines("halos", drawing.lines, step, sizes.halo_line, geometry.HALO_LINE_OPACITY * opacity, HALO),
        _lines("lines", drawing.lines, step, sizes.line, geometry.LINE_OPACITY * opacity),
        _marks(drawing.spots, sizes, opacity),
        _labels(drawing.numbers, sizes),
        _frame(drawing.frame, sizes) if drawing.frame else "",
    ]
    return _element("g", attributes, *parts)


def _decimal(largest: float) -> float:
    """1, 2 or 5 at some place of the decimals, none that are not written."""
    place = 10.0 ** math.floor(math.log10(largest))
    return max(WRITTEN, next(digit * place for digit in (5, 2, 1) if digit * place <= largest))


def _lines(kind: str, lines: Iterable[Line], step: float, width: float, opacity: float, colour: str = "") -> str:
    stroke: dict[str, Value] = {"fill": "none", "stroke-width": width, "stroke-linejoin": "round"}
    group: dict[str, Value] = {"class": kind, "opacity": opacity, "stroke-linecap": "round", **stroke}
    regions = groupby(lines, key=lambda line: (line.region.name, colour or line.colour))
    paths = (
        _element("path", {"data-region": name, "stroke": ink, "d": _path(own, step)}) for (name, ink), own in regions
    )
    return _group(group, paths)


def _path(lines: Iterable[Line], step: float) -> str:
    """From the first point by moves, which are short, between the points as they are written."""
    parts, start = [], (0.0, 0.0)
    for line in lines:
        written = [(round(x / step) * step, round(y / step) * step) for x, y in line.points]
        moves = " ".join(_numbers(x - from_x, y - from_y) for (from_x, from_y), (x, y) in pairwise([start, *written]))
        parts.append(f"m{moves}z" if line.is_closed else f"m{moves}")
        start = written[0] if line.is_closed else written[-1]
    # A sign parts two numbers as well as a space does.
    return "".join(parts).replace(" -", "-")


def _marks(spots: Sequence[Spot], sizes: Sizes, opacity: float) -> str:
    groups = (
        _region_marks(region, own, 2 * sizes.halo / own[0].radius)
        for region in REGIONS
        if (own := [spot for spot in spots if spot.region is region])
    )
    paint: dict[str, Value] = {"class": "marks", "stroke": HALO, "stroke-opacity": geometry.HALO_OPACITY}
    return _group(paint | ({"opacity": opacity} if opacity < 1 else {}), groups)


def _region_marks(region: Region, spots: Sequence[Spot], halo: float) -> str:
    """The halo's width is in units of the marks' radius, by which the symbols are scaled."""
    fill = spots[0].colour
    paint: dict[str, Value] = {"data-region": region.name, "fill": fill, "stroke-width": halo}
    return _element("g", paint, *(_use(spot, {} if spot.colour == fill else {"fill": spot.colour}) for spot in spots))


def _use(spot: Spot, more: dict[str, Value]) -> str:
    symbol = spot.region.name if spot.mark is spot.region.mark else DOT
    place = f"translate({_numbers(*spot.centre)}) scale({_number(spot.radius)})"
    kind = "guess" if spot.is_guessed else "mark"
    error: dict[str, Value] = {"data-error": spot.error} if spot.is_guessed else {}
    return _element("use", {"href": f"#{kind}-{symbol}", "transform": place, **more, **error})


def _halo(width: float, opacity: float) -> dict[str, Value]:
    return {"stroke": HALO, "stroke-width": width, "stroke-opacity": opacity}


def _labels(numbers: Sequence[Number], sizes: Sizes) -> str:
    letters: dict[str, Value] = {"class": "numbers", "fill": LIGHT, **_letters(sizes.number, 500)}
    rim: dict[str, Value] = {"paint-order": "stroke", "stroke-linejoin": "round"}
    texts = (
        _text(number.text, *number.centre, sizes.number, {"data-region": number.region.name}) for number in numbers
    )
    return _group(letters | rim | _halo(0.32 * sizes.number, geometry.HALO_OPACITY), texts)


def _frame(frame: Frame, sizes: Sizes) -> str:
    path = "".join("M" + " ".join(_numbers(*point) for point in corner) for corner in frame.corners)
    stroke: dict[str, Value] = {"fill": "none", "stroke-linecap": "round", "stroke-linejoin": "round", "d": path}
    light: dict[str, Value] = {"stroke": frame.colour, "stroke-width": sizes.frame}
    halo: dict[str, Value] = {"stroke": HALO, "stroke-width": sizes.frame + 2 * sizes.frame_halo}
    tag = frame.tag
    fill, ink = (LIGHT, CHIP) if frame.is_chosen else (CHIP, LIGHT)
    plate: dict[str, Value] = {"x": tag.left, "y": tag.top, "width": tag.width, "height": tag.height}
    return _element(
        "g",
        {"class": "frame"},
        _element("path", halo | {"opacity": geometry.FRAME_HALO_OPACITY} | stroke),
        _element("path", light | stroke),
        _element(
            "g",
            {"class": "tag"},
            _element("rect", plate | {"rx": 0.3 * sizes.tag, "fill": fill}),
            _text(frame.text, *tag.centre, sizes.tag, {"fill": ink, **_letters(sizes.tag, 600)}),
        ),
    )


def _letters(size: float, weight: int) -> dict[str, Value]:
    return {"font-family": SANS, "font-size": size, "font-weight": weight, "text-anchor": "middle"}


def _text(text: str, x: float, y: float, size: float, more: dict[str, Value]) -> str:
    """Figures around that point: they are about .72 of the letters' height and stand on the line."""
    return _element("text", {"x": x, "y": y + 0.36 * size, **more}, escape(text))


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
    """A group, or nothing when nothing is in it."""
    inside = "".join(children)
    return _element("g", attributes, inside) if inside else ""


def _element(name: str, attributes: dict[str, Value], *children: str) -> str:
    written = "".join(f" {key}={quoteattr(_text_of(value))}" for key, value in attributes.items())
    return f"<{name}{written}>{''.join(children)}</{name}>" if any(children) else f"<{name}{written}/>"


def _text_of(value: Value) -> str:
    return value if isinstance(value, str) else _number(value)


def _number(value: float) -> str:
    """At most two decimals, and none that say nothing."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def _numbers(*values: float) -> str:
    return " ".join(map(_number, values))
