"""Examples for the OpenAPI document, which generated clients and the page for trying out show."""

from typing import Any

from landmarks.api.serializers import face_to_json
from landmarks.core.analysis import Analysis
from landmarks.core.faces import Face, Pose
from landmarks.core.measures import MEASURES, measure
from landmarks.core.schema import REGIONS
from landmarks.drawing.face_crop import DEFAULT_CROP as CROP
from landmarks.drawing.face_crop import transform_to
from landmarks.drawing.reference_face import MEAN_FACE
from landmarks.drawing.region_masks import NUMBERS, polygon_of
from landmarks.exports import measures
from landmarks.wire.acedata import answer_to_wire

Json = dict[str, Any]

ID, OTHER_ID = "0b6f9f3e-5a3c-4d0e-9a51-6c2d1f7e8b90", "7d1f5a52-8f0b-4c59-b2f4-2f6f0a4c1d33"
SITE = "https://photos.example.org"
PHOTO = "https://example.org/photo.jpg"
WIDTH, HEIGHT, UNIT = 640, 800, 240
"""The photo in pixels, and the distance of the outer eye corners in it."""


def example_face() -> Face:
    """The mean face, in the middle of the photo."""
    points = [point for region in REGIONS for point in MEAN_FACE[region.name]]
    placed = ((WIDTH / 2 + x * UNIT, HEIGHT / 2 + y * UNIT) for x, y in points)
    return Face(tuple((round(x, 2), round(y, 2)) for x, y in placed), score=0.982, pose=Pose(1.4, -3.2, 0.6))


FACE = example_face()
ANSWER = answer_to_wire(Analysis("", WIDTH, HEIGHT, "3.0", (FACE,)))
SUMMARY: Json = {
    "id": ID,
    "name": "photo.jpg",
    "note": "",
    "created": "2026-11-25T09:30:00.000Z",
    "photo": {"width": WIDTH, "height": HEIGHT, "format": "JPEG", "orientation": 1},
    "engine": "local",
    "engine_version": "1.0",
    "face_model_version": "3.0",
    "mode": 0,
    "need_rotate_detection": 0,
    "elapsed_ms": 38.5,
    "trace_id": "",
    "remark": "",
    "address": PHOTO,
    "face_count": 1,
    "face_total": 1,
    "error": None,
    "url": f"{SITE}/api/results/{ID}",
    "pictures": {
        "photo": f"{SITE}/api/results/{ID}/photo",
        "overlay_png": f"{SITE}/api/results/{ID}/overlay.png",
        "overlay_svg": f"{SITE}/api/results/{ID}/overlay.svg",
        "blurred": f"{SITE}/api/results/{ID}/blurred.jpg",
    },
    "exports": {name: f"{SITE}/api/results/{ID}/export/{name}" for name in ("json", "csv")},
}
RESULT: Json = SUMMARY | {
    "attempts": [{"turned": 0, "width": 230.4, "score": 0.982, "face_count": 1, "sizes": [320]}],
    "faces": [face_to_json(1, FACE)],
}
MEASURED = measures.face_to_json(1, measure(FACE, (MEASURES["mrd1"], MEASURES["nasal_index"])))
JOB: Json = {
    "id": OTHER_ID,
    "status": "queued",
    "url": f"{SITE}/api/jobs/{OTHER_ID}",
    "progress": 0.0,
    "created": "2026-11-25T09:30:00.000Z",
    "finished": None,
    "attempts": 0,
    "result": None,
    "error": None,
    "webhook": None,
}
DONE: Json = JOB | {
    "status": "done",
    "progress": 1.0,
    "finished": "2026-11-25T09:30:01.000Z",
    "attempts": 1,
    "result": ID,
}
COLLECTION: Json = {
    "id": OTHER_ID,
    "name": "Spring",
    "created": "2026-11-25T09:30:00.000Z",
    "engine": "local",
    "mode": 0,
    "need_rotate_detection": 0,
    "dense": 0,
    "face_model_version": "3.0",
    "paused": False,
    "total": 4,
    "counts": {"done": 2, "none": 1, "running": 0, "queued": 1, "failed": 0, "cancelled": 0},
    "progress": 0.75,
    "url": f"{SITE}/api/collections/{OTHER_ID}",
    "photos": f"{SITE}/api/collections/{OTHER_ID}/photos",
    "webhook": {
        "url": "https://example.org/hooks/faces",
        "status": "waiting",
        "attempts": 0,
        "next_attempt": None,
        "finished": None,
        "error": None,
    },
}
CANCELLED: Json = COLLECTION | {"progress": 1.0, "counts": COLLECTION["counts"] | {"queued": 0, "cancelled": 1}}
DIGEST = "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"
QUEUED_PHOTO: Json = {
    "id": OTHER_ID,
    "name": "photo.jpg",
    "status": "queued",
    "url": f"{SITE}/api/jobs/{OTHER_ID}",
    "address": "",
    "digest": DIGEST,
    "created": "2026-11-25T09:30:00.000Z",
    "finished": None,
    "attempts": 0,
    "result": None,
    "face_count": None,
    "error": None,
}
DONE_PHOTO: Json = QUEUED_PHOTO | {
    "status": "done",
    "finished": "2026-11-25T09:30:01.000Z",
    "attempts": 1,
    "result": ID,
    "face_count": 1,
}
UPLOAD = f"{SITE}/uploads/1vNw3x-example.jpg"
OPTIONS: Json = {"mode": 0, "need_rotate_detection": 0, "face_model_version": "3.0"}

REQUESTS: dict[str, Json] = {
    "analyze": {"image_url": PHOTO, **OPTIONS},
    "upload": {"file": "(the bytes of photo.jpg)"},
    "createResult": {"image_url": PHOTO, **OPTIONS, "name": "Portrait", "note": "From the archive"},
    "uploadResult": {"photo": "(the bytes of photo.jpg)", "mode": 0, "name": "Portrait"},
    "runAgain": {"need_rotate_detection": 1},
    "nameResult": {"name": "Portrait", "note": "From the archive"},
    "deleteResults": {"ids": [ID, OTHER_ID]},
    "restoreResults": {"ids": [ID, OTHER_ID]},
    "createCollection": {"name": "Spring", **OPTIONS, "webhook_url": "https://example.org/hooks/faces"},
    "addAddress": {"image_url": PHOTO, "name": "Portrait"},
    "uploadPhoto": {"photo": "(the bytes of photo.jpg)"},
    "findKnown": {"digests": [DIGEST, "0" * 64]},
}
ACCEPTED: dict[str, Json] = {
    **dict.fromkeys(("createResult", "uploadResult"), JOB),
    "addAddress": QUEUED_PHOTO | {"name": "Portrait", "address": PHOTO, "digest": None, "is_new": True},
    "uploadPhoto": QUEUED_PHOTO | {"is_new": True},
}
"""Responses with the status 202."""
RESPONSES: dict[str, Json] = {
    "analyze": dict(ANSWER),
    "upload": {"file_url": UPLOAD, "url": UPLOAD},
    **dict.fromkeys(("createResult", "uploadResult", "runAgain", "readResult", "nameResult", "restoreResult"), RESULT),
    "readMeasures": {"result": ID, "faces": [MEASURED]},
    "listResults": {"results": [SUMMARY], "next": f"{SITE}/api/results?limit=1&before=1849", "total": 2},
    "readJob": DONE,
    "readGeometry": {
        "number": 1,
        "size": CROP.size,
        "margin": CROP.margin,
        "matrix": transform_to(FACE, CROP).rows(),
        "polygons": {"nose": {"value": NUMBERS["nose"], "points": list(polygon_of(FACE, "nose"))}},
    },
    "cancelJob": JOB | {"status": "cancelled", "progress": 1.0, "finished": "2026-11-25T09:30:00.500Z"},
    "deleteResults": {"deleted": [ID], "not_found": [OTHER_ID]},
    "restoreResults": {"restored": [ID], "not_found": [OTHER_ID]},
    "createCollection": COLLECTION | {"total": 0, "counts": dict.fromkeys(COLLECTION["counts"], 0), "progress": 0.0},
    **dict.fromkeys(("readCollection", "retryCollection", "resumeCollection"), COLLECTION),
    "pauseCollection": COLLECTION | {"paused": True},
    "cancelCollection": CANCELLED,
    "listCollections": {"collections": [COLLECTION], "next": None, "total": 1},
    "listPhotos": {
        "photos": [DONE_PHOTO],
        "next": f"{SITE}/api/collections/{OTHER_ID}/photos?limit=1&after=1849",
    },
    "findKnown": {"known": [DIGEST]},
    "retryPhoto": QUEUED_PHOTO,
    "cancelPhoto": QUEUED_PHOTO | {"status": "cancelled", "digest": None, "finished": "2026-11-25T09:30:00.500Z"},
}
PARAMETERS = {
    "id": ID,
    "job": OTHER_ID,
    "format_name": "csv",
    "extras": "1",
    "words": "portrait",
    "since": "2026-11-01",
    "until": "2026-11-30",
    "limit": 30,
    "regions": ["mouth", "nose"],
    "faces": [1],
    "size": 1.5,
    "margin": 0.25,
    "number": 1,
    "Last-Event-ID": "9f86d081884c7d65",
    "Idempotency-Key": "5d3c1f0a-2b7e-4a51-8a52-0d0c7f5d9b1e",
}
ERROR: Json = {
    "success": False,
    "error": {"code": "bad_request", "message": "image_url is required"},
    "trace_id": "2f6c1c0e-7b0a-4c55-9d3e-83f1c2d09b4e",
}


def add_examples(operation: Json) -> None:
    """To the parameters, the body and the responses of an operation."""
    id = operation["operationId"]
    for parameter in operation["parameters"]:
        if parameter["name"] in PARAMETERS:
            parameter["example"] = PARAMETERS[parameter["name"]]
        if parameter["schema"].get("type") == "integer" and parameter["name"] == "size":
            parameter["example"] = CROP.size
    for content in operation.get("requestBody", {}).get("content", {}).values():
        content["example"] = REQUESTS[id]
    for status, response in operation["responses"].items():
        for content in response.get("content", {}).values():
            if status >= "400":
                if status == "400":
                    content["example"] = ERROR
            elif status == "202":
                content["example"] = ACCEPTED[id]
            elif id in RESPONSES:
                content["example"] = RESPONSES[id]
