"""COCO keypoints, as `exports/coco` writes them.

https://cocodataset.org/#format-data
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any, NoReturn

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


def read(data: bytes, name: str) -> Iterator[CorrectedPhoto]:
    """Raises RequestInvalid."""
    document = parsed(data)
    images, annotations = (rows(document, key) for key in ("images", "annotations"))
    schemes = {row.get("id"): names_of(row) for row in rows(document, "categories") if row.get("keypoints")}
    if not schemes:
        raise RequestInvalid("import_no_keypoints")
    faces = defaultdict(list)
    for annotation in annotations:
        names = schemes.get(key(annotation.get("category_id")))
        if names is not None and annotation.get("keypoints"):
            faces[key(annotation.get("image_id"))].append(read_face(annotation, names))
    for image in images:
        file_name = str(image.get("file_name", ""))
        found = tuple(faces.get(key(image.get("id")), ()))
        yield CorrectedPhoto(PurePath(file_name).name, result_in(image.get("result"), file_name), found, size_of(image))


def parsed(data: bytes) -> dict[str, Any]:
    def refuse(constant: str) -> NoReturn:
        raise RequestInvalid("import_point", value=constant)

    try:
        document = json.loads(data, parse_constant=refuse)
    except (ValueError, RecursionError) as exc:
        raise RequestInvalid("import_json", reason=str(exc)[:200] or type(exc).__name__) from exc
    if not isinstance(document, dict):
        raise RequestInvalid("import_no_keypoints")
    return document


def rows(document: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects in a list of the document."""
    found = document.get(name, [])
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise RequestInvalid("import_no_keypoints")
    if len(found) > MOST_FACES:
        raise RequestInvalid("import_too_many", count=len(found), most=MOST_FACES)
    return found


def key(value: object) -> object:
    """An id as a key of a dict; what cannot be one belongs to nothing."""
    return value if isinstance(value, int | str) else None


def names_of(category: dict[str, Any]) -> tuple[str, list[str]]:
    """The scheme of a category, and its names in its order."""
    names = category["keypoints"]
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise RequestInvalid("import_no_keypoints")
    return scheme_named(names), names


def read_face(annotation: dict[str, Any], names: tuple[str, list[str]]) -> CorrectedFace:
    """Tools write 0, 0 and visibility 0 for a point that is not marked."""
    scheme, order = names
    values = annotation["keypoints"]
    if not isinstance(values, list) or len(values) != 3 * len(order):
        raise RequestInvalid("import_keypoint_count", count=len(order))
    points: dict[str, Point] = {}
    for number, name in enumerate(order):
        x, y, visibility = values[3 * number : 3 * number + 3]
        if visibility or x or y:
            points[name] = point_of(x, y)
    return face_of(scheme, points)


def size_of(image: dict[str, Any]) -> tuple[int, int] | None:
    width, height = image.get("width"), image.get("height")
    return (width, height) if isinstance(width, int) and isinstance(height, int) else None
