"""The embedded engine on altered copies of photos: faces cut at an edge, and photos that are turned or tilted."""

import math
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from benchmarks.accuracy import SMALLEST, Points
from benchmarks.album import Album, bundled_album
from benchmarks.alterations import EDGES, Altered, cut, turned
from benchmarks.arguments import positive
from benchmarks.first_pass import Analyzed, Setup, photo_conditions, run_first_pass, setup_of
from benchmarks.peer_programs import Pixels
from benchmarks.report import Report, Row, Table, make_report, single
from benchmarks.site import models_dir
from benchmarks.timing import Progress
from landmarks.core.faces import Face
from landmarks.core.finding import Options
from landmarks.core.schema import SPANS
from landmarks.engines.base import Engine
from landmarks.engines.local.engine import LocalEngine
from landmarks.photos.photo import Photo

HELP = "the embedded engine on photos that are cut at an edge, turned or tilted"
PARTS = ("cut", "turned")
SHARES = (0.1, 0.2, 0.3)
"""Of the face's height, that are cut off."""
ANGLES = (0, 30, 45, 90, 180, 270)
OFF, MOVED = 0.15, 0.06
"""Distances between the outer eye corners by which a point is off in a cut photo, and has moved in an upright one."""
WRONG = 45.0
"""Degrees by which a face points elsewhere than it should."""
CLEAR_SCORE = 0.95
NEAR = 0.5
"""A face is the one that is looked for if their centres are no farther apart than this, in sizes of the face."""

default_album = bundled_album


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--photos", type=positive, metavar="N", help="only the first N photos")
    parser.add_argument("--rotate", action="store_true", help="search each copy after quarter turns, too")
    parser.add_argument("--only", choices=PARTS, help="one part (default: both)")


def measure(album: Album, options: Namespace, progress: Progress) -> Report:
    """Raises BenchmarkError when no photo can be read, EngineError when the engine cannot run."""
    # What is expected of the copies is what the engine finds in the photo itself, never turned.
    album, setup = album.first(options.photos), setup_of(models_dir())
    engine = LocalEngine(setup.models_dir)
    seen = run_first_pass(album, setup, engine, progress)
    copies = Copies(setup, engine, Options(setup.options.max_faces, rotate=options.rotate))
    tables: dict[str, Table] = {}
    if options.only != "turned":
        portraits = [each for each in seen.photos if len(each.faces) == 1 and is_portrait(album, each)]
        title = f"Faces cut at an edge; off is farther than {OFF} of the eye distance"
        tables["cut"] = Table(title, "edge and percent", cut_rows(copies, portraits, progress))
    if options.only != "cut":
        title = f"Turned and tilted; wrong is more than {WRONG:.0f}° off"
        tables["turned"] = Table(title, "degrees", turned_rows(copies, seen.photos, progress))
    conditions = photo_conditions(album, seen, setup) | {"rotate": "on" if options.rotate else "off"}
    return make_report("altered", conditions, tables, seen.notes)


def is_portrait(album: Album, photo: Analyzed) -> bool:
    truth = album.truths.get(photo.path)
    return truth is None or truth.face_count == truth.most_faces == 1


@dataclass(frozen=True)
class Copies:
    """How copies are analysed."""

    setup: Setup
    engine: Engine
    options: Options

    def pixels(self, photo: Analyzed) -> Pixels:
        return np.asarray(self.setup.read(photo.path, whole=True).image)

    def faces(self, copy: Altered) -> tuple[Face, ...]:
        return self.engine.find(Photo(Image.fromarray(copy.pixels), "PNG", 1), self.options).faces


def eye_distance(points: Points) -> float:
    return float(np.linalg.norm(points[SPANS["left_eye"].start] - points[SPANS["right_eye"].start]))


def nearest(faces: Iterable[Face], expected: Points) -> Face | None:
    """The face whose points lie closest to the expected ones, if it is the same face."""
    reach = NEAR * float(np.ptp(expected, axis=0).max())
    near = [face for face in faces if np.linalg.norm(np.mean(face.points, axis=0) - expected.mean(axis=0)) < reach]
    return min(near, key=lambda face: float(distances(face, expected).mean()), default=None)


def distances(face: Face, expected: Points) -> Points:
    """Of each point from where it is expected, in distances between the outer eye corners."""
    return np.asarray(np.linalg.norm(np.array(face.points) - expected, axis=1) / eye_distance(expected))


def percent(flags: Sequence[bool]) -> float:
    return round(100 * sum(flags) / len(flags), 1) if flags else 0.0


# --- cut at an edge --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cut:
    """Whether the face was missed, has points inside the photo that are off, and such points that count as seen."""

    is_missed: bool
    is_off: bool = False
    is_off_unmarked: bool = False


def cut_rows(copies: Copies, photos: Sequence[Analyzed], progress: Progress) -> dict[str, Row]:
    cuts: dict[str, list[Cut]] = {f"{edge}_{100 * share:.0f}": [] for edge in EDGES for share in SHARES}
    for photo in progress(photos, "cut"):
        pixels, face = copies.pixels(photo), photo.faces[0]
        for edge in EDGES:
            for share in SHARES:
                copy = cut(pixels, face.box, edge, share)
                cuts[f"{edge}_{100 * share:.0f}"].append(judge_cut(copies.faces(copy), face, copy))
    return {name: cut_row(some) for name, some in cuts.items()} | {"all": cut_row(sum(cuts.values(), []))}


def judge_cut(found: Iterable[Face], face: Face, copy: Altered) -> Cut:
    expected = np.array(copy.to_copy.points(face.points))
    same = nearest(found, expected)
    if same is None:
        return Cut(is_missed=True)
    height, width = copy.pixels.shape[:2]
    is_inside = ((expected > -0.5) & (expected < (width - 0.5, height - 0.5))).all(axis=1)
    is_off = is_inside & (distances(same, expected) > OFF)
    is_seen = ~np.isin(np.arange(len(expected)), list(same.guessed))
    return Cut(False, bool(is_off.any()), bool((is_off & is_seen).any()))


def cut_row(cuts: Sequence[Cut]) -> Row:
    return {
        "copies": single(len(cuts)),
        "missed": single(percent([each.is_missed for each in cuts]), "%"),
        "off": single(percent([each.is_off for each in cuts]), "%"),
        "off_unmarked": single(percent([each.is_off_unmarked for each in cuts]), "%"),
    }


# --- turned and tilted -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Turn:
    """Whether a clear face was missed, points elsewhere, or has moved."""

    is_missed: bool
    is_wrong: bool = False
    is_moved: bool = False


def turned_rows(copies: Copies, photos: Sequence[Analyzed], progress: Progress) -> dict[str, Row]:
    turns: dict[int, list[Turn]] = {degrees: [] for degrees in ANGLES}
    for photo in progress([photo for photo in photos if any(map(is_clear, photo.faces))], "turned"):
        pixels = copies.pixels(photo)
        for degrees in ANGLES:
            copy = turned(pixels, degrees)
            found = copies.faces(copy)
            turns[degrees] += [judge_turn(found, face, copy) for face in photo.faces if is_clear(face)]
    return {str(degrees): turn_row(some) for degrees, some in turns.items()}


def is_clear(face: Face) -> bool:
    is_large = eye_distance(np.array(face.points)) >= SMALLEST
    return is_large and not face.guessed and (face.score or 0) >= CLEAR_SCORE


def judge_turn(found: Iterable[Face], face: Face, copy: Altered) -> Turn:
    expected = np.array(copy.to_copy.points(face.points))
    same = nearest(found, expected)
    if same is None:
        return Turn(is_missed=True)
    apart = abs((direction(np.array(same.points)) - direction(expected) + 180) % 360 - 180)
    return Turn(False, apart > WRONG, bool(distances(same, expected).max() > MOVED))


def direction(points: Points) -> float:
    """Degrees of the way from the eyes to the mouth."""
    eyes = (points[SPANS["left_eye"]].mean(axis=0) + points[SPANS["right_eye"]].mean(axis=0)) / 2
    across, down = points[SPANS["mouth"]].mean(axis=0) - eyes
    return math.degrees(math.atan2(down, across))


def turn_row(turns: Sequence[Turn]) -> Row:
    return {
        "faces": single(len(turns)),
        "missed": single(percent([each.is_missed for each in turns]), "%"),
        "wrong": single(percent([each.is_wrong for each in turns]), "%"),
        "moved": single(percent([each.is_moved for each in turns]), "%"),
    }
