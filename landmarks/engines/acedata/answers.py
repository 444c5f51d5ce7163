"""The vendor's answer to a photo, read strictly: faces of 90 points, or one error."""

import re
from dataclasses import dataclass

from landmarks.engines.acedata.replies import Reply
from landmarks.errors import EngineError
from landmarks.faces import Face, face_from_wire

VERSION = re.compile(r"[A-Za-z0-9._-]{1,16}")
MAX_SIDE = 1_000_000


class AnswerInvalid(Exception):
    """What was answered is no analysis; the text says in which way."""


@dataclass(frozen=True)
class Analysis:
    """What the vendor saw in a picture, in pixels of the picture that it was given."""

    width: int
    height: int
    face_model_version: str
    faces: tuple[Face, ...]


def read_analysis(reply: Reply) -> Analysis:
    """Raises AnswerInvalid, also for JSON with one bad face among good ones; ValueError for what is no JSON."""
    body = reply.body
    if not isinstance(body, dict):
        raise AnswerInvalid("the answer is no object")
    # The faces first, since a wrong count of points says the most about who answered.
    faces = _faces(body.get("face_shape_set"))
    width, height = _side(body, "image_width"), _side(body, "image_height")
    return Analysis(width, height, _version(reply, body.get("face_model_version")), faces)


def _side(body: dict[str, object], key: str) -> int:
    value = body.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MAX_SIDE:
        raise AnswerInvalid(f"{key} is no number of pixels")
    return value


def _version(reply: Reply, value: object) -> str:
    if not isinstance(value, str) or not VERSION.fullmatch(reply.redact(value)):
        raise AnswerInvalid("face_model_version is no version")
    return value


def _faces(value: object) -> tuple[Face, ...]:
    if not isinstance(value, list) or not all(isinstance(face, dict) for face in value):
        raise AnswerInvalid("face_shape_set is no list of faces")
    try:
        return tuple(face_from_wire(face) for face in value)
    except EngineError as exc:
        raise AnswerInvalid(exc.detail) from exc
