"""Label Studio's JSON: a task for each photo, with its faces as predictions that can be corrected.

Label Studio counts in per cent of the photo. Each point has its own label, and belongs to the rectangle of its face.
Photos are named as Label Studio serves local files. https://labelstud.io/guide/predictions
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from landmarks.core.analysis import Analysis
from landmarks.core.faces import Face
from landmarks.core.schemes import region_of
from landmarks.core.version import VERSION
from landmarks.exports.archive import Entry
from landmarks.exports.options import Options
from landmarks.exports.point_sets import DIGITS, Visibility
from landmarks.exports.xml_text import attributes

DIGITS_OF_PERCENT = 6
POINTS, FACES, PHOTO = "points", "faces", "photo"
"""Names in the configuration of labels."""
LOCAL_FILES = "/data/local-files/?d="
SIZE = 0.3
"""Of a point, in per cent of the width."""


def write(analyses: Iterable[Analysis], options: Options) -> Iterator[bytes]:
    yield b"["
    for number, analysis in enumerate(analyses):
        yield f"{',' if number else ''}\n{json.dumps(task(analysis, options))}".encode()
    yield b"\n]\n"


def task(analysis: Analysis, options: Options) -> dict[str, Any]:
    scores = [face.score for face in analysis.faces if face.score is not None]
    prediction: dict[str, Any] = {"model_version": f"facesite {VERSION}"}
    prediction |= {"score": min(scores)} if scores else {}
    prediction["result"] = [
        row for number, face in enumerate(analysis.faces, start=1) for row in regions(number, face, analysis, options)
    ]
    note = f"Per cent of the photo, from pixels rounded to {10**-DIGITS}. {options.point_set.note}".strip()
    return {
        "data": {
            PHOTO: LOCAL_FILES + quote(options.folder + analysis.file_name, errors="replace"),
            "source": analysis.source,
        },
        "meta": {"result": analysis.result, "note": note},
        "predictions": [prediction],
    }


def regions(number: int, face: Face, analysis: Analysis, options: Options) -> Iterator[dict[str, Any]]:
    width, height = analysis.width, analysis.height
    common = {"to_name": PHOTO, "original_width": width, "original_height": height, "image_rotation": 0}
    id, box = f"face-{number}", face.box
    sides = {"x": box.left / width, "y": box.top / height, "width": box.width / width, "height": box.height / height}
    yield {
        "id": id,
        "type": "rectanglelabels",
        "from_name": FACES,
        **common,
        "value": {**{side: percent(value) for side, value in sides.items()}, "rectanglelabels": ["face"]},
        "meta": {"pose": asdict(face.pose) if face.pose else None},
    } | ({} if face.score is None else {"score": face.score})
    known = options.read(face)
    points, errors = options.marked(known, analysis), known.uncertainty
    for index, (name, point) in enumerate(zip(options.point_set.names, points, strict=True)):
        if point.is_left_out:
            continue
        yield {
            "id": f"{id}-{index}",
            "parentID": id,
            "type": "keypointlabels",
            "from_name": POINTS,
            **common,
            "value": {
                "x": percent(point.x / width),
                "y": percent(point.y / height),
                "width": SIZE,
                "keypointlabels": [name],
            },
            "meta": {
                "guessed": point.visibility is Visibility.GUESSED,
                "uncertainty": errors[index] if errors else None,
            },
        }


def percent(share: float) -> float:
    return round(100 * share, DIGITS_OF_PERCENT)


def label_file(options: Options) -> Entry:
    """The configuration that a project needs for these labels."""
    return Entry("labelstudio-config.xml", [label_config(options).encode()])


def label_config(options: Options) -> str:
    def label(name: str) -> str:
        return "    <Label" + attributes(value=name, background=region_of(name).colour) + "/>"

    rows = (
        "<View>",
        f'  <Image name="{PHOTO}" value="${PHOTO}" zoom="true"/>',
        f'  <RectangleLabels name="{FACES}" toName="{PHOTO}">',
        label("face"),
        "  </RectangleLabels>",
        f'  <KeyPointLabels name="{POINTS}" toName="{PHOTO}">',
        *map(label, options.point_set.names),
        "  </KeyPointLabels>",
        "</View>\n",
    )
    return "\n".join(rows)
