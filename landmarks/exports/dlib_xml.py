"""The XML of dlib's imglab, from which shape predictors are trained: whole pixels, since dlib reads no others.

The parts are numbered from 0, with as many digits as all of them need: dlib sorts them by their names as text.
"""

import math
from collections.abc import Iterable, Iterator

from landmarks.core.analysis import Analysis
from landmarks.core.faces import Face
from landmarks.exports.options import Options
from landmarks.exports.xml_text import HEAD, attributes, text


def write(analyses: Iterable[Analysis], options: Options) -> Iterator[bytes]:
    yield HEAD + f"<dataset>\n<name>facesite</name>\n<comment>{comment(options)}</comment>\n<images>\n".encode()
    for analysis in analyses:
        yield "\n".join(image(analysis, options)).encode() + b"\n"
    yield b"</images>\n</dataset>\n"


def comment(options: Options) -> str:
    point_set = options.point_set
    names = ", ".join(f"{part_name(index, point_set.count)} {name}" for index, name in enumerate(point_set.names))
    return text(f"Rounded to whole pixels. {point_set.note} Parts: {names}".replace("  ", " "))


def part_name(index: int, count: int) -> str:
    return f"{index:0{max(2, len(str(count - 1)))}}"


def image(analysis: Analysis, options: Options) -> Iterator[str]:
    name = options.folder + analysis.file_name
    yield "<image" + attributes(file=name, width=analysis.width, height=analysis.height) + ">"
    for face in analysis.faces:
        yield "<box" + attributes(**box(face)) + ">"
        for index, point in enumerate(options.marked(options.read(face), analysis)):
            if not point.is_left_out:
                part = part_name(index, options.point_set.count)
                yield "<part" + attributes(name=part, x=round(point.x), y=round(point.y)) + "/>"
        yield "</box>"
    yield "</image>"


def box(face: Face) -> dict[str, object]:
    """All pixels that the points lie in; the angle is the roll, in radians."""
    left, top = math.floor(face.box.left), math.floor(face.box.top)
    width, height = math.ceil(face.box.right) - left + 1, math.ceil(face.box.bottom) - top + 1
    angle = round(math.radians(face.pose.roll), 4) if face.pose else None
    sides = {"top": top, "left": left, "width": width, "height": height}
    return {**sides, "detection_score": face.score, "angle": angle}
