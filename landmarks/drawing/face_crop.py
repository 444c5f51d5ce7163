"""Aligned crops: a square around a face, with the eyes level, and the matrix that leads there from the photo."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from landmarks.core.faces import Face
from landmarks.core.pixels import Box, Point, Transform

SMALLEST, LARGEST = 16, 1024
"""Side of a crop, in pixels."""
MOST_MARGIN = 1.0
SHORT_EYE_LINE = 0.2
"""Of the diagonal of the box around the points. A shorter one, of a face seen from the side, says little about the tilt
of the head."""


@dataclass(frozen=True)
class Crop:
    """A square around a face."""

    size: int = 256
    """Of each side, in pixels."""
    margin: float = 0.25
    """Around the points on each side, as a share of the longer side of their box."""


DEFAULT_CROP = Crop()


def transform_to(face: Face, crop: Crop) -> Transform:
    """From the pixels of the photo to those of the crop."""
    roll = roll_of(face)
    upright = Transform.align((0, 0), (0, 0), scale=1, roll=roll)
    box = Box.around(upright.points(face.points))
    side = max(box.width, box.height, 1.0) * (1 + 2 * crop.margin)
    middle = (crop.size - 1) / 2
    centre = upright.inverse().point(box.centre)
    return Transform.align(centre, (middle, middle), scale=crop.size / side, roll=roll)


def roll_of(face: Face) -> float:
    """Radians clockwise by which the line between the eyes is tilted, or the head where that line is short."""
    left, right = (_middle(face.region(name)) for name in ("left_eye", "right_eye"))
    across, down = right[0] - left[0], right[1] - left[1]
    if face.pose and math.hypot(across, down) < SHORT_EYE_LINE * math.hypot(face.box.width, face.box.height):
        return math.radians(face.pose.roll)
    return math.atan2(down, across)


def _middle(points: tuple[Point, ...]) -> Point:
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)


def cut(photo: Image.Image, transform: Transform, size: int) -> Image.Image:
    """The square of that size; black where it reaches beyond the photo."""
    last = size - 0.5
    needed = transform.inverse().box(Box(-0.5, -0.5, last, last)).grown(2)
    left, top = max(0, math.floor(needed.left)), max(0, math.floor(needed.top))
    right, bottom = min(photo.width, math.ceil(needed.right) + 1), min(photo.height, math.ceil(needed.bottom) + 1)
    if right <= left or bottom <= top:
        return Image.new("RGB", (size, size))
    part, to_part = photo.crop((left, top, right, bottom)).convert("RGB"), Transform.shift(-left, -top)
    # Without reducing it first, most pixels of a large face would count for nothing.
    if (times := int(1 / transform.factor)) > 1:
        reduced = max(1, part.width // times), max(1, part.height // times)
        to_part = to_part.then(Transform.resize(part.size, reduced))
        part = part.resize(reduced, Image.Resampling.BOX)
    matrix = np.array(to_part.inverse().then(transform).rows())
    return Image.fromarray(cv2.warpAffine(np.asarray(part), matrix, (size, size), flags=cv2.INTER_CUBIC))
