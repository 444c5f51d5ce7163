"""How many bytes the body of a request may have; the server and the middleware hold it."""

import re

from django.conf import settings

from landmarks.core.errors import RequestTooLarge

REJECTION = "facesite.rejection"
"""In the environment of a request that the server could not accept: the error to answer with."""


RESULTS = "/api/results"
DOUBLED = re.compile("/{2,}")


def body_limit(content_type: str, path: str) -> int:
    """Bytes that a body of this type may have: forms have files, and JSON has a photo where results are created."""
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type == "multipart/form-data":
        return int(settings.MAX_REQUEST_BYTES)
    # It may stand below a path of the proxy's.
    if media_type == "application/json" and DOUBLED.sub("/", path).rstrip("/").endswith(RESULTS):
        return int(settings.MAX_JSON_BYTES)
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def too_large(limit: int) -> RequestTooLarge:
    return RequestTooLarge("body_too_large", limit=limit, file_limit=settings.MAX_UPLOAD_MB * 2**20)
