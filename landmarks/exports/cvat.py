"""CVAT for images, XML 1.1: each face as a skeleton of named points, or as a group of single points.

Guessed points are occluded, those beyond the edge of the photo are outside. Coordinates are as everywhere else, while
CVAT draws the first pixel from 0 to 1, so that there points lie half a pixel up and to the left; `import` reads them
as they are. https://docs.cvat.ai/docs/dataset_management/formats/format-cvat/
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from landmarks.core.analysis import Analysis
from landmarks.core.faces import Face
from landmarks.core.pixels import Box
from landmarks.core.schema import HALO, REGIONS
from landmarks.core.schemes import region_of
from landmarks.drawing.reference_face import MEAN_FACE
from landmarks.exports.archive import Entry
from landmarks.exports.options import Options, Shapes
from landmarks.exports.point_sets import DIGITS, Marked, PointSet, Visibility
from landmarks.exports.xml_text import HEAD, attributes, text

LABEL = "face"
ATTRIBUTES = ("score", "yaw", "pitch", "roll")
"""Of a face, as text."""
SIDE, MARGIN = 100, 5
"""Of the drawing of a skeleton by which CVAT's users know its points."""


def write(analyses: Iterable[Analysis], options: Options) -> Iterator[bytes]:
    yield HEAD + f"<annotations>\n<version>1.1</version>\n{meta(options)}\n".encode()
    for number, analysis in enumerate(analyses):
        yield image(number, analysis, options).encode()
    yield b"</annotations>\n"


# --- labels ----------------------------------------------------------------------------------------------------------


def meta(options: Options) -> str:
    point_set = options.point_set
    note = text(f"Coordinates are rounded to {10**-DIGITS} pixels. {point_set.note}".strip())
    listed = "\n".join(labels(options))
    return f"<meta><task><name>facesite</name><labels>\n{listed}\n</labels></task><note>{note}</note></meta>"


def labels(options: Options) -> Iterator[str]:
    is_skeleton = options.shapes is Shapes.SKELETONS
    if is_skeleton:
        known = "".join(
            f"<attribute><name>{name}</name><mutable>False</mutable><input_type>text</input_type>"
            "<default_value></default_value><values></values></attribute>"
            for name in ATTRIBUTES
        )
        yield (
            f"<label><name>{LABEL}</name><color>{colour_of('')}</color><type>skeleton</type>"
            f"<attributes>{known}</attributes><svg>{text(drawing(options.point_set))}</svg></label>"
        )
    parent = f"<parent>{LABEL}</parent>" if is_skeleton else ""
    for name in options.point_set.names:
        yield (
            f"<label><name>{text(name)}</name><color>{colour_of(name)}</color><type>points</type>"
            f"<attributes></attributes>{parent}</label>"
        )


def colour_of(name: str) -> str:
    return region_of(name).colour.lower()


def drawing(point_set: PointSet) -> str:
    """The skeleton on the mean face, as CVAT's editor of labels draws it."""
    mean = Face(tuple(point for region in REGIONS for point in MEAN_FACE[region.name]), score=None)
    points = point_set.read(mean).points
    box = Box.around(points)
    scale = (SIDE - 2 * MARGIN) / max(box.width, box.height)
    places = [(round(MARGIN + (x - box.left) * scale, 2), round(MARGIN + (y - box.top) * scale, 2)) for x, y in points]
    edges = (
        "<line"
        + attributes(x1=places[one][0], y1=places[one][1], x2=places[other][0], y2=places[other][1], stroke=HALO)
        + f' data-type="edge" data-node-from="{one + 1}" data-node-to="{other + 1}"></line>'
        for one, other in point_set.lines
    )
    nodes = (
        f'<circle r="0.75" cx="{x}" cy="{y}" data-type="element node" data-element-id="{number}" '
        f'data-node-id="{number}" data-label-name="{text(name)}"></circle>'
        for number, (name, (x, y)) in enumerate(zip(point_set.names, places, strict=True), start=1)
    )
    return "".join((*edges, *nodes))


def label_file(options: Options) -> Entry:
    """What CVAT's editor of labels takes under "Raw"."""
    points = [
        {"name": name, "color": colour_of(name), "type": "points", "attributes": []} for name in options.point_set.names
    ]
    known = [
        {"name": name, "mutable": False, "input_type": "text", "default_value": "", "values": [""]}
        for name in ATTRIBUTES
    ]
    face: dict[str, Any] = {"name": LABEL, "color": colour_of(""), "type": "skeleton", "attributes": known}
    face |= {"sublabels": points, "svg": drawing(options.point_set)}
    found = [face] if options.shapes is Shapes.SKELETONS else points
    return Entry("cvat-labels.json", [json.dumps(found, indent=1).encode()])


# --- faces -----------------------------------------------------------------------------------------------------------


def image(number: int, analysis: Analysis, options: Options) -> str:
    rows = [
        row
        for group, face in enumerate(analysis.faces, start=1)
        for row in shape(group, face, options.marked(options.read(face), analysis), options)
    ]
    name = options.folder + analysis.file_name
    opening = "<image" + attributes(id=number, name=name, width=analysis.width, height=analysis.height) + ">"
    return "\n".join((opening, *rows, "</image>\n"))


def shape(group: int, face: Face, points: list[Marked], options: Options) -> Iterator[str]:
    is_skeleton = options.shapes is Shapes.SKELETONS
    if is_skeleton:
        yield "<skeleton" + attributes(label=LABEL, source="auto", z_order=0, group_id=group) + ">"
    for name, point in zip(options.point_set.names, points, strict=True):
        is_outside = point.is_left_out or point.visibility is Visibility.OUTSIDE
        if is_skeleton or not point.is_left_out:
            facts = attributes(
                label=name,
                source="auto",
                outside=int(is_outside) if is_skeleton else None,
                occluded=int(point.visibility is Visibility.GUESSED),
                points=f"{point.x:.{DIGITS}f},{point.y:.{DIGITS}f}",
                z_order=None if is_skeleton else 0,
                group_id=None if is_skeleton else group,
            )
            yield f"<points{facts}></points>"
    if is_skeleton:
        yield from known_of(face)
        yield "</skeleton>"


def known_of(face: Face) -> Iterator[str]:
    pose = face.pose
    values = (face.score, *((pose.yaw, pose.pitch, pose.roll) if pose else (None,) * 3))
    for name, value in zip(ATTRIBUTES, values, strict=True):
        if value is not None:
            yield f'<attribute name="{name}">{round(value, 4)}</attribute>'
