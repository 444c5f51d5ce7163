"""A run of the benchmark as a table for people."""

from collections.abc import Iterable, Iterator, Sequence

from landmarks.benchmark.accuracy import Score
from landmarks.benchmark.process import Memory
from landmarks.benchmark.report import Report
from landmarks.benchmark.sidebyside import SideBySide
from landmarks.benchmark.stages import STAGES, StageTimes, Throughput
from landmarks.benchmark.timing import Spread

FEW_PHOTOS = 12
"""So many get a line each."""
FEWEST_IN_GROUP = 3
"""Smaller groups of photos say too little for a line."""
SCENES = {
    "selfie_640": "640 px selfie, photo to points",
    "group_of_10": "group of 10, photo to points",
    "jpeg_12mp": "12 MP JPEG, bytes to points",
}

Row = Sequence[object]


def to_text(report: Report) -> str:
    return "\n".join(_blocks(report)) + "\n"


def _blocks(report: Report) -> Iterator[str]:
    yield from _head(report)
    if report.speed:
        yield from _speed(report.speed)
    if report.threads:
        yield from _threads(report.threads)
    if report.start:
        yield from _start(report.start)
    if report.memory:
        yield from _memory(report.memory)
    if report.accuracy:
        yield from _accuracy(report.accuracy)
    if report.peers:
        yield from _peers(report.peers)


def _head(report: Report) -> Iterator[str]:
    machine, photos = report.machine, report.photos
    packages = ", ".join(f"{name} {version or 'missing'}" for name, version in machine.packages.items())
    turns = ", quarter turns too" if photos.rotate else ""
    yield from lines(
        [
            ("date", report.date),
            ("processor", f"{machine.processor}, {machine.cores} cores"),
            ("system", machine.system),
            ("Python", machine.python),
            ("packages", packages),
            ("engine", f"embedded {machine.engine}"),
            ("photos", f"{photos.count} of {photos.folder}, {photos.faces} faces found{turns}"),
        ],
        "<<",
    )
    for path, reason in photos.unread.items():
        yield f"not read: {path}: {reason}"


def _speed(speed: StageTimes) -> Iterator[str]:
    yield from title(f"Milliseconds a photo, {speed.rounds} rounds")
    rows = [(name, times.median_ms, times.p95_ms) for name, times in speed.stages.items()]
    yield from lines([("stage", "median", "95 %"), *rows], "<>>")
    if len(speed.by_photo) <= FEW_PHOTOS:
        yield ""
        head = ("photo", "size", "faces", *STAGES)
        rows_by_photo = [
            (each.photo, f"{each.width}x{each.height}", each.faces, *(each.median_ms[stage] for stage in STAGES))
            for each in speed.by_photo
        ]
        yield from lines([head, *rows_by_photo], "<>>" + ">" * len(STAGES))


def _threads(threads: Iterable[Throughput]) -> Iterator[str]:
    yield from title("Bytes to points, in a second")
    rows = [(each.threads, each.photos_per_s, each.faces_per_s) for each in threads]
    yield from lines([("threads", "photos", "faces"), *rows], "<>>")


def _start(start: Spread) -> Iterator[str]:
    yield from title("Start of a process to its first answer, in milliseconds")
    yield from lines([("median", "95 %"), (start.median_ms, start.p95_ms)], ">>")


def _memory(memory: Memory) -> Iterator[str]:
    yield from title("Resident memory of a process that only analyses, in MB")
    rows = [
        ("after 1 photo", memory.after_1_mb),
        ("after 100 photos", memory.after_100_mb),
        (f"after {memory.photos} photos", memory.at_end_mb),
        ("at most", memory.peak_mb),
        ("growth from photo 100, in percent", memory.growth_percent),
    ]
    yield from lines(rows, "<>")


def _accuracy(groups: dict[str, Score]) -> Iterator[str]:
    yield from title("Accuracy; errors in percent of the distance between the outer eye corners")
    head = ("group", "photos", "faces", "recall %", "false", "annotated", "anchors", "profile", "FR8 %")
    rows = [
        (
            name,
            each.photos,
            each.faces,
            each.recall,
            each.false_faces,
            each.annotated or None,
            each.anchors,
            each.profile,
            each.fr8,
        )
        for name, each in groups.items()
        if each.photos >= FEWEST_IN_GROUP or name == "all"
    ]
    yield from lines([head, *rows], "<" + ">" * (len(head) - 1))


def _peers(peers: SideBySide) -> Iterator[str]:
    yield from title("Side by side on these photos")
    if not peers.sides:
        yield "Neither mediapipe nor dlib is installed here; docs/benchmark.md tells how to have them beside facesite."
        return
    head = ("program", "median ms", "95 %", "faces", "ours / its time", "recall %", "ours / its recall", "anchors")
    rows = [
        (
            side.label,
            side.find.median_ms,
            side.find.p95_ms,
            side.faces,
            side.time_ratio,
            side.accuracy.recall if side.accuracy else None,
            side.recall_ratio,
            side.accuracy.anchors if side.accuracy else None,
        )
        for side in peers.sides.values()
    ]
    yield from lines([head, *rows], "<" + ">" * (len(head) - 1))
    yield from title("Side by side on the three scenes, medians in milliseconds")
    head = ("scene", "peer", "ours", "its", "ours / its", "at most", "faces, ours", "faces, its")
    rows_by_scene = [
        (SCENES[each.scene], each.peer, each.ours_ms, each.peer_ms, each.ratio, each.target)
        + (each.ours_faces, each.peer_faces)
        for each in peers.comparisons
    ]
    yield from lines([head, *rows_by_scene], "<<" + ">" * (len(head) - 2))


def title(text: str) -> Iterator[str]:
    yield ""
    yield text
    yield "-" * len(text)


def lines(rows: Sequence[Row], sides: str) -> Iterator[str]:
    """Columns as wide as their widest word, each word on the side (`<` or `>`) of its column."""
    words = [[_word(value) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*words, strict=True)]
    for row in words:
        cells = (f"{word:{side}{width}}" for word, side, width in zip(row, sides, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _word(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.2f}" if isinstance(value, float) else str(value)
