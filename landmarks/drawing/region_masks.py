"""Regions as areas: polygons, and masks in which each pixel has the number of its region."""

import math
from collections.abc import Collection

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor

from landmarks.core.dense import IRISES
from landmarks.core.faces import Face
from landmarks.core.pixels import Point
from landmarks.core.schema import BY_NAME, REGIONS

Polygon = tuple[Point, ...]
Mask = NDArray[np.uint8]

NUMBERS = {region.name: number for number, region in enumerate(REGIONS, start=1)}
"""Value of each region in a mask; 0 is none of them."""
IRIS = 0.2
"""Radius of an iris in widths of an eye: 11.7 mm across, of about 29 mm between the corners."""
CORNERS = 24
"""Of the polygon of an iris."""
UPPER_EDGE = (0, 7, 6, 5)
"""Of a brow, from its outer tip."""
SUBPIXEL_BITS = 4
FAR = 1e5
"""Pixels beyond which a point is drawn as if it were there; OpenCV's coordinates are 32 bits wide."""


def polygon_of(face: Face, region: str) -> Polygon:
    """The face is closed above the brows. The mouth is both lips and what is between them. A pupil is its iris, which
    lids may cover.
    """
    points = face.region(region)
    if region == "face_profile":
        right, left = face.region("right_eye_brow"), face.region("left_eye_brow")
        return *points, *(right[index] for index in UPPER_EDGE), *(left[index] for index in UPPER_EDGE[::-1])
    if region.endswith("pupil"):
        return _iris(face, region)
    outer = BY_NAME[region].paths[0]
    return tuple(points[index] for index in outer.indices)


def _iris(face: Face, region: str) -> Polygon:
    (x, y), is_left = face.region(region)[0], region.startswith("left")
    if face.dense:
        ring = [face.dense[number][:2] for number in IRISES[0 if is_left else 1]]
        radius = sum(math.dist((x, y), point) for point in ring) / len(ring)
    else:
        eye = face.region(region.replace("pupil", "eye"))
        radius = IRIS * math.dist(eye[0], eye[4])
    angles = (2 * math.pi * step / CORNERS for step in range(CORNERS))
    return tuple((x + radius * math.cos(angle), y + radius * math.sin(angle)) for angle in angles)


def draw_mask(face: Face, regions: Collection[str], size: tuple[int, int]) -> Image.Image:
    """A picture of that width and height whose pixels are numbers of regions, with their colours as its palette.

    Later regions lie over earlier ones, as eyes do over the face. An iris ends at the lids.
    """
    mask = np.zeros(size[::-1], np.uint8)
    for region in REGIONS:
        if region.name in regions:
            _fill(mask, face, region.name)
    image = Image.fromarray(mask, mode="P")
    colours = ["#000000", *(region.colour for region in REGIONS)]
    image.putpalette([value for colour in colours for value in ImageColor.getrgb(colour)[:3]])
    return image


def _fill(mask: Mask, face: Face, region: str) -> None:
    if not region.endswith("pupil"):
        _fill_polygon(mask, polygon_of(face, region), NUMBERS[region])
        return
    eye, iris = np.zeros_like(mask), np.zeros_like(mask)
    _fill_polygon(eye, polygon_of(face, region.replace("pupil", "eye")), 1)
    _fill_polygon(iris, polygon_of(face, region), 1)
    mask[(eye & iris) > 0] = NUMBERS[region]


def _fill_polygon(mask: Mask, polygon: Polygon, value: int) -> None:
    corners = np.clip(np.array(polygon), -FAR, FAR) * 2**SUBPIXEL_BITS
    cv2.fillPoly(mask, [corners.round().astype(np.int32)], value, shift=SUBPIXEL_BITS)
