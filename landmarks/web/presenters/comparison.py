"""Two results of one photo side by side: both overlays, and the distances between their points."""

from dataclasses import dataclass

from landmarks.core import agreement
from landmarks.core.agreement import Agreement, PairAgreement, PointGap, RegionGap
from landmarks.core.faces import Face
from landmarks.core.schema import BY_NAME
from landmarks.drawing.style import DEFAULT_STYLE, Style
from landmarks.drawing.svg import draw_svg, draw_swatch
from landmarks.models import Result
from landmarks.services import engines
from landmarks.web.presenters import text, viewer

LINES, MARKS = Style(frames=False), Style(frames=False, lines=False)
OPTIONS = {
    "largest_only": ("all faces", "only the largest face"),
    "rotate": ("without rotation", "with rotation"),
    "dense": ("without dense points", "with dense points"),
}
"""What a run without and one with the option are called where two runs differ in it."""
AGAINST_PEOPLE = 3
"""Percent of the eye distance between the embedded engine's points and those that people set; see docs/engine.md."""


@dataclass(frozen=True)
class Side:
    """One of the two results."""

    result: Result
    title: str
    name: str
    """Within a sentence."""
    summary: list[str]
    faces: tuple[Face, ...]
    overlay: str


@dataclass(frozen=True)
class Row:
    """The mean distance in a region."""

    swatch: str
    label: str
    distance: str


@dataclass(frozen=True)
class Pair:
    """A face in both results: a close-up with the lines of one and the marks of the other, and the distances."""

    title: str
    view: str
    lines: str
    marks: str
    rows: list[Row]
    mean: str
    worst: str


@dataclass(frozen=True)
class Comparison:
    sides: tuple[Side, Side]
    sentence: str
    scale: str
    """What to compare the mean distance with; empty if there is nothing."""
    unpaired: list[str]
    """Sentences about faces that only one result has."""
    rows: list[Row]
    """Over all faces; empty for fewer than two."""
    mean: str
    pairs: list[Pair]


def compare_results(first: Result, second: Result) -> Comparison:
    sides = two_sides(first, second)
    found = agreement.compare(sides[0].faces, sides[1].faces)
    return Comparison(
        sides,
        sentence(found),
        scale(sides) if found.mean is not None else "",
        unpaired(sides, found),
        rows(found.regions) if len(found.measured) > 1 else [],
        percent(found.mean),
        [pair(sides, each) for each in found.pairs],
    )


def two_sides(first: Result, second: Result) -> tuple[Side, Side]:
    """Named by their engines, or first and second if the engine is the same; with the options in which they differ."""
    options = differences(first, second), differences(second, first)
    if first.engine == second.engine:
        return (
            side(first, "the first run", options[0], "First run: "),
            side(second, "the second run", options[1], "Second run: "),
        )
    return (
        side(first, text.engine_in_sentence(first.engine), options[0]),
        side(second, text.engine_in_sentence(second.engine), options[1]),
    )


def differences(result: Result, other: Result) -> list[str]:
    def is_on(each: Result, option: str) -> bool:
        return bool(getattr(each, option))

    return [
        names[is_on(result, option)]
        for option, names in OPTIONS.items()
        if is_on(result, option) != is_on(other, option)
    ]


def side(result: Result, name: str, options: list[str], prefix: str = "") -> Side:
    faces = result.found_faces()
    title = ", ".join([prefix + text.engine_with_version(result), *options])
    return Side(result, title, name, text.run_summary(result), faces, viewer.overlay(result, faces, DEFAULT_STYLE))


def sentence(found: Agreement) -> str:
    if found.mean is None:
        return "No distance can be measured: " + (
            "both outer eye corners are at the same point." if found.pairs else "no face was found by both."
        )
    count = len(found.measured)
    faces = "the face" if count == 1 else f"the {count} faces"
    return f"On average, the points of {faces} that both found are {percent(found.mean)} of the eye distance apart."


def scale(sides: tuple[Side, Side]) -> str:
    if not any(each.result.engine == engines.EMBEDDED for each in sides):
        return ""
    return (
        f"For comparison: the embedded engine’s points are about {AGAINST_PEOPLE}\N{NO-BREAK SPACE}% away from points "
        "set by people, on average."
    )


def unpaired(sides: tuple[Side, Side], found: Agreement) -> list[str]:
    return [
        f"Only {side.name} found {len(numbers)} face{'s' * (len(numbers) > 1)}{which(numbers, side)}."
        for side, numbers in zip(sides, (found.only_first, found.only_second), strict=True)
        if numbers
    ]


def which(numbers: tuple[int, ...], side: Side) -> str:
    """Their numbers, if the overlay shows any because there are several faces."""
    return f": number{'s' * (len(numbers) > 1)} {', '.join(ranges(numbers))}" if len(side.faces) > 1 else ""


def ranges(numbers: tuple[int, ...]) -> list[str]:
    """Ascending numbers, with three and more in a row as "2–29"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [
        part
        for run in runs
        for part in ([f"{run[0]}\N{EN DASH}{run[-1]}"] if len(run) > 2 else [str(number) for number in run])
    ]


def pair(sides: tuple[Side, Side], found: PairAgreement) -> Pair:
    faces = sides[0].faces[found.first - 1], sides[1].faces[found.second - 1]
    photo = sides[0].result.photo
    view = viewer.view_of(faces[0], photo.width, photo.height)

    def draw(face: Face, style: Style, label: str) -> str:
        scale = viewer.CLOSE_UP / view.width
        return draw_svg(photo.width, photo.height, [face], style, scale=scale, view=view, label=label)

    return Pair(
        title(sides, found),
        viewer.view_box(view),
        draw(faces[0], LINES, f"Lines of {sides[0].name}"),
        draw(faces[1], MARKS, f"Marks of {sides[1].name}"),
        rows(found.regions),
        percent(found.mean),
        worst_point(found.worst),
    )


def title(sides: tuple[Side, Side], found: PairAgreement) -> str:
    if found.first == found.second:
        return f"Face {found.first}"
    return f"Face {found.first}, number {found.second} of {sides[1].name}"


def rows(gaps: tuple[RegionGap, ...]) -> list[Row]:
    return [Row(draw_swatch(gap.region), BY_NAME[gap.region].label, percent(gap.mean)) for gap in gaps]


def worst_point(gap: PointGap | None) -> str:
    if gap is None:
        return ""
    region = BY_NAME[gap.region]
    return f"{region.label} {gap.index}, {region.meanings[gap.index]}: {percent(gap.distance)}"


def percent(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}\N{NO-BREAK SPACE}%"
