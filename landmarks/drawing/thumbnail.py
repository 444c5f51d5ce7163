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

    If it cannot keep all, it keeps as many as possible, and of equally many the largest. As far as the photo allows,
    faces are centred horizontally and a little above the centre vertically. Without faces it is the middle. The box is
    in edges: a photo spans 0 to its width.
    """
    if width > height * ratio:
        length = height * ratio
        left = _start(width, length, [(face.left, face.right) for face in faces], 0.5)
        return Box(left, 0, left + length, height)
    length = width / ratio
    top = _start(height, length, [(face.top, face.bottom) for face in faces], 0.46)
    return Box(0, top, width, top + length)


def _start(whole: float, length: float, spans: Sequence[Span], at: float) -> float:
    """Where a window of that length begins; the middle of the spans is at that fraction of it if it fits."""
    if not spans:
        return (whole - length) / 2
    inside = [(max(start, 0.0), min(end, whole)) for start, end in spans]
    kept = max((_kept(inside, start, length) for start, _ in inside), key=_rank) or [max(inside, key=_length)]
    low, high = min(start for start, _ in kept), max(end for _, end in kept)
    wanted = (low + high) / 2 - at * length
    if high - low <= length:
        wanted = min(max(wanted, high - length), low)
    return min(max(wanted, 0.0), whole - length)


def _kept(spans: Sequence[Span], start: float, length: float) -> list[Span]:
    """The spans inside the window. The best window can always be moved until it begins with a span."""
    return [span for span in spans if start <= span[0] and span[1] <= start + length]


def _rank(spans: Sequence[Span]) -> tuple[int, float]:
    return len(spans), sum(map(_length, spans))


def _length(span: Span) -> float:
    return span[1] - span[0]


THUMBNAIL = Style(frames=False)
MOST_LINEAR = 2
"""Times its size up to which a crop is reduced or enlarged linearly, in a fifth of the time: all pixels count."""


def draw_thumbnail(image: Image.Image, faces: Sequence[Face], width: int = 480, height: int = 360) -> Image.Image:
    """A picture of exactly this size: the largest crop of the image that keeps the faces, with their points."""
    crop = choose_crop(image.width, image.height, [face.box for face in faces], width / height)
    photo = image if image.mode == "RGB" else image.convert("RGB")
    small, to_small = _resize(photo, crop, (width, height))
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
