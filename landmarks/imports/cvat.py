"""CVAT for images, XML 1.1, as `exports/cvat` writes it: skeletons of named points, or single points in groups.

The file may come from anybody, so a document type, which can define entities, is refused, and nothing is loaded.
https://docs.cvat.ai/docs/dataset_management/formats/format-cvat/
"""

from collections.abc import Iterator
from pathlib import PurePath
from typing import NoReturn
from xml.parsers import expat

from landmarks.core.errors import RequestInvalid
from landmarks.core.pixels import Point
from landmarks.imports.corrections import (
    MOST_FACES,
    CorrectedFace,
    CorrectedPhoto,
    face_of,
    point_of,
    result_in,
    scheme_named,
)

Attributes = dict[str, str]


def read(data: bytes, name: str) -> Iterator[CorrectedPhoto]:
    """Raises RequestInvalid."""
    document = Document()
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.StartElementHandler = document.start
    parser.EndElementHandler = document.end
    try:
        parser.Parse(data, True)
    except expat.ExpatError as exc:
        raise RequestInvalid("import_xml", reason=str(exc)) from exc
    if not document.is_cvat:
        raise RequestInvalid("import_no_annotations")
    return iter(document.photos)


def refuse_doctype(*declaration: object) -> NoReturn:
    raise RequestInvalid("import_doctype")


class Document:
    """What was read so far."""

    def __init__(self) -> None:
        self.photos: list[CorrectedPhoto] = []
        self.is_cvat = False
        self._image: Attributes = {}
        self._faces: list[CorrectedFace] = []
        self._groups: dict[str, dict[str, Point]] = {}
        """Single points by the number of their group."""
        self._skeleton: dict[str, Point] | None = None
        self._count = 0

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "annotations":
            self.is_cvat = True
        elif tag == "image":
            self._image, self._faces, self._groups = attributes, [], {}
        elif tag == "skeleton":
            self._skeleton = {}
        elif tag == "points" and self._image:
            group = self._groups.setdefault(attributes.get("group_id", ""), {}) if self._skeleton is None else None
            add_point(self._skeleton if group is None else group, attributes)

    def end(self, tag: str) -> None:
        if tag == "skeleton" and self._skeleton is not None:
            self._add(self._skeleton)
            self._skeleton = None
        elif tag == "image":
            for points in self._groups.values():
                self._add(points)
            self.photos.append(photo_of(self._image, tuple(self._faces)))
            self._image = {}

    def _add(self, points: dict[str, Point]) -> None:
        self._count += 1
        if self._count > MOST_FACES:
            raise RequestInvalid("import_too_many", count=self._count, most=MOST_FACES)
        if points:
            self._faces.append(face_of(scheme_named(points), points))


def add_point(points: dict[str, Point] | None, attributes: Attributes) -> None:
    """`points` is x,y; a shape of several points is none of ours."""
    text = attributes.get("points", "")
    try:
        x, y = (float(value) for value in text.split(","))
    except ValueError as exc:
        raise RequestInvalid("import_point", value=text[:60]) from exc
    if points is not None:
        points[attributes.get("label", "")] = point_of(x, y)


def photo_of(image: Attributes, faces: tuple[CorrectedFace, ...]) -> CorrectedPhoto:
    name, size = image.get("name", ""), None
    if image.get("width", "").isdecimal() and image.get("height", "").isdecimal():
        size = int(image["width"][:9]), int(image["height"][:9])
    return CorrectedPhoto(PurePath(name).name, result_in(name), faces, size)
