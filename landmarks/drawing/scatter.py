"""A scatter of values in order, as SVG: one or two series with error bars, axes and ticks."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 860, 420
LEFT, RIGHT, TOP, BOTTOM = 72, 24, 44, 52
"""Margins, in pixels."""
TICKS = 6
"""About so many on the vertical axis."""
NARROW_FROM = 120
"""Values from which marks are small and error bars left out, which would cover one another."""
SANS = "system-ui, sans-serif"
NAMESPACE = "http://www.w3.org/2000/svg"


class Theme(StrEnum):
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True)
class Palette:
    ground: str
    ink: str
    faint: str
    series: tuple[str, str]


PALETTES = {
    Theme.LIGHT: Palette("#FFFFFF", "#1E1B18", "#E1DBD0", ("#0F5F59", "#A4301C")),
    Theme.DARK: Palette("#211D1A", "#F2ECE3", "#3A342F", ("#7FCFC4", "#F0957F")),
}


@dataclass(frozen=True)
class Value:
    """A value at its place in the order, from 1."""

    place: int
    value: float
    error: float | None


@dataclass(frozen=True)
class Series:
    """Values of one kind; the first series has discs, the second squares, so that colour is not the only signal."""

    label: str
    values: Sequence[Value]


@dataclass(frozen=True)
class Range:
    low: float
    high: float
    step: float
    """Between ticks."""


def draw_scatter(title: str, along: str, count: int, series: Sequence[Series], theme: Theme = Theme.LIGHT) -> str:
    """`title` stands above and names the vertical axis, `along` the horizontal one, which has `count` places."""
    palette, span = PALETTES[theme], range_of([value for each in series for value in each.values])
    parts = [*_axes(count, span, palette), *_legend(series, palette)]
    for number, each in enumerate(series):
        parts += _marks(each, number, count, span, palette)
    text = f'<text fill="{palette.ink}" x="{{}}" y="{{}}" text-anchor="{{}}"{{}}>{{}}</text>'
    parts.append(text.format(LEFT, 24, "start", ' font-size="15" font-weight="600"', escape(title)))
    parts.append(text.format((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, "middle", "", escape(along)))
    return (
        f'<svg xmlns="{NAMESPACE}" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'font-family="{SANS}" font-size="13"><title>{escape(title)}</title>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{palette.ground}"/>{"".join(parts)}</svg>'
    )


def range_of(values: Sequence[Value]) -> Range:
    """From below the lowest bar to above the highest, in steps of 1, 2 or 5."""
    if not values:
        return Range(0, 1, 0.2)
    low = min(each.value - (each.error or 0) for each in values)
    high = max(each.value + (each.error or 0) for each in values)
    rough = (high - low) / TICKS or max(abs(high), 1) / TICKS
    power = 10 ** math.floor(math.log10(rough))
    step = power * next(factor for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    return Range(math.floor(low / step) * step, (math.floor(high / step) + 1) * step, step)


def _x(place: int, count: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * (place - 0.5) / max(count, 1)


def _y(value: float, span: Range) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - span.low) / (span.high - span.low)


def _axes(count: int, span: Range, palette: Palette) -> Iterator[str]:
    digits = max(0, -math.floor(math.log10(span.step)))
    for number in range(round((span.high - span.low) / span.step) + 1):
        value = span.low + number * span.step
        y = _y(value, span)
        yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{palette.faint}"/>'
        label = f"{value:.{digits}f}".replace("-", "−")
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="{palette.ink}">{label}</text>'
    for place in sorted({1, *range(max(1, count // 10), count + 1, max(1, count // 10)), count} - {0}):
        x, y = _x(place, count), HEIGHT - BOTTOM + 18
        yield f'<text x="{x:.1f}" y="{y}" text-anchor="middle" fill="{palette.ink}">{place}</text>'


def _legend(series: Sequence[Series], palette: Palette) -> Iterator[str]:
    if len(series) < 2:
        return
    for number, each in enumerate(series):
        x = WIDTH - RIGHT - 90 * (len(series) - number)
        yield _mark(number, x, 19, 4.5, palette)
        yield f'<text x="{x + 12}" y="24" fill="{palette.ink}">{escape(each.label)}</text>'


def _marks(series: Series, number: int, count: int, span: Range, palette: Palette) -> Iterator[str]:
    is_narrow = count >= NARROW_FROM
    for each in series.values:
        # Two series at one place stand side by side.
        x, y = _x(each.place, count) + (0 if is_narrow else 6 * number), _y(each.value, span)
        if each.error and not is_narrow:
            top, bottom = _y(each.value + each.error, span), _y(each.value - each.error, span)
            yield f'<path d="M{x:.1f} {top:.1f}V{bottom:.1f}" stroke="{palette.series[number]}" stroke-opacity="0.5"/>'
        yield _mark(number, x, y, 2.5 if is_narrow else 4.5, palette)


def _mark(number: int, x: float, y: float, radius: float, palette: Palette) -> str:
    colour = palette.series[number]
    if number:
        side = 2 * radius
        return f'<rect x="{x - radius:.1f}" y="{y - radius:.1f}" width="{side}" height="{side}" fill="{colour}"/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colour}"/>'
