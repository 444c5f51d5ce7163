"""About how large an export will be, before anything is read for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from landmarks.core.analysis import Analysis
from landmarks.core.dense import DENSE_COUNT
from landmarks.core.faces import Face, Pose
from landmarks.core.pixels import Point
from landmarks.core.schema import POINT_COUNT, REGIONS
from landmarks.drawing.reference_face import MEAN_FACE
from landmarks.exports.options import Options
from landmarks.exports.registry import FORMATS

PNG = 4.7
"""Bytes of a PNG for each of the stored JPEG, on 39 photos: 3.7 to 5.6 for eight of ten."""
JPEG = 1.05
"""The same of a JPEG with marks, which has the quality of the stored one."""
DEFLATED = 0.35
"""Bytes in an archive for each of a text."""
SIDE, ORIGIN = 170.0, 412.0
"""Pixels for the eye distance of a face of usual size, and its place."""
STEP = 13.717
"""Pixels from one face to the next, whose coordinates are to have other digits."""


@dataclass(frozen=True)
class Contents:
    """What leaves."""

    results: int
    faces: int
    with_dense: int
    """Faces of which the dense points are kept."""
    photo_bytes: int


def about(name: str, scheme: str, contents: Contents) -> int:
    """Bytes of a file of this format; an empty scheme is the format's own."""
    if name == "png":
        return round(PNG * contents.photo_bytes)
    if FORMATS[name].needs_photo:
        return round(JPEG * contents.photo_bytes) if name == "jpg" else contents.photo_bytes
    return max(0, round(_text(name, scheme, contents)))


def about_with_photos(name: str, scheme: str, contents: Contents) -> int:
    """The same of an archive of the photos with that file in it."""
    file = about(name, scheme, contents)
    return contents.photo_bytes + (file if FORMATS[name].needs_photo else round(DEFLATED * file))


def _text(name: str, scheme: str, contents: Contents) -> float:
    if contents.results == 1:
        sizes = [_size(name, scheme, faces=(count,), several=False) for count in (1, 2, 3)]
        size = sizes[0] if contents.faces < 2 else sizes[1] + (contents.faces - 2) * (sizes[2] - sizes[1])
    else:
        one, two, both = (_size(name, scheme, faces=faces, several=True) for faces in ((1,), (2,), (1, 1)))
        of_face = two - one
        of_photo = both - one - of_face
        size = one + (contents.results - 1) * of_photo + (contents.faces - 1) * of_face
    if "dense" in FORMATS[name].needs:
        plain, dense = (_size(name, scheme, faces=(1,), several=True, has_dense=has) for has in (False, True))
        size += contents.with_dense * (dense - plain)
    return size


@cache
def _size(name: str, scheme: str, *, faces: tuple[int, ...], several: bool, has_dense: bool = False) -> int:
    """Of photos with so many faces each."""
    options = Options(scheme=scheme, several=several)
    pieces = FORMATS[name].export(_photos(faces, has_dense=has_dense), options).pieces
    return sum(map(len, pieces))


def _photos(faces: tuple[int, ...], *, has_dense: bool) -> Iterable[Analysis]:
    """With names, and digits, as long as those of results are."""
    shape = [point for region in REGIONS for point in MEAN_FACE[region.name]]
    for number, count in enumerate(faces):
        id = f"{number:08}-0000-4000-8000-000000000000"
        name = f"photo-{number:04}"
        found = tuple(_face(shape, STEP * (number + place), has_dense=has_dense) for place in range(count))
        yield Analysis(f"{name}.jpg", 1200, 900, "3.0", found, id, f"{name}-{id}.jpg", "local", 123.4)


def _face(shape: Iterable[Point], shift: float, *, has_dense: bool) -> Face:
    points = tuple((round(ORIGIN + shift + SIDE * x, 3), round(ORIGIN + SIDE * y, 3)) for x, y in shape)
    dense = ((ORIGIN + 0.123, ORIGIN + 0.456, -12.345),) * DENSE_COUNT if has_dense else None
    return Face(points, 0.994, (0.027,) * POINT_COUNT, Pose(2.4, -7.3, -3.7), irises=(24.2, 24.3), dense=dense)
