"""How much the measures of a face change when its photo is encoded anew, beside the errors that they are given."""

import io
import math
from argparse import ArgumentParser, Namespace
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, variance
from typing import Any

from PIL import Image

from benchmarks.album import Album, bundled_album
from benchmarks.arguments import positive
from benchmarks.first_pass import Setup, photo_conditions, run_first_pass, setup_of
from benchmarks.report import Report, Row, Table, make_report, single
from benchmarks.site import models_dir
from benchmarks.timing import Progress
from landmarks.core import measures
from landmarks.core.agreement import pair_faces
from landmarks.core.faces import Face
from landmarks.core.measures import FaceMeasures, Figure
from landmarks.core.measures.report import Unit
from landmarks.core.measures.scale import Scale
from landmarks.core.pixels import Transform
from landmarks.engines.base import Engine
from landmarks.engines.local.engine import LocalEngine
from landmarks.photos.photo import Photo

HELP = "how much measures change when a photo is encoded anew"
ENCODINGS: dict[str, tuple[str, dict[str, Any], float]] = {
    "JPEG 95": ("JPEG", {"quality": 95}, 1),
    "JPEG 85": ("JPEG", {"quality": 85}, 1),
    "JPEG 70": ("JPEG", {"quality": 70}, 1),
    "JPEG 50": ("JPEG", {"quality": 50}, 1),
    "WebP 80": ("WEBP", {"quality": 80}, 1),
    "3/4 of the size": ("PNG", {}, 0.75),
    "half the size": ("PNG", {}, 0.5),
}
"""Format, its options, and the factor by which the sides are resized."""
SMALLEST = 60.0
"""Pixels between the outer eye corners in the photo; smaller faces are left out."""
UNITS = (Unit.EYE_PERCENT, Unit.DEGREE, Unit.PERCENT)
"""Those that do not change with the size of the photo."""

Values = Mapping[tuple[str, str], Figure]
"""By measure and side."""

default_album = bundled_album


@dataclass
class Spread:
    """Variances of a measure over the encodings, one a face and side, and the errors that it is given."""

    sides: list[float] = field(default_factory=list)
    differences: list[float] = field(default_factory=list)
    errors: list[float] = field(default_factory=list)


def add_arguments(parser: ArgumentParser) -> None:
    about = "only the first N photos with a large face (%(default)s)"
    parser.add_argument("--photos", type=positive, metavar="N", default=30, help=about)


def measure(album: Album, options: Namespace, progress: Progress) -> Report:
    """Raises BenchmarkError when no photo can be read, EngineError when the engine cannot run."""
    setup = setup_of(models_dir())
    engine = LocalEngine(setup.models_dir)
    seen = run_first_pass(album, setup, engine, progress)
    spreads: dict[str, Spread] = defaultdict(Spread)
    face_count, missed = 0, 0
    chosen = [photo for photo in seen.photos if any(map(is_large, photo.faces))][: options.photos]
    for photo in progress(chosen, "encodings"):
        for copies in same_faces(engine, setup, setup.read(photo.path, whole=True).image):
            face_count += 1
            missed += len(ENCODINGS) + 1 - len(copies)
            add_spread(spreads, [values_of(measures.measure(face)) for face in copies])
    title = "Standard deviation over the encodings, of a side and of the difference; the error that is given"
    tables = {"measures": Table(title, "measure", {name: row(spread) for name, spread in spreads.items()})}
    conditions = photo_conditions(album, seen, setup) | {"photos measured": len(chosen), "faces measured": face_count}
    conditions |= {"not found again": missed, "encodings": ", ".join(ENCODINGS)}
    return make_report("repeatability", conditions, tables, seen.notes)


def is_large(face: Face) -> bool:
    return measures.inter_ocular_distance(face) >= SMALLEST


def same_faces(engine: Engine, setup: Setup, image: Image.Image) -> Iterator[list[Face]]:
    """Each large face of a photo, and the same one in its copies, in pixels of the photo."""
    faces = engine.find(Photo(image, "PNG", 1), setup.options).faces
    copies = [found_in(engine, setup, image, *encoding) for encoding in ENCODINGS.values()]
    found = [dict(pair_faces(faces, copy)) for copy in copies]
    for number, face in enumerate(faces):
        if not is_large(face):
            continue
        pairs = zip(found, copies, strict=True)
        yield [face, *(copy[numbers[number]] for numbers, copy in pairs if number in numbers)]


def found_in(
    engine: Engine, setup: Setup, image: Image.Image, file_format: str, options: dict[str, Any], factor: float
) -> tuple[Face, ...]:
    """The faces in a copy of the photo, moved into the photo."""
    size = round(image.width * factor), round(image.height * factor)
    stream = io.BytesIO()
    (image if factor == 1 else image.resize(size, Image.Resampling.LANCZOS)).save(stream, file_format, **options)
    with Image.open(stream) as copy:
        faces = engine.find(Photo(copy.convert("RGB"), file_format, 1), setup.options).faces
    return tuple(face.transformed(Transform.resize(size, image.size)) for face in faces)


def values_of(found: FaceMeasures) -> Values:
    """Of each measure in its unit, with the symmetry in percent and the iris in millimetres of a pixel."""
    values = {
        (each.measure.name, side): figure
        for each in found.rows
        for unit in UNITS
        if unit in each.values
        for side, figure in vars(each.values[unit]).items()
        if figure
    }
    if found.symmetry:
        error = found.symmetry.error
        values["symmetry", "whole"] = Figure(100 * found.symmetry.value, None if error is None else 100 * error)
    if isinstance(found.scale, Scale):
        values["iris", "whole"] = Figure(100 * math.log(found.scale.iris), 100 * found.scale.error)
    return values


def add_spread(spreads: dict[str, Spread], found: Sequence[Values]) -> None:
    for name, side in found[0]:
        figures = [values[name, side] for values in found if (name, side) in values]
        if len(figures) < 2:
            continue
        spread = spreads[name]
        (spread.differences if side == "difference" else spread.sides).append(variance(each.value for each in figures))
        if side != "difference":
            spread.errors += [figures[0].error or 0.0]


def row(spread: Spread) -> Row:
    """Root mean squares: in percent of the eye distance, degrees, or percent."""
    figures = {
        "side": single(round(math.sqrt(fmean(spread.sides)), 3)),
        "error": single(round(fmean(spread.errors), 3)),
    }
    if spread.differences:
        figures["difference"] = single(round(math.sqrt(fmean(spread.differences)), 3))
    return figures
