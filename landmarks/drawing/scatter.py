"""A scatter as SVG, of values in order or against other values: one or two series with error bars, axes and ticks."""

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
    """A value at its place in the order, from 1, or at another value."""

    at: float
    value: float
    error: float | None
    at_error: float | None = None


@dataclass(frozen=True)
class Series:
    """Values of one kind; the first series has discs, the second squares, so that colour is not the only signal."""

    label: str
    values: Sequence[Value]


@dataclass(frozen=True)
class Range:
    """Of an axis."""

    low: float
    high: float
    step: float
    """Between ticks."""

    def share(self, value: float) -> float:
        return (value - self.low) / (self.high - self.low)

    def ticks(self) -> Iterator[tuple[float, str]]:
        digits = max(0, -math.floor(math.log10(self.step)))
        for number in range(round((self.high - self.low) / self.step) + 1):
            value = self.low + number * self.step
            yield value, f"{value:.{digits}f}".replace("-", "−")


@dataclass(frozen=True)
class Places:
    """An axis of so many places in an order, from 1."""

    count: int

    def share(self, place: float) -> float:
        return (place - 0.5) / max(self.count, 1)

    def ticks(self) -> Iterator[tuple[float, str]]:
        step = max(1, self.count // 10)
        for place in sorted({1, *range(step, self.count + 1, step), self.count} - {0}):
            yield place, str(place)


Axis = Places | Range


def draw_scatter(
    title: str, along: str, axis: Places | None, series: Sequence[Series], theme: Theme = Theme.LIGHT
) -> str:
    """`title` stands above and names the vertical axis, `along` the horizontal one, on which values are where `axis`
    says; without it, it has a scale as the vertical one.
    """
    values = [value for each in series for value in each.values]
    across: Axis = axis or range_of([Value(0, each.at, each.at_error) for each in values])
    palette, span = PALETTES[theme], range_of(values)
    parts = [*_axes(across, span, palette), *_legend(series, palette)]
    for number, each in enumerate(series):
        parts += _marks(each, number, across, span, palette)
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


def _x(at: float, axis: Axis) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * axis.share(at)


def _y(value: float, span: Range) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * span.share(value)


def _axes(axis: Axis, span: Range, palette: Palette) -> Iterator[str]:
    for value, label in span.ticks():
        y = _y(value, span)
        yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{palette.faint}"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="{palette.ink}">{label}</text>'
    for at, label in axis.ticks():
        x, y = _x(at, axis), HEIGHT - BOTTOM + 18
        if isinstance(axis, Range):
            yield f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="{palette.faint}"/>'
        yield f'<text x="{x:.1f}" y="{y}" text-anchor="middle" fill="{palette.ink}">{label}</text>'


def _legend(series: Sequence[Series], palette: Palette) -> Iterator[str]:
    if len(series) < 2:
        return
    for number, each in enumerate(series):
        x = WIDTH - RIGHT - 90 * (len(series) - number)
        yield _mark(number, x, 19, 4.5, palette)
        yield f'<text x="{x + 12}" y="24" fill="{palette.ink}">{escape(each.label)}</text>'


def _marks(series: Series, number: int, axis: Axis, span: Range, palette: Palette) -> Iterator[str]:
    is_ordered = isinstance(axis, Places)
    is_narrow = (axis.count if isinstance(axis, Places) else len(series.values)) >= NARROW_FROM
    bar = f'" stroke="{palette.series[number]}" stroke-opacity="0.5"/>'
    for each in series.values:
        # Two series at one place stand side by side.
        x, y = _x(each.at, axis) + (6 * number if is_ordered and not is_narrow else 0), _y(each.value, span)
        if each.error and not is_narrow:
            top, bottom = _y(each.value + each.error, span), _y(each.value - each.error, span)
            yield f'<path d="M{x:.1f} {top:.1f}V{bottom:.1f}{bar}'
        if each.at_error and not is_narrow:
            left, right = _x(each.at - each.at_error, axis), _x(each.at + each.at_error, axis)
            yield f'<path d="M{left:.1f} {y:.1f}H{right:.1f}{bar}'
        yield _mark(number, x, y, 2.5 if is_narrow else 4.5, palette)


def _mark(number: int, x: float, y: float, radius: float, palette: Palette) -> str:
    colour = palette.series[number]
    if number:
        side = 2 * radius
        return f'<rect x="{x - radius:.1f}" y="{y - radius:.1f}" width="{side}" height="{side}" fill="{colour}"/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colour}"/>'
