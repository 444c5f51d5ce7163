"""The topology of the dense points: it can be made again from the bundled photos."""

from pathlib import Path

from benchmarks.dense_topology import half_triangles, mean_head, mirrored_points
from landmarks.core.dense import DENSE_FLIPPED, TRIANGLES

MOST_OTHERS = 0.03
"""Of the triangles: of four points on a circle, a hair's breadth decides which two are joined."""


def test_the_bundled_photos_give_the_stored_topology(models_dir: Path) -> None:
    mean = mean_head(models_dir)
    mirrored = mirrored_points(mean)
    assert mirrored.tolist() == list(DENSE_FLIPPED)
    made = {tuple(each) for each in half_triangles(mean, mirrored)}
    stored = set(TRIANGLES[: len(TRIANGLES) // 2])
    assert len(made) == len(stored)
    assert len(made - stored) <= MOST_OTHERS * len(stored)
