"""The header `Idempotency-Key`: a repeated request with it gets what the first one made instead of another."""

import hashlib
import re
from collections.abc import Callable

from django.http import HttpRequest
from pydantic import BaseModel

from landmarks.api.auth import owner_of
from landmarks.core.errors import RequestInvalid
from landmarks.http.response_headers import set_header
from landmarks.services import idempotency
from landmarks.services.idempotency import Kind, Outcome

HEADER, REPLAYED = "Idempotency-Key", "Idempotency-Replayed"
KEY = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?")
PARAMETER = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "description": (
        "1 to 255 characters that you choose for this request, such as a UUID. For 24 hours, repeating the request "
        "with the same key returns the same result, job or collection instead of creating another."
    ),
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}


def run_once(
    request: HttpRequest, body: BaseModel, run: Callable[[], Kind], sent: Callable[[], bytes] = bytes
) -> Outcome[Kind]:
    """Run, unless the request has a key with which it was sent before. `sent` is what the request has beside the body.

    Raises RequestInvalid for a malformed key, KeyReused, KeyInUse or StorageError.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return Outcome(run(), None)
    if not KEY.fullmatch(key):
        raise RequestInvalid("idempotency_key_malformed", header=HEADER)
    fields = body.model_dump_json(exclude={"image_base64"})  # its bytes are in `sent`
    address = (request.path_info.rstrip("/"), *filter(None, [request.GET.urlencode()]))
    parts = ("?".join(address).encode(), fields.encode(), sent())
    fingerprint = b"".join(hashlib.sha256(part).digest() for part in parts)
    outcome = idempotency.run_once(owner_of(request), key, fingerprint, run)
    if outcome.first_sent:
        set_header(request, REPLAYED, "true")
    return outcome
