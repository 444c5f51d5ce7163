"""Results to export: a recorded answer, and a face of which everything is known."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from landmarks.core.analysis import Analysis
from landmarks.core.faces import GUESSED, Face, Pose
from landmarks.exports.options import Options
from landmarks.exports.registry import FORMATS
from landmarks.wire.acedata import face_from_wire

TESTS = Path(__file__).parent.parent
REPLY = json.loads((TESTS / "replies" / "ace_guide_690x920.json").read_text())["response"]
HIDDEN, BEYOND = 30, 0
"""Numbers of the point that is guessed, and of the one beyond the edge of the photo."""


def recorded(source: str = "photo.jpg") -> Analysis:
    faces = tuple(face_from_wire(face) for face in REPLY["face_shape_set"])
    return Analysis(source, REPLY["image_width"], REPLY["image_height"], REPLY["face_model_version"], faces)


def known(name: str = "astronaut", **changes: Any) -> Analysis:
    """A face in a photo of 512 × 512 pixels that can be opened."""
    points = [(x * 0.5 + 0.1234, y * 0.5 + 0.4321) for x, y in recorded().faces[0].points]
    points[BEYOND] = -3.25, 100.5
    errors = tuple(2 * GUESSED if number == HIDDEN else 0.01 + number / 10_000 for number in range(90))
    face = Face(tuple(points), score=0.9375, uncertainty=errors, pose=Pose(yaw=12.5, pitch=-3.25, roll=4.0))
    photo = partial(open, TESTS / "images" / "astronaut.jpg", "rb")
    analysis = Analysis(f"{name}.jpg", 512, 512, "3.0", (face,), name, f"{name}-1.jpg", "local", 12.5, photo)
    return replace(analysis, **changes)


def crowd(name: str = "astronaut", count: int = 2) -> Analysis:
    """Several faces, each a little to the right of the one before."""
    face = known().faces[0]
    faces = (replace(face, points=tuple((x + 7.5 * step, y) for x, y in face.points)) for step in range(count))
    return known(name, faces=tuple(faces))


def written(name: str, *analyses: Analysis, **options: Any) -> bytes:
    """The file of one result, or of several."""
    options = {"several": len(analyses) != 1, **options}
    return b"".join(FORMATS[name].export(analyses, Options(**options)).pieces)


def table(name: str, *analyses: Analysis, **options: Any) -> list[dict[str, str]]:
    text = io.StringIO(written(name, *analyses, **options).decode(), newline="")
    return list(csv.DictReader(text))


def unpacked(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}
