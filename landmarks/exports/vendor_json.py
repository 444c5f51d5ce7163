"""The answer of the vendor's API: whole pixels, four keys, nine regions a face."""

import json
from collections.abc import Iterable, Iterator
from typing import TypedDict

from landmarks.exports.sheet import Sheet
from landmarks.faces import WireFace


class Answer(TypedDict):
    image_width: int
    image_height: int
    face_model_version: str
    face_shape_set: list[WireFace]


def to_answer(sheet: Sheet, *, rounded: bool = True) -> Answer:
    return {
        "image_width": sheet.width,
        "image_height": sheet.height,
        "face_model_version": sheet.face_model_version,
        "face_shape_set": [face.to_wire(rounded=rounded) for face in sheet.faces],
    }


def write(sheet: Sheet) -> bytes:
    return json.dumps(to_answer(sheet), indent=1).encode()


def write_several(sheets: Iterable[Sheet]) -> Iterator[bytes]:
    """A list of answers, each with the id of its result and the photo's name before the four keys."""
    yield b"["
    for number, sheet in enumerate(sheets):
        answer = {"result": sheet.result, "source": sheet.source, **to_answer(sheet)}
        yield f"{',' if number else ''}\n{json.dumps(answer)}".encode()
    yield b"\n]\n"
