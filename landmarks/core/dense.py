"""The dense points of a face: which of them mirror each other, and the triangles between them.

The data (dense.json) are ours, made by `python -m benchmarks.dense_topology`: the mean of faces that look into the
camera, made symmetrical, unrolled from a cylinder and triangulated (Delaunay) in one half, whose mirror image is the
other. Points 468 to 477 are two irises, each a centre and a ring of four, and belong to no triangle.
"""

import json
from collections import defaultdict
from functools import cache
from itertools import pairwise
from pathlib import Path

DENSE_COUNT = 478
IRISES = tuple(tuple(range(start, start + 4)) for start in (469, 474))
"""The ring of each iris."""

DensePoint = tuple[float, float, float]
"""x and y in pixels of the upright photo, and the depth in the same unit: 0 is within the head, less is closer to the
camera."""
Triangle = tuple[int, int, int]

_DATA = json.loads(Path(__file__).with_name("dense.json").read_text(encoding="utf-8"))


def _mirrored() -> tuple[int, ...]:
    numbers = list(range(DENSE_COUNT))
    for left, right in _DATA["pairs"]:
        numbers[left], numbers[right] = right, left
    return tuple(numbers)


DENSE_FLIPPED = _mirrored()
"""For each point the number of the one on the other side; a point in the middle has its own."""


def _triangles() -> tuple[Triangle, ...]:
    half: list[Triangle] = [(first, second, third) for first, second, third in _DATA["triangles"]]
    # In the mirror image they would run the other way round.
    return (*half, *((DENSE_FLIPPED[a], DENSE_FLIPPED[c], DENSE_FLIPPED[b]) for a, b, c in half))


TRIANGLES = _triangles()
"""Of the whole face, each clockwise as seen in the photo."""


@cache
def edges() -> tuple[tuple[int, int], ...]:
    """The sides of the triangles and of the irises, each once."""
    rings = [*TRIANGLES, *IRISES]
    sides = (side for ring in rings for side in pairwise((*ring, ring[0])))
    return tuple(sorted({(min(side), max(side)) for side in sides}))


@cache
def strokes() -> tuple[tuple[int, ...], ...]:
    """Lines that draw each edge once, in few strokes: they begin where an odd number of edges meets, while there are
    such points.
    """
    undrawn: dict[int, list[int]] = defaultdict(list)
    for first, second in edges():
        undrawn[first].append(second)
        undrawn[second].append(first)
    drawn = []
    for start in sorted(undrawn, key=lambda number: len(undrawn[number]) % 2 == 0):
        while undrawn[start]:
            drawn.append(_stroke(start, undrawn))
    return tuple(drawn)


def _stroke(start: int, undrawn: dict[int, list[int]]) -> tuple[int, ...]:
    """On along the edges that are not drawn yet, which it removes, until there is none."""
    line = [start]
    while ahead := undrawn[line[-1]]:
        following = ahead.pop(0)
        undrawn[following].remove(line[-1])
        line.append(following)
    return tuple(line)
