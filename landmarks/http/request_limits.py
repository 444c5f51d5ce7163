"""How many bytes the body of a request may have; the server and the middleware hold it."""

from django.conf import settings

from landmarks.core.errors import RequestTooLarge

REFUSAL = "facesite.refusal"
"""In the environment of a request that the server could not accept: the error to answer with."""


def body_limit(content_type: str) -> int:
    """Bytes that a body of this type may have: forms with files are larger than anything else."""
    is_form = content_type.partition(";")[0].strip().lower() == "multipart/form-data"
    return settings.MAX_REQUEST_BYTES if is_form else settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def too_large(limit: int) -> RequestTooLarge:
    return RequestTooLarge("body_too_large", limit=limit, file_limit=settings.MAX_UPLOAD_MB * 2**20)
