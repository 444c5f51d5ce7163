"""Which parts of faces with painted covers are marked, and how many parts that nothing covers."""

from argparse import ArgumentParser, Namespace
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pictures

from benchmarks.album import Album, bundled_album
from benchmarks.arguments import add_photo_arguments
from benchmarks.first_pass import Analyzed, Setup, photo_conditions, run_first_pass, setup_of
from benchmarks.painting import COVERS, HARMLESS, Canvas, Image
from benchmarks.report import Figure, Report, Row, Table, make_report, single
from benchmarks.site import models_dir
from benchmarks.timing import Progress
from landmarks.core.faces import Face
from landmarks.core.finding import Options
from landmarks.core.measures import inter_ocular_distance
from landmarks.core.pixels import Transform
from landmarks.core.schema import SPANS
from landmarks.engines.local.engine import LocalEngine
from landmarks.photos.photo import Photo

HELP = "what the embedded engine says of parts that are covered, by covers painted over the faces"
SIDE = 420
"""Pixels of the picture around a face at most; a face twice as wide as its box."""
SMALLEST, MOST_TURNED = 24.0, 30.0
"""Pixels between the eyes, and degrees of yaw, of faces that are used."""
HIDDEN_TAGS = frozenset({"occlusion", "sunglasses", "cut-off"})
"""Photos with these tags are left out: their faces are covered already."""
REACH = 0.5
"""Eye distances between the points of a face and those of its painted copy, on average."""
QUALITIES = (50, 70, 80, 90, 95)
"""Of the JPEG files as which the pictures are stored in between."""
CLEAR = "clear"

default_album = bundled_album


@dataclass(frozen=True)
class Sample:
    """A painted face: which of its 90 points are hidden, and what the engine answered; None if it found no face."""

    hidden: NDArray[np.bool_]
    found: Face | None


@dataclass
class Tally:
    samples: list[Sample] = field(default_factory=list)

    def row(self) -> Row:
        found = [(each.hidden, each.found) for each in self.samples if each.found]
        hidden = np.array([hidden for hidden, _ in found])
        marked = np.array([[index in face.guessed for index in range(len(face.points))] for _, face in found])
        row: dict[str, Figure] = {"faces": single(len(self.samples)), "lost": single(len(self.samples) - len(found))}
        if not found:
            return row
        row |= shares("free_points_marked", marked[~hidden]) | shares("hidden_points_marked", marked[hidden])
        for name, regions in {"mouths": ("mouth",), "noses": ("nose",), "eyes": ("left_eye", "right_eye")}.items():
            told = [face.is_covered(region) for here, face in found for region in regions if is_hidden(here, region)]
            row |= shares(f"{name}_covered", told)
        behind = [face for here, face in found if all(is_hidden(here, eye) for eye in ("left_eye", "right_eye"))]
        return row | shares("gaze_behind_covers", [face.gaze is not None for face in behind])


def shares(name: str, values: Sequence[bool] | NDArray[np.bool_]) -> dict[str, Figure]:
    """In percent; nothing if there are no values."""
    return {name: single(round(100 * float(np.mean(values)), 1), "%")} if len(values) else {}


def is_hidden(hidden: NDArray[np.bool_], region: str) -> bool:
    """Whether at least half of a region's points are."""
    return bool(hidden[SPANS[region]].mean() >= 0.5)


def add_arguments(parser: ArgumentParser) -> None:
    add_photo_arguments(parser)


def measure(album: Album, options: Namespace, progress: Progress) -> Report:
    """Raises BenchmarkError when no photo can be read, EngineError when the engine cannot run."""
    album, setup = album.first(options.photos), setup_of(models_dir(), rotate=options.rotate)
    engine = LocalEngine(setup.models_dir)
    seen = run_first_pass(album, setup, engine, progress)
    clear = [photo for photo in seen.photos if not HIDDEN_TAGS & set(tags_of(album, photo))]
    tallies: Mapping[str, Tally] = defaultdict(Tally)
    for number, photo in enumerate(progress(clear, "Painting covers")):
        for kind, sample in samples(engine, setup, photo, number, options.rounds or 1):
            tallies[kind].samples.append(sample)
    rows = {kind: tallies[kind].row() for kind in (CLEAR, *HARMLESS, *COVERS) if kind in tallies}
    tables = {
        "covers": Table("Points and regions marked, by what was painted over the face", "kind", rows),
    }
    return make_report("covers", photo_conditions(album, seen, setup), tables, seen.notes)


def tags_of(album: Album, photo: Analyzed) -> tuple[str, ...]:
    truth = album.truths.get(photo.path)
    return truth.tags if truth else ()


def samples(
    engine: LocalEngine, setup: Setup, photo: Analyzed, number: int, rounds: int
) -> Iterator[tuple[str, Sample]]:
    """Each clear face of a photo with each cover: its kind and the sample."""
    decoded = setup.read(photo.path, whole=True)
    answer = engine.find(decoded, replace(setup.options, dense=True))
    pixels = np.asarray(decoded.image)
    for index, face in enumerate(answer.faces):
        if inter_ocular_distance(face) < SMALLEST or (face.pose and abs(face.pose.yaw) > MOST_TURNED):
            continue
        for turn in range(rounds):
            for kind in (CLEAR, *HARMLESS, *COVERS):
                random = np.random.default_rng([number, index, turn, *kind.encode()])
                canvas = canvas_of(pixels, face, random)
                hidden = paint(canvas, kind)
                found = engine.find(stored(canvas.image, random), Options(max_faces=10)).faces
                yield kind, Sample(hidden, nearest(canvas, found))


def canvas_of(pixels: NDArray[np.uint8], face: Face, random: np.random.Generator) -> Canvas:
    """A picture of this face, not enlarged, with the frame to paint in."""
    whole = 2 * max(face.box.width, face.box.height)
    side = int(min(whole, SIDE))
    scale = side / whole
    to_picture = Transform.align(face.box.centre, ((side - 1) / 2, (side - 1) / 2), scale=scale, roll=0)
    reduced = cv2.GaussianBlur(pixels, (0, 0), 0.4 / scale) if scale < 0.7 else pixels
    matrix = np.array(to_picture.rows())
    picture = cv2.warpAffine(reduced, matrix, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    vertices = np.array(to_picture.points((x, y) for x, y, _ in face.dense or ()))
    points = np.array(to_picture.points(face.points))
    return Canvas(picture.astype(np.float32), vertices, points, random)


def paint(canvas: Canvas, kind: str) -> NDArray[np.bool_]:
    """Paint one kind; which of the 90 points it hides. Points of the contour count a little further inside."""
    shape = {**COVERS, **HARMLESS}[kind](canvas) if kind != CLEAR else canvas.shape()
    points, contour = canvas.points.copy(), SPANS["face_profile"]
    points[contour] += (points[contour].mean(axis=0) - points[contour]) * 0.06
    rows, columns = shape.shape
    x, y = np.clip(points.round().astype(int), 0, (columns - 1, rows - 1)).T
    return np.asarray(shape[y, x] > 0.5)


def stored(image: Image, random: np.random.Generator) -> Photo:
    """The picture after it was a JPEG file."""
    quality = int(random.choice(QUALITIES))
    written = np.clip(image, 0, 255).astype(np.uint8)[..., ::-1]
    packed = cv2.imencode(".jpg", written, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    read = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR))[..., ::-1]
    return Photo(Pictures.fromarray(np.ascontiguousarray(read)), "JPEG", 1)


def nearest(canvas: Canvas, faces: Sequence[Face]) -> Face | None:
    """The face that was painted over, if it was found."""
    apart = [float(np.linalg.norm(np.array(face.points) - canvas.points, axis=1).mean()) for face in faces]
    index = int(np.argmin(apart)) if apart else -1
    return faces[index] if apart and apart[index] < REACH * canvas.unit else None
