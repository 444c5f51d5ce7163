"""The ± of a measure, from the expected errors of the points that it needs.

The errors of points are taken as independent, and as large in every direction. The expected error is a mean distance,
so each coordinate has a standard deviation of sqrt(2 / π) of it. Every coordinate is moved by that to both sides, and
the changes of the measure add up as squares: linear propagation (GUM, JCGM 100:2008, 5.1), with differences in place
of derivatives. What the two sides do not cancel is curvature, which is added as a bias.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from landmarks.core.faces import Face
from landmarks.core.measures.geometry import Shape
from landmarks.core.measures.openness import inter_ocular_distance

PER_COORDINATE = math.sqrt(2 / math.pi)
"""Standard deviation of a coordinate, by the mean distance of points that scatter evenly (Rayleigh distribution)."""


@dataclass(frozen=True)
class Figure:
    """A value, and its standard deviation; None without expected errors."""

    value: float
    error: float | None


def deviations(face: Face) -> tuple[float, ...] | None:
    """Standard deviation of each point's x, and of its y, in pixels; None if the engine reports no errors."""
    if face.uncertainty is None:
        return None
    per_unit = inter_ocular_distance(face) * PER_COORDINATE
    return tuple(error * per_unit for error in face.uncertainty)


def propagate(
    values: Callable[[Shape], tuple[float, ...]],
    shape: list[complex],
    points: Iterable[int],
    scatter: tuple[float, ...] | None,
) -> tuple[Figure | None, ...]:
    """Each of the values that the function has on a shape, with its error; None where it cannot be measured."""
    exact = values(shape)
    if scatter is None:
        return tuple(Figure(value, None) if math.isfinite(value) else None for value in exact)
    squares, biases = [0.0] * len(exact), [0.0] * len(exact)
    for index in sorted(points):
        point = shape[index]
        for step in (complex(scatter[index], 0), complex(0, scatter[index])):
            shape[index] = point + step
            more = values(shape)
            shape[index] = point - step
            less = values(shape)
            for number, (high, low, middle) in enumerate(zip(more, less, exact, strict=True)):
                squares[number] += ((high - low) / 2) ** 2
                biases[number] += (high + low) / 2 - middle
        shape[index] = point
    return tuple(
        Figure(value, math.sqrt(square + bias**2)) if math.isfinite(value + square + bias) else None
        for value, square, bias in zip(exact, squares, biases, strict=True)
    )
