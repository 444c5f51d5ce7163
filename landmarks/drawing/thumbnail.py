"""Thumbnails: the part of a photo that keeps the faces, with their points."""

from collections.abc import Sequence

import cv2
import numpy as np
from PIL import Image

from landmarks.core.faces import Face
from landmarks.core.pixels import Box, Transform
from landmarks.drawing.quick_raster import draw_quickly
from landmarks.drawing.style import Style

Span = tuple[float, float]


def choose_crop(width: int, height: int, faces: Sequence[Box], ratio: float) -> Box:
    """The largest part of the photo with this ratio (width by height) that keeps the faces.

    Where no such part keeps all, it is longer: as long as the faces are spread, in a photo that is wider or taller.
    As far as the photo allows, faces are centred horizontally and a little above the centre vertically. Without faces
    it is the middle of a wide photo and the upper part of a tall one, where heads are that no engine found. The box is
    in edges: a photo spans 0 to its width.
    """
    if width > height * ratio:
        left, right = _choose_span(width, height * ratio, [(face.left, face.right) for face in faces], 0.5, 0.5)
        return Box(left, 0, right, height)
    top, bottom = _choose_span(height, width / ratio, [(face.top, face.bottom) for face in faces], 0.46, 0.1)
    return Box(0, top, width, bottom)


def _choose_span(whole: float, least: float, faces: Sequence[Span], at: float, without: float) -> Span:
    """A span of that length, or longer; the middle of the faces is at that fraction of it if the photo allows.

    Without faces, the fraction `without` of what is left out lies before it.
    """
    if not faces:
        start = without * (whole - least)
        return start, start + least
    low, high = max(min(start for start, _ in faces), 0.0), min(max(end for _, end in faces), whole)
    if high - low <= least:
        start = min(max((low + high) / 2 - at * least, high - least), low)
        start = min(max(start, 0.0), whole - least)
        return start, start + least
    margin = SPACE * max(end - start for start, end in faces)
    return max(low - margin, 0.0), min(high + margin, whole)


THUMBNAIL = Style(frames=False)
SPACE = 0.25
"""Beside the outermost faces, in lengths of the largest face: hair, forehead and chin have no points."""
MOST_LINEAR = 2
"""Times its size up to which a crop is reduced or enlarged linearly, in a fifth of the time: all pixels count."""


def draw_thumbnail(image: Image.Image, faces: Sequence[Face], width: int = 480, height: int = 360) -> Image.Image:
    """A picture that fits into this size: the largest crop of the image that keeps the faces, with their points.

    It has exactly this size unless a crop of that ratio would lose a face.
    """
    crop = choose_crop(image.width, image.height, [face.box for face in faces], width / height)
    factor = min(width / crop.width, height / crop.height)
    size = max(1, round(factor * crop.width)), max(1, round(factor * crop.height))
    photo = image if image.mode == "RGB" else image.convert("RGB")
    small, to_small = _resize(photo, crop, size)
    draw_quickly(small, [face.transformed(to_small) for face in faces], THUMBNAIL)
    return small


def _resize(photo: Image.Image, crop: Box, size: tuple[int, int]) -> tuple[Image.Image, Transform]:
    """The crop in that size, and where it puts the points of the photo."""
    if size[0] / MOST_LINEAR <= crop.width <= MOST_LINEAR * size[0]:
        left, top, right, bottom = box = round(crop.left), round(crop.top), round(crop.right), round(crop.bottom)
        resized = cv2.resize(np.asarray(photo.crop(box)), size, interpolation=cv2.INTER_LINEAR)
        to_size = Transform.resize((right - left, bottom - top), size)
        return Image.fromarray(resized), Transform.shift(-left, -top).then(to_size)
    edges = (crop.left, crop.top, crop.right, crop.bottom)
    # Half the time of Lanczos, as is reducing a large photo a little before; hardly to be seen at this size.
    resized_exactly = photo.resize(size, Image.Resampling.HAMMING, box=edges, reducing_gap=1.5)
    return resized_exactly, Transform.shift(-crop.left, -crop.top).then(Transform.scale(size[0] / crop.width))
