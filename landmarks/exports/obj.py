"""Wavefront OBJ: the dense points of each face as a mesh for 3D programs, with the 90 points where there are none.

OBJ has y upwards and z towards the viewer, so both change their signs. Units are pixels of the upright photo.
"""

from collections.abc import Iterable, Iterator

from landmarks.core.analysis import Analysis
from landmarks.core.dense import IRISES, TRIANGLES
from landmarks.core.faces import Face
from landmarks.core.schema import REGIONS, SPANS
from landmarks.exports.options import Options


def write(analyses: Iterable[Analysis], options: Options) -> Iterator[bytes]:
    """One file, in which vertices are numbered from 1 on through all photos."""
    yield b"# pixels of the upright photo: x to the right, y up, z towards the camera\n"
    first = 1
    for analysis in analyses:
        name = printable(f"{analysis.result} {analysis.source}")
        yield f"# {name}: {analysis.width} x {analysis.height}\n".encode()
        for number, face in enumerate(analysis.faces, start=1):
            prefix = f"{analysis.result}_" if analysis.result else ""
            lines = [f"o {prefix}face_{number}", *vertices(face), *elements(face, first)]
            yield ("\n".join(lines) + "\n").encode()
            first += len(face.dense or face.points)


def printable(name: str) -> str:
    """A name that cannot end its line; a backslash there would continue it."""
    return "".join(letter if letter.isprintable() and letter != "\\" else "_" for letter in name).strip()


def vertices(face: Face) -> Iterator[str]:
    points = face.dense or ((x, y, 0.0) for x, y in face.points)
    return (f"v {x:.2f} {-y:.2f} {-z:.2f}" for x, y, z in points)


def elements(face: Face, first: int) -> Iterator[str]:
    """Triangles, counter-clockwise as seen from the front, or lines; `first` is the number of the first vertex."""
    if not face.dense:
        yield from region_lines(first)
        return
    for triangle in TRIANGLES:
        yield "f " + " ".join(str(first + corner) for corner in triangle[::-1])
    for ring in IRISES:
        yield "l " + " ".join(str(first + corner) for corner in (*ring, ring[0]))


def region_lines(first: int) -> Iterator[str]:
    for region in REGIONS:
        yield f"g {region.name}"
        start = first + SPANS[region.name].start
        for path in region.paths:
            ends = [*path.indices, path.indices[0]] if path.is_closed else path.indices
            yield "l " + " ".join(str(start + index) for index in ends)
        on_lines = {index for path in region.paths for index in path.indices}
        if alone := [str(start + index) for index in range(region.count) if index not in on_lines]:
            yield "p " + " ".join(alone)
