"""Results and faces as JSON for API clients, with everything that is known."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from landmarks.access import visibility
from landmarks.api.auth import owner_of
from landmarks.core.faces import Face
from landmarks.core.finding import Finding
from landmarks.core.measures import openness
from landmarks.exports.point_sets import POINT_SETS, PointSet
from landmarks.models import Result
from landmarks.services import exporting
from landmarks.wire.acedata import face_to_wire

RESULT_COLUMNS = (
    *("id", "name", "note", "created", "engine", "engine_version", "face_model_version", "elapsed_ms"),
    *("trace_id", "remark", "face_count", "face_total"),
)
PICTURES = {
    "photo": "photo",
    "overlay_png": "overlay-png",
    "overlay_svg": "overlay-svg",
    "blurred": "blurred",
}
"""Names of the addresses of pictures."""
PHOTO_COLUMNS = ("width", "height", "format", "orientation", "lowered_quality")


def result_to_json(
    request: HttpRequest, result: Result, *, dense: bool = False, scheme: str | None = None
) -> dict[str, Any]:
    summary = summary_to_json(request, result)
    faces = faces_to_json(result.found_faces(), dense=dense, scheme=scheme)
    return summary | {"attempts": result.attempts, "faces": faces}


def summary_to_json(request: HttpRequest, result: Result) -> dict[str, Any]:
    return {
        **{column: getattr(result, column) for column in RESULT_COLUMNS},
        "address": visibility.shown_address(result, owner_of(request)),
        "photo": {column: getattr(result.photo, column) for column in PHOTO_COLUMNS},
        "mode": int(result.largest_only),
        "need_rotate_detection": int(result.rotate),
        "error": {"code": result.error_code, "message": result.error_message} if result.is_failed else None,
        "url": request.build_absolute_uri(result_path(result)),
        "pictures": {
            key: request.build_absolute_uri(reverse(f"api:{name}", args=[result.pk])) for key, name in PICTURES.items()
        },
        "exports": {
            name: request.build_absolute_uri(reverse("api:export", args=[result.pk, name]))
            for name in exporting.export_formats()
        },
    }


def result_path(result: Result) -> str:
    return reverse("api:result", args=[result.pk])


def extras_to_json(finding: Finding) -> dict[str, Any]:
    """What facesite knows beyond the vendor's answer."""
    return {
        "engine": finding.engine,
        "engine_version": finding.engine_version,
        "elapsed_ms": finding.elapsed_ms,
        "face_total": finding.face_total,
        "faces": faces_to_json(finding.faces),
    }


def faces_to_json(faces: tuple[Face, ...], *, dense: bool = False, scheme: str | None = None) -> list[dict[str, Any]]:
    return [face_to_json(number, face, dense=dense, scheme=scheme) for number, face in enumerate(faces, start=1)]


def face_to_json(number: int, face: Face, *, dense: bool = False, scheme: str | None = None) -> dict[str, Any]:
    """With the dense points, which are ten times as long as the rest, and points of a scheme only if requested."""
    fields = face.to_dict()
    left_out = fields.pop("dense")
    return {
        "number": number,
        **fields,
        **({"dense": left_out} if dense else {}),
        **({"scheme": scheme_to_json(face, POINT_SETS[scheme])} if scheme else {}),
        "points": face_to_wire(face, rounded=False),
        "box": {side: round(value, 3) for side, value in asdict(face.box).items()},
        **openness(face),
    }


def scheme_to_json(face: Face, point_set: PointSet) -> dict[str, Any]:
    known = point_set.read(face)
    errors: Sequence[float | None] = known.uncertainty or [None] * point_set.count
    return {
        "name": point_set.name,
        "error": point_set.error,
        "points": [
            {"number": number, "name": name, "x": x, "y": y, "uncertainty": error, "guessed": number in known.guessed}
            for number, (name, (x, y), error) in enumerate(zip(point_set.names, known.points, errors, strict=True))
        ],
    }
