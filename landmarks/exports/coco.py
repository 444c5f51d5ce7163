"""COCO keypoints: one JSON file with photos, faces and the names of their points.

Keypoints are x, y and visibility: 2 where a point is seen, 1 where it is guessed, 0 outside the photo, where readers
pass over it. Unlike in COCO's own files, x and y are there also then. https://cocodataset.org/#format-data
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from landmarks.core.analysis import Analysis
from landmarks.core.faces import Face
from landmarks.core.version import VERSION
from landmarks.exports.options import Options
from landmarks.exports.pictures import read
from landmarks.exports.point_sets import DIGITS, PointSet, Visibility

CATEGORY = 1
IN_MEMORY = 2**20
"""Bytes of the faces that are in memory while the photos are written; more of them go to the disk."""


def write(analyses: Iterable[Analysis], options: Options) -> Iterator[bytes]:
    """Photos come before faces, which wait in a temporary file until all photos are written."""
    head = {"info": info(options.point_set), "licenses": [], "categories": [category(options.point_set)]}
    yield json.dumps(head)[:-1].encode() + b', "images": ['
    with SpooledTemporaryFile(IN_MEMORY) as faces:
        face_count = 0
        for number, analysis in enumerate(analyses, start=1):
            yield f"{',' if number > 1 else ''}\n{json.dumps(image(number, analysis, options))}".encode()
            for face in analysis.faces:
                face_count += 1
                separator = "," if face_count > 1 else ""
                row = annotation(face_count, number, face, analysis, options)
                faces.write(f"{separator}\n{json.dumps(row)}".encode())
        yield b'\n], "annotations": ['
        faces.seek(0)
        yield from read(_file(faces))
    yield b"\n]}\n"


def _file(spooled: "SpooledTemporaryFile[bytes]") -> IO[bytes]:
    return spooled


def info(point_set: PointSet) -> dict[str, Any]:
    known: dict[str, Any] = {
        "description": f"Faces with {point_set.title}. Coordinates are pixels of the upright photo, rounded to "
        f"{10**-DIGITS}; whole numbers are the centres of pixels. Left and right are the sides of the picture. "
        f"{point_set.note}".strip(),
        "version": VERSION,
        "scheme": point_set.name,
    }
    return known if point_set.error is None else known | {"scheme_error": point_set.error}


def category(point_set: PointSet) -> dict[str, Any]:
    """Numbers in `skeleton` count from 1."""
    return {
        "id": CATEGORY,
        "name": "face",
        "supercategory": "person",
        "keypoints": list(point_set.names),
        "skeleton": [[one + 1, other + 1] for one, other in point_set.lines],
    }


def image(number: int, analysis: Analysis, options: Options) -> dict[str, Any]:
    return {
        "id": number,
        "file_name": options.folder + analysis.file_name,
        "width": analysis.width,
        "height": analysis.height,
        "source": analysis.source,
        "result": analysis.result,
    }


def annotation(number: int, photo: int, face: Face, analysis: Analysis, options: Options) -> dict[str, Any]:
    known = options.read(face)
    points = options.marked(known, analysis)
    seen = [Visibility.OUTSIDE if point.is_left_out else point.visibility for point in points]
    keypoints = [value for point, how in zip(points, seen, strict=True) for value in (point.x, point.y, int(how))]
    box = face.box
    row = {
        "id": number,
        "image_id": photo,
        "category_id": CATEGORY,
        "iscrowd": 0,
        "segmentation": [],
        "bbox": [round(side, DIGITS) for side in (box.left, box.top, box.width, box.height)],
        "area": round(box.area, DIGITS),
        "num_keypoints": sum(how > 0 for how in seen),
        "keypoints": keypoints,
        "attributes": asdict(face.pose) if face.pose else {},
        "guessed": sorted(known.guessed),
        "uncertainty": known.uncertainty,
    }
    return row if face.score is None else row | {"score": face.score}
