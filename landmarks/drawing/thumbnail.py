"""Which part of a photo a thumbnail shows."""

from collections.abc import Sequence

from PIL import Image

from landmarks.core.faces import Box, Face
from landmarks.drawing.raster import draw_on
from landmarks.drawing.style import Style

Span = tuple[float, float]


def choose_crop(width: int, height: int, faces: Sequence[Box], ratio: float) -> Box:
    """The largest part of the photo in that ratio (width to height), placed so that it keeps the faces.

    Where they cannot all be kept it keeps the most, and of equally many the largest. Faces stand in the middle
    across and a little above the middle down, as far as the photo allows. Without faces it is the middle.
    """
    if width > height * ratio:
        length = height * ratio
        left = _place(width, length, [(face.left, face.right) for face in faces], 0.5)
        return Box(left, 0, left + length, height)
    length = width / ratio
    top = _place(height, length, [(face.top, face.bottom) for face in faces], 0.46)
    return Box(0, top, width, top + length)


def _place(whole: float, length: float, spans: Sequence[Span], at: float) -> float:
    """Where a window of that length begins; the spans' middle lies at that fraction of it if there is room."""
    if not spans:
        return (whole - length) / 2
    inside = [(max(start, 0.0), min(end, whole)) for start, end in spans]
    kept = max((_kept(inside, start, length) for start, _ in inside), key=_worth) or [max(inside, key=_length)]
    low, high = min(start for start, _ in kept), max(end for _, end in kept)
    wanted = (low + high) / 2 - at * length
    if high - low <= length:
        wanted = min(max(wanted, high - length), low)
    return min(max(wanted, 0.0), whole - length)


def _kept(spans: Sequence[Span], start: float, length: float) -> list[Span]:
    """The spans that lie inside the window; the best window can always be moved until a span begins with it."""
    return [span for span in spans if start <= span[0] and span[1] <= start + length]


def _worth(spans: Sequence[Span]) -> tuple[int, float]:
    return len(spans), sum(map(_length, spans))


def _length(span: Span) -> float:
    return span[1] - span[0]


THUMBNAIL = Style(frames=False)


def draw_thumbnail(image: Image.Image, faces: Sequence[Face], width: int = 480, height: int = 360) -> Image.Image:
    """A picture of exactly that size: the largest crop of the image that keeps the faces, with their points."""
    crop = choose_crop(image.width, image.height, [face.box for face in faces], width / height)
    edges = (crop.left, crop.top, crop.right, crop.bottom)
    photo = image if image.mode == "RGB" else image.convert("RGB")
    small = photo.resize((width, height), Image.Resampling.LANCZOS, box=edges, reducing_gap=2.0)
    draw_on(small, [face.seen_in(crop, width / crop.width) for face in faces], THUMBNAIL)
    return small
