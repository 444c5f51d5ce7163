"""The embedded engine and its peers on the same photos, in turn, in one process."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.accuracy import Points, Score, Truth, score
from benchmarks.first_pass import MAX_FACES, Analyzed, Setup
from benchmarks.peer_programs import MakePeer, Peer, Pixels
from benchmarks.report import Figure, Row, Table, milliseconds, single
from benchmarks.scenes import Scenes
from benchmarks.timing import Progress, timed
from landmarks.engines.base import Engine
from landmarks.photos.decode import read_photo
from landmarks.photos.photo import Photo

OURS = "facesite"
FACES_OF_SCENE = {"selfie_640": 1, "group_of_10": 100, "empty_640": 1, "jpeg_12mp": 1}
"""Most faces that a peer returns; with fewer, peers are faster and ours is not."""
TARGETS = {
    ("selfie_640", "mediapipe"): 0.8,
    ("group_of_10", "dlib"): 0.8,
    ("group_of_10", "dlib_enlarged"): 0.8,
    ("empty_640", "mediapipe"): 20.0,
    ("jpeg_12mp", "mediapipe"): 0.45,
}
"""The ratio of our time to the peer's that this project wants to stay below; other pairs are not timed."""

Find = Callable[[Photo], Sequence[Points]]
Answers = Mapping[Path, Sequence[Points]]
"""The points of each face that one program finds in each photo."""
Peers = Mapping[str, MakePeer]


@contextmanager
def opened(peers: Peers, max_faces: int) -> Iterator[dict[str, Peer]]:
    with ExitStack() as stack:
        yield {name: stack.enter_context(closing(make(max_faces))) for name, make in peers.items()}


def find_by(peer: Peer) -> Find:
    return lambda photo: peer.find(np.asarray(photo.image))


def our_find(setup: Setup, engine: Engine) -> Find:
    return lambda photo: [np.array(face.points) for face in engine.find(photo, setup.options).faces]


# --- on the photos of the run ----------------------------------------------------------------------------------------


def compare_on_photos(
    photos: Sequence[Analyzed],
    truths: Mapping[Path, Truth],
    setup: Setup,
    engine: Engine,
    peers: Peers,
    rounds: int,
    progress: Progress,
) -> dict[str, Table]:
    """From a decoded photo to points."""
    with opened(peers, MAX_FACES) as programs:
        finds = {OURS: our_find(setup, engine), **{name: find_by(peer) for name, peer in programs.items()}}
        seconds: dict[str, list[float]] = {name: [] for name in finds}
        answers: dict[str, dict[Path, Sequence[Points]]] = {name: {} for name in finds}
        for each in progress(list(photos) * rounds, "peers"):
            photo = setup.read(each.path, whole=True)
            for name, find in finds.items():
                started = time.perf_counter()
                answers[name][each.path] = find(photo)
                seconds[name].append(time.perf_counter() - started)
    return to_tables(seconds, answers, truths)


def to_tables(
    seconds: Mapping[str, Sequence[float]],
    answers: Mapping[str, Answers],
    truths: Mapping[Path, Truth],
) -> dict[str, Table]:
    times = {name: milliseconds(runs) for name, runs in seconds.items()}
    scores = {name: score_of(truths, found) for name, found in answers.items()}
    rows: dict[str, Row] = {}
    for name, found in answers.items():
        row = {"faces": single(sum(map(len, found.values())))}
        if name != OURS:
            row |= ratio_row("time_ratio", times[OURS].median, times[name].median)
        rows[name] = row | accuracy_row(scores[name], None if name == OURS else scores[OURS])
    return {
        "time": Table("From a decoded photo to its points", "program", {name: {"time": times[name]} for name in times}),
        "programs": Table("Faces found; ratios are our figure divided by the peer's", "program", rows),
    }


def ratio_row(name: str, ours: float | None, theirs: float | None) -> dict[str, Figure]:
    return {name: single(round(ours / theirs, 2))} if ours is not None and theirs else {}


def accuracy_row(score: Score | None, ours: Score | None) -> dict[str, Figure]:
    """Recall and anchors of one program, and with `ours` how the recall of ours compares."""
    if not score:
        return {}
    figures = {"recall": score.recall, "anchors": score.anchors}
    row = {name: single(value, "%") for name, value in figures.items() if value is not None}
    return row | (ratio_row("recall_ratio", ours.recall, score.recall) if ours else {})


def score_of(truths: Mapping[Path, Truth], found: Answers) -> Score | None:
    if not truths:
        return None
    return score((truth, found.get(path, ())) for path, truth in truths.items())["all"]


# --- on the scenes ----------------------------------------------------------------------------------------------------


def compare_on_scenes(
    scenes: Scenes, setup: Setup, engine: Engine, peers: Peers, rounds: int, progress: Progress
) -> dict[str, Table]:
    pairs = [(scene, peer) for scene, peer in TARGETS if peer in peers]
    # The scenes are upright and the peers never turn a photo, so ours doesn't either.
    setup = replace(setup, options=replace(setup.options, rotate=False))
    rows = {
        f"{scene}, {name}": compare(scene, name, peers[name](FACES_OF_SCENE[scene]), scenes, setup, engine, rounds)
        for scene, name in progress(pairs, "scenes")
    }
    return {"scenes": Table("Scenes", "scene, peer", rows)}


def compare(scene: str, name: str, peer: Peer, scenes: Scenes, setup: Setup, engine: Engine, rounds: int) -> Row:
    """Ours and the peer in turn, after one run of each."""
    with closing(peer):
        ours, theirs = tasks(scene, scenes, setup, our_find(setup, engine), peer)
        our_faces, peer_faces = len(ours()), len(theirs())
        runs = [(timed(ours), timed(theirs)) for _ in range(rounds)]
    our_time, peer_time = (milliseconds(seconds) for seconds in zip(*runs, strict=True))
    return {
        "ours": our_time,
        "peer": peer_time,
        **ratio_row("ratio", our_time.median, peer_time.median),
        "target": single(TARGETS[scene, name]),
        "our_faces": single(our_faces),
        "peer_faces": single(peer_faces),
    }


Task = Callable[[], Sequence[Points]]


def tasks(scene: str, scenes: Scenes, setup: Setup, find: Find, peer: Peer) -> tuple[Task, Task]:
    """What ours and the peer do: from a decoded photo to points, or from the large photo's bytes."""
    if scene == "jpeg_12mp":
        data = scenes.large
        return lambda: find(read_photo(data, setup.limits, whole=False)), lambda: peer.find(decoded(data))
    image = {"selfie_640": scenes.selfie, "group_of_10": scenes.group, "empty_640": scenes.empty}[scene]
    photo = Photo(image, "PNG", 1)
    pixels = np.asarray(image)
    return lambda: find(photo), lambda: peer.find(pixels)


def decoded(data: bytes) -> Pixels:
    """The whole photo, decoded with Pillow alone."""
    with Image.open(BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"))
