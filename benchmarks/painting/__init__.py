"""Painting covers over clear faces: masks, hands, hair, dark glasses, microphones, and what only looks like a cover.

A cover is a shape in the frame of the face, filled with a surface, lit like the face below it, and pasted with soft
edges. Nothing is fitted or read from a file.
"""

from collections.abc import Callable

from benchmarks.painting.canvas import Canvas, Image, Shape
from benchmarks.painting.covers import hair, hand, mask, microphone, scarf, thing
from benchmarks.painting.glasses import clear_glasses, dark_glasses
from benchmarks.painting.lookalikes import beard, lipstick, shadow

__all__ = ["COVERS", "HARMLESS", "Canvas", "Image", "Shape"]

COVERS: dict[str, Callable[[Canvas], Shape]] = {
    "mask": mask,
    "scarf": scarf,
    "hand": hand,
    "hair": hair,
    "dark glasses": dark_glasses,
    "microphone": microphone,
    "thing": thing,
}
"""What hides a part of the face; each paints itself and returns where."""
HARMLESS: dict[str, Callable[[Canvas], Shape]] = {
    "clear glasses": clear_glasses,
    "shadow": shadow,
    "lipstick": lipstick,
    "beard": beard,
}
"""What changes the face and hides nothing."""
