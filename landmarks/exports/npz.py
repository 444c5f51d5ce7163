"""NumPy's .npz: arrays with a row for each face, at the engine's precision.

The shape of an array stands before its rows, so these wait in temporary files until all results are read.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from landmarks.core.analysis import Analysis
from landmarks.core.faces import Face
from landmarks.exports.archive import PIECE, Entry, zipped
from landmarks.exports.options import Options

IN_MEMORY = 2**19
"""Bytes of an array that are in memory; more of them go to the disk."""
LONGEST_TEXT = 255
"""Characters of a name; what is longer loses its end."""


def write(analyses: Iterable[Analysis], options: Options) -> Iterator[bytes]:
    with ExitStack() as files:
        columns = {
            name: Column(files.enter_context(SpooledTemporaryFile(IN_MEMORY)), dtype, shape)
            for name, dtype, shape in layout(options.point_set.count)
        }
        for analysis in analyses:
            for number, face in enumerate(analysis.faces, start=1):
                for name, value in row(number, face, analysis, options).items():
                    columns[name].add(value)
        entries = [Entry(f"{name}.npy", column.pieces()) for name, column in columns.items()]
        yield from zipped([*entries, *(Entry(f"{name}.npy", [as_file(array)]) for name, array in head(options))])


def head(options: Options) -> Iterator[tuple[str, NDArray[Any]]]:
    """What holds for all rows: names of the points, the scheme, and how far its points err in percent of the distance
    between the outer eye corners; NaN for the 90, which are no other scheme's."""
    point_set = options.point_set
    yield "names", np.array(point_set.names)
    yield "scheme", np.array(point_set.name)
    yield "scheme_error", np.array(np.nan if point_set.error is None else point_set.error)
    yield "note", np.array(point_set.note)


@dataclass
class Column:
    """An array that grows by a row for each face."""

    file: "SpooledTemporaryFile[bytes]"
    dtype: str
    shape: tuple[int, ...]
    """Of a row."""
    count: int = 0

    def add(self, value: object) -> None:
        self.file.write(np.asarray(value, self.dtype).tobytes())
        self.count += 1

    def pieces(self) -> Iterator[bytes]:
        head = BytesIO()
        shape = (self.count, *self.shape)
        npy.write_array_header_1_0(head, {"descr": self.dtype, "fortran_order": False, "shape": shape})
        yield head.getvalue()
        self.file.seek(0)
        while piece := self.file.read(PIECE):
            yield piece


def layout(count: int) -> tuple[tuple[str, str, tuple[int, ...]], ...]:
    """Name, type and shape of a row of each array: NaN where the engine reports nothing."""
    return (
        ("points", "<f8", (count, 2)),
        ("uncertainty", "<f8", (count,)),
        ("guessed", "|b1", (count,)),
        ("score", "<f8", ()),
        ("box", "<f8", (4,)),  # left, top, right, bottom
        ("pose", "<f8", (3,)),  # yaw, pitch, roll
        ("image_size", "<i4", (2,)),  # width, height
        ("face", "<i4", ()),
        ("result", "<U36", ()),
        ("source", f"<U{LONGEST_TEXT}", ()),
    )


def row(number: int, face: Face, analysis: Analysis, options: Options) -> dict[str, object]:
    known, count, nan, box = options.read(face), options.point_set.count, np.nan, face.box
    guessed = np.zeros(count, bool)
    guessed[sorted(known.guessed)] = True
    points = np.array(known.points)
    if not options.with_guessed:
        points[guessed] = nan
    errors, pose = known.uncertainty, face.pose
    return {
        "points": points,
        "uncertainty": np.full(count, nan) if errors is None else errors,
        "guessed": guessed,
        "score": nan if face.score is None else face.score,
        "box": (box.left, box.top, box.right, box.bottom),
        "pose": (pose.yaw, pose.pitch, pose.roll) if pose else (nan,) * 3,
        "image_size": (analysis.width, analysis.height),
        "face": number,
        "result": analysis.result,
        "source": analysis.source,
    }


def as_file(array: NDArray[Any]) -> bytes:
    file = BytesIO()
    np.save(file, array, allow_pickle=False)
    return file.getvalue()
