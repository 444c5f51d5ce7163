"""Faces made unrecognizable: a head is left as the mean colours of a few blocks, blurred into each other."""

from collections.abc import Sequence

from PIL import Image, ImageDraw

from landmarks.core.faces import Face
from landmarks.core.pixels import Box, Point, Transform
from landmarks.drawing.face_crop import roll_of

BLOCKS = 5
"""Along the longer side of a head, of which the face between brows and chin has about three. From six on, the engine
still finds some of these faces."""
FOREHEAD, CHIN, EARS = 0.6, 0.2, 0.3
"""How far heads reach beyond the points, in longer sides of the box around them."""
BAND = 256
"""Rows that are blurred at once, so that a large face takes little memory."""


def outline_of(face: Face) -> tuple[Point, Point, Point, Point]:
    """The corners of the rectangle around a head, with forehead, hair line and ears, tilted like the head."""
    upright = Transform.align((0, 0), (0, 0), scale=1, roll=roll_of(face))
    box = Box.around(upright.points(face.points))
    side = max(box.width, box.height, 1.0)
    left, right = box.left - EARS * side, box.right + EARS * side
    top, bottom = box.top - FOREHEAD * side, box.bottom + CHIN * side
    first, second, third, fourth = upright.inverse().points(
        [(left, top), (right, top), (right, bottom), (left, bottom)]
    )
    return first, second, third, fourth


def blur_faces(photo: Image.Image, faces: Sequence[Face]) -> None:
    """Blur every head in the photo itself."""
    for face in faces:
        _blur(photo, outline_of(face))


def _blur(photo: Image.Image, outline: Sequence[Point]) -> None:
    around = Box.around(outline)
    left, top = max(0, int(around.left) - 1), max(0, int(around.top) - 1)
    right, bottom = min(photo.width, int(around.right) + 2), min(photo.height, int(around.bottom) + 2)
    if right <= left or bottom <= top:
        return
    size = right - left, bottom - top
    block = max(max(size) / BLOCKS, 1.0)
    blocks = max(1, round(size[0] / block)), max(1, round(size[1] / block))
    mosaic = photo.resize(blocks, Image.Resampling.BOX, box=(left, top, right, bottom))
    for start in range(0, size[1], BAND):
        height = min(BAND, size[1] - start)
        rows = start * blocks[1] / size[1], (start + height) * blocks[1] / size[1]
        band = mosaic.resize((size[0], height), Image.Resampling.BICUBIC, box=(0, rows[0], blocks[0], rows[1]))
        mask = Image.new("1", band.size)
        ImageDraw.Draw(mask).polygon([(x - left, y - top - start) for x, y in outline], fill=1)
        photo.paste(band, (left, top + start), mask)
