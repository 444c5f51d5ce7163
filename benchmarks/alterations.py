"""Altered copies of a photo, and where its points lie in them: cut at an edge beside a face, turned, tilted."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from benchmarks.peer_programs import Pixels
from landmarks.core.pixels import Box, Transform
from landmarks.engines.local.arrays import matrix_of

EDGES = ("top", "right", "bottom", "left")


@dataclass(frozen=True)
class Altered:
    """A copy, and the way from pixels of the photo to its own."""

    pixels: Pixels
    to_copy: Transform


def cut(pixels: Pixels, face: Box, edge: str, share: float) -> Altered:
    """Without what lies beyond a line through the face, this share of the face's height from its outermost point."""
    height, width = pixels.shape[:2]
    depth = face.height * share
    left, top, right, bottom = 0, 0, width, height
    if edge == "top":
        top = max(top, round(face.top + depth))
    elif edge == "bottom":
        bottom = min(bottom, round(face.bottom - depth))
    elif edge == "left":
        left = max(left, round(face.left + depth))
    else:
        right = min(right, round(face.right - depth))
    return Altered(np.ascontiguousarray(pixels[top:bottom, left:right]), Transform.shift(-left, -top))


def turned(pixels: Pixels, degrees: int) -> Altered:
    """Turned clockwise, on a canvas that holds all of it, black where the photo ends."""
    height, width = pixels.shape[:2]
    if degrees % 90 == 0:
        turn = Transform.turn(degrees, (width, height))
        return Altered(np.ascontiguousarray(np.rot90(pixels, -degrees // 90)), turn)
    roll = math.radians(degrees)
    cos, sin = abs(math.cos(roll)), abs(math.sin(roll))
    new_width, new_height = math.ceil(width * cos + height * sin), math.ceil(width * sin + height * cos)
    middle, new_middle = ((width - 1) / 2, (height - 1) / 2), ((new_width - 1) / 2, (new_height - 1) / 2)
    turn = Transform.align(middle, new_middle, scale=1, roll=-roll)
    return Altered(np.asarray(cv2.warpAffine(pixels, matrix_of(turn), (new_width, new_height))), turn)
