"""What the points of the schemes of 68, 98, 106 and 5 points are by their definitions, as blends of the 90.

Sources: the mark-ups of 300-W (https://ibug.doc.ic.ac.uk/resources/facial-point-annotations/), WFLW
(https://wywu.github.io/projects/LAB/WFLW.html), LaPa (https://github.com/JDAI-CV/lapa-dataset), and for five points
MTCNN and ArcFace. Their contours are spaced evenly, as ours is.
"""

from collections.abc import Iterable, Iterator, Mapping

Blend = dict[str, float]
"""Weights by the names of the points, which sum to 1."""


def one(region: str, index: int) -> Blend:
    return {f"{region}_{index}": 1.0}


def between(region: str, first: int, second: int, share: float) -> Blend:
    """A point between two of one region; `share` is the weight of the second."""
    return {f"{region}_{first}": 1 - share, f"{region}_{second}": share}


def row(region: str, indices: Iterable[int]) -> Iterator[Blend]:
    return (one(region, index) for index in indices)


def contour(count: int) -> Iterator[Blend]:
    """From the left end to the right one."""
    for number in range(count):
        position = number * 20 / (count - 1)
        index = int(position)
        share = position - index
        yield between("face_profile", index, index + 1, share) if share else one("face_profile", index)


def bridge() -> Iterator[Blend]:
    """From the root of the nose to its tip."""
    yield one("nose", 1)
    yield between("nose", 1, 0, 1 / 3)
    yield between("nose", 1, 0, 2 / 3)
    yield one("nose", 0)


def mouth() -> Iterator[Blend]:
    """The outer edge clockwise from the left corner, then the inner one."""
    yield from row("mouth", (0, *range(11, 0, -1)))
    yield between("mouth", 12, 21, 0.5)
    yield from row("mouth", (20, 19, 18))
    yield between("mouth", 16, 17, 0.5)
    yield from row("mouth", (15, 14, 13))


def brows() -> Iterator[Blend]:
    """Each clockwise, the left one from its outer tip, the right one from its inner end; inner ends have two points."""
    yield from row("left_eye_brow", (0, 7, 6, 5))
    yield between("left_eye_brow", 4, 5, 0.2)
    yield between("left_eye_brow", 4, 3, 0.2)
    yield from row("left_eye_brow", (3, 2, 1))
    yield between("right_eye_brow", 4, 5, 0.2)
    yield from row("right_eye_brow", (5, 6, 7, 0, 1, 2, 3))
    yield between("right_eye_brow", 4, 3, 0.2)


LEFT_EYE, RIGHT_EYE = (0, 7, 6, 5, 4, 3, 2, 1), (4, 5, 6, 7, 0, 1, 2, 3)
"""Clockwise, from the left corner."""


def ibug68() -> Iterator[Blend]:
    yield from contour(17)
    yield from row("left_eye_brow", (0, 7, 6, 5, 4))
    yield from row("right_eye_brow", (4, 5, 6, 7, 0))
    yield from bridge()
    yield from row("nose", range(5, 10))
    yield from row("left_eye", (0, 7, 5, 4, 3, 1))
    yield from row("right_eye", (4, 5, 7, 0, 1, 3))
    yield from mouth()


def wflw98() -> Iterator[Blend]:
    yield from contour(33)
    yield from brows()
    yield from bridge()
    yield from row("nose", range(5, 10))
    yield from row("left_eye", LEFT_EYE)
    yield from row("right_eye", RIGHT_EYE)
    yield from mouth()
    yield one("left_pupil", 0)
    yield one("right_pupil", 0)


def lapa106() -> Iterator[Blend]:
    """Its outline of the nose begins beside the inner corners of the eyes; each eye has a centre besides the pupil."""
    yield from contour(33)
    yield from brows()
    yield from bridge()
    yield from row("nose", (2, 4, 5, 6))
    yield between("nose", 6, 7, 0.5)
    yield one("nose", 7)
    yield between("nose", 8, 7, 0.5)
    yield from row("nose", (8, 9, 10, 12))
    yield from row("left_eye", LEFT_EYE)
    yield one("left_pupil", 0)
    yield from row("right_eye", RIGHT_EYE)
    yield one("right_pupil", 0)
    yield from mouth()
    yield one("left_pupil", 0)
    yield one("right_pupil", 0)


def five() -> Iterator[Blend]:
    """Eyes, tip of the nose and corners of the mouth."""
    yield one("left_pupil", 0)
    yield one("right_pupil", 0)
    yield one("nose", 0)
    yield one("mouth", 0)
    yield one("mouth", 6)


DEFINITIONS: Mapping[str, tuple[Blend, ...]] = {
    "ibug68": tuple(ibug68()),
    "wflw98": tuple(wflw98()),
    "lapa106": tuple(lapa106()),
    "five": tuple(five()),
}

FIVE_OF: Mapping[str, tuple[tuple[int, ...], ...]] = {
    "ibug68": (tuple(range(36, 42)), tuple(range(42, 48)), (30,), (48,), (54,)),
    "wflw98": (tuple(range(60, 68)), tuple(range(68, 76)), (54,), (76,), (82,)),
    "lapa106": (tuple(range(66, 74)), tuple(range(75, 83)), (54,), (84,), (90,)),
}
"""The five points in the other schemes: the mean of so many of theirs. Nobody annotates five alone in our photos."""
