"""The embedded engine and its peers on the same photos, by turns, in one process."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from landmarks.benchmark.accuracy import Points, Score, Truth, score
from landmarks.benchmark.peers import Make, Peer, Pixels
from landmarks.benchmark.scenes import Scenes, make_scenes
from landmarks.benchmark.stages import Bench, Look
from landmarks.benchmark.timing import Spread, Watch, rounds_for, spread, timed
from landmarks.engines import Engine
from landmarks.intake.photo import Photo, read_photo

OURS = "facesite"
WANTED_RUNS = 12
SCENE_RUNS = 15
FACES_OF_SCENE = {"selfie_640": 1, "group_of_10": 100, "jpeg_12mp": 1}
"""Most faces that a peer is asked for; fewer are faster, and ours needs no such word."""
TARGETS = {
    ("selfie_640", "mediapipe"): 1.0,
    ("group_of_10", "dlib"): 0.8,
    ("group_of_10", "dlib_enlarged"): 0.8,
    ("jpeg_12mp", "mediapipe"): 0.5,
}
"""What the project wants its share of the peer's time to stay below; other pairs are not timed."""


@dataclass(frozen=True)
class Side:
    """What one program did with the photos; `time_ratio` and `recall_ratio` are ours divided by the peer's."""

    label: str
    find: Spread
    faces: int
    time_ratio: float | None
    accuracy: Score | None
    """With a manifest only."""
    recall_ratio: float | None


@dataclass(frozen=True)
class Comparison:
    """Medians of one scene."""

    scene: str
    peer: str
    ours_ms: float
    peer_ms: float
    ratio: float
    target: float
    ours_faces: int
    peer_faces: int


@dataclass(frozen=True)
class SideBySide:
    sides: dict[str, Side]
    comparisons: tuple[Comparison, ...]


Find = Callable[[Photo], Sequence[Points]]


@contextmanager
def opened(makers: Mapping[str, Make], most_faces: int) -> Iterator[dict[str, Peer]]:
    with ExitStack() as stack:
        yield {name: stack.enter_context(closing(make(most_faces))) for name, make in makers.items()}


def find_by(peer: Peer) -> Find:
    return lambda photo: peer.find(np.asarray(photo.image))


def our_find(bench: Bench, engine: Engine) -> Find:
    return lambda photo: [np.array(face.points) for face in engine.find(photo, bench.options).faces]


def run_side_by_side(
    looks: Sequence[Look],
    truths: Mapping[Path, Truth],
    bench: Bench,
    engine: Engine,
    makers: Mapping[str, Make],
    samples: Path,
    watch: Watch,
) -> SideBySide:
    if not makers:
        return SideBySide({}, ())
    sides = compare_on_photos(looks, truths, bench, engine, makers, watch)
    return SideBySide(sides, compare_on_scenes(make_scenes(samples), bench, engine, makers, watch))


# --- on the photos of the run ----------------------------------------------------------------------------------------


def ratio(ours: float, theirs: float) -> float | None:
    return round(ours / theirs, 2) if theirs else None


def compare_on_photos(
    looks: Sequence[Look],
    truths: Mapping[Path, Truth],
    bench: Bench,
    engine: Engine,
    makers: Mapping[str, Make],
    watch: Watch,
) -> dict[str, Side]:
    rounds = rounds_for(len(looks), WANTED_RUNS)
    with opened(makers, most_faces=100) as peers:
        finds = {OURS: our_find(bench, engine), **{name: find_by(peer) for name, peer in peers.items()}}
        labels = {OURS: engine.label, **{name: peer.label for name, peer in peers.items()}}
        seconds: dict[str, list[float]] = {name: [] for name in finds}
        answers: dict[str, dict[Path, Sequence[Points]]] = {name: {} for name in finds}
        for look in watch(list(looks) * rounds, "peers"):
            photo = bench.read(look.path, whole=True)
            for name, find in finds.items():
                started = time.perf_counter()
                answers[name][look.path] = find(photo)
                seconds[name].append(time.perf_counter() - started)
    return to_sides(labels, seconds, answers, truths)


def to_sides(
    labels: Mapping[str, str],
    seconds: Mapping[str, Sequence[float]],
    answers: Mapping[str, Mapping[Path, Sequence[Points]]],
    truths: Mapping[Path, Truth],
) -> dict[str, Side]:
    times = {name: spread(runs) for name, runs in seconds.items()}
    scores = {name: score_of(truths, given) for name, given in answers.items()}
    ours = scores[OURS]
    sides = {}
    for name, given in answers.items():
        theirs = scores[name]
        sides[name] = Side(
            label=labels[name],
            find=times[name],
            faces=sum(map(len, given.values())),
            time_ratio=None if name == OURS else ratio(times[OURS].median_ms, times[name].median_ms),
            accuracy=theirs,
            recall_ratio=None
            if name == OURS or not ours or not theirs
            else ratio(ours.recall or 0, theirs.recall or 0),
        )
    return sides


def score_of(truths: Mapping[Path, Truth], given: Mapping[Path, Sequence[Points]]) -> Score | None:
    if not truths:
        return None
    return score((truth, given.get(path, ())) for path, truth in truths.items())["all"]


# --- on the three scenes ---------------------------------------------------------------------------------------------


def compare_on_scenes(
    scenes: Scenes, bench: Bench, engine: Engine, makers: Mapping[str, Make], watch: Watch
) -> tuple[Comparison, ...]:
    pairs = [(scene, peer) for scene, peer in TARGETS if peer in makers]
    # The scenes stand upright and the peers never look after a turn, so ours does not either.
    bench = replace(bench, options=replace(bench.options, rotate=False))
    return tuple(
        compare(scene, name, makers[name](FACES_OF_SCENE[scene]), scenes, bench, engine)
        for scene, name in watch(pairs, "scenes")
    )


def compare(scene: str, name: str, peer: Peer, scenes: Scenes, bench: Bench, engine: Engine) -> Comparison:
    """Ours and the peer's by turns, after each has looked once."""
    with closing(peer):
        ours, theirs = tasks(scene, scenes, bench, our_find(bench, engine), peer)
        ours_faces, peer_faces = len(ours()), len(theirs())
        times = [(timed(ours), timed(theirs)) for _ in range(SCENE_RUNS)]
    ours_ms, peer_ms = (spread(runs).median_ms for runs in zip(*times, strict=True))
    target = TARGETS[scene, name]
    return Comparison(scene, name, ours_ms, peer_ms, ratio(ours_ms, peer_ms) or 0, target, ours_faces, peer_faces)


Task = Callable[[], Sequence[Points]]


def tasks(scene: str, scenes: Scenes, bench: Bench, find: Find, peer: Peer) -> tuple[Task, Task]:
    """What ours and the peer have to do: from a decoded photo to points, or of the large one from the file's bytes."""
    if scene == "jpeg_12mp":
        data = scenes.large
        return lambda: find(read_photo(data, bench.limits, whole=False)), lambda: peer.find(decoded(data))
    image = scenes.selfie if scene == "selfie_640" else scenes.group
    photo = Photo(image, "PNG", 1)
    pixels = np.asarray(image)
    return lambda: find(photo), lambda: peer.find(pixels)


def decoded(data: bytes) -> Pixels:
    """A full decode as anybody would write it."""
    with Image.open(BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"))
