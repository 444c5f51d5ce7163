"""Request bodies, JSON or a form, read into the types of the OpenAPI document."""

import base64
import hashlib
from collections.abc import Collection, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from tempfile import SpooledTemporaryFile
from typing import Any, TypeVar

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from landmarks.api import body_encoding
from landmarks.api.auth import check_again
from landmarks.api.request_schemas import DATA_ADDRESS, AgainIn, RunOptions
from landmarks.api.unknown_names import refuse_repeated, refuse_unknown, report_ignored
from landmarks.core.errors import MediaUnsupported, RequestInvalid
from landmarks.core.finding import Options
from landmarks.models import Result
from landmarks.runtime import concurrency
from landmarks.services import photos, runs

JSON, FORM = "application/json", "multipart/form-data"
CHUNK = 64 * 2**10
IN_JSON_ONLY = frozenset(("image_base64",))

Body = TypeVar("Body", bound=BaseModel)

# --- JSON ------------------------------------------------------------------------------------------------------------


def read_json(request: HttpRequest, body: type[Body], *, is_lenient: bool = False) -> Body:
    """Unknown fields are errors, or reported in a header if `is_lenient`.

    Raises MediaUnsupported for another content type, RequestInvalid for JSON that does not fit the type.
    """
    check_json_type(request)
    return to_body(request, parse_object(request.body), body, is_lenient=is_lenient)


def read_large_json(request: HttpRequest, body: type[Body]) -> Body:
    """The same for JSON that may contain a photo. It is received on the disk, so that slow clients take no memory."""
    check_json_type(request)
    small = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    with SpooledTemporaryFile(small) as file:
        while chunk := request.read(CHUNK):
            file.write(chunk)
        if file.tell() > small:
            check_again(request)
        with concurrency.LARGE_JSON.slot() if file.tell() > small else nullcontext():
            file.seek(0)
            return to_body(request, parse_object(file.read()), body)


def check_json_type(request: HttpRequest) -> None:
    content_type = request.content_type or JSON
    if content_type != JSON:
        raise MediaUnsupported("body_not_json", accepted=JSON, content_type=content_type[:100])
    body_encoding.refuse_compression(request)


def parse_object(content: bytes) -> dict[str, Any]:
    try:
        fields = from_json(content)
    except ValueError as exc:
        raise body_encoding.explain(content) from exc
    if not isinstance(fields, dict):
        raise RequestInvalid("body_invalid")
    return fields


def to_body(request: HttpRequest, fields: dict[str, Any], body: type[Body], *, is_lenient: bool = False) -> Body:
    known = body.model_fields
    if is_lenient:
        report_ignored(request, [*fields, *request.GET], {*known, "extras"})
    else:
        refuse_unknown(fields, known)
    return validated({name: value for name, value in fields.items() if name in known}, body)


def validated(fields: Mapping[str, Any], body: type[Body]) -> Body:
    try:
        return body.model_validate(fields)
    except ValidationError as exc:
        raise validation_error(exc.errors()) from exc


# --- forms -----------------------------------------------------------------------------------------------------------


def is_form(request: HttpRequest) -> bool:
    return request.content_type == FORM


def read_form(request: HttpRequest, body: type[Body], file: str) -> Body:
    """The fields of a form beside that file. Raises RequestInvalid."""
    body_encoding.refuse_compression(request)
    refuse_unknown([*request.POST, *request.FILES], names_in_form(body, file))
    refuse_repeated(request.POST)
    return validated({name: value for name, value in request.POST.items() if value != "" and name != file}, body)


def names_in_form(body: type[BaseModel], file: str) -> Collection[str]:
    return {*body.model_fields, file} - IN_JSON_ONLY


def file_in(request: HttpRequest, field: str) -> tuple[photos.PhotoFile, str]:
    """What reads the one file in that field, and its name. Raises MediaUnsupported or RequestInvalid."""
    if not is_form(request):
        raise MediaUnsupported("body_not_form", accepted=FORM, field=field)
    body_encoding.refuse_compression(request)
    files = request.FILES.getlist(field)
    if len(files) != 1:
        raise RequestInvalid("field_single_file" if files else "field_required", field=field)
    file: UploadedFile = files[0]

    def read() -> bytes:
        file.seek(0)
        # One byte more than allowed is enough to reject a file, however large it is.
        return bytes(file.read(photos.max_upload_bytes() + 1))

    return read, file.name or "photo"


def file_digest(request: HttpRequest, field: str) -> bytes:
    """SHA-256 of the one file in that field, read piece by piece."""
    file: UploadedFile = request.FILES.getlist(field)[0]
    file.seek(0)
    hashed = hashlib.sha256()
    while chunk := file.read(CHUNK):
        hashed.update(chunk)
    return hashed.digest()


# --- values ----------------------------------------------------------------------------------------------------------


def engine_options(body: RunOptions) -> Options:
    return runs.run_options(
        largest_only=body.mode == 1,
        rotate=body.need_rotate_detection == 1,
        face_model_version=body.face_model_version,
    )


def options_again(body: AgainIn, result: Result) -> Options:
    """Those of the result, with what the request changes."""
    options = runs.options_of(result)
    return replace(
        options,
        largest_only=options.largest_only if body.mode is None else body.mode == 1,
        rotate=options.rotate if body.need_rotate_detection is None else body.need_rotate_detection == 1,
        face_model_version=body.face_model_version or options.face_model_version,
        dense=options.dense if body.dense is None else body.dense == 1,
    )


def read_base64(text: str) -> bytes:
    """Also with line breaks, and after the beginning of a `data:` address. Raises RequestInvalid."""
    if text[:5].lower() == "data:":
        text = text.partition(",")[2]
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except ValueError as exc:
        raise RequestInvalid("base64_invalid") from exc
    if not data:
        raise RequestInvalid("base64_invalid")
    return data


def validation_error(errors: Iterable[Mapping[str, Any]]) -> RequestInvalid:
    """The first of pydantic's errors, in the vendor's words: "image_url is required"."""
    error = next(iter(errors))
    field = ".".join(str(part) for part in error["loc"] if part not in ("query", "path", "header"))
    if error["type"] == DATA_ADDRESS:
        return RequestInvalid(DATA_ADDRESS)
    if not field:
        return RequestInvalid("body_invalid")
    if error["type"] == "missing":
        return RequestInvalid("field_required", field=field)
    return RequestInvalid("field_invalid", field=field, reason=str(error.get("ctx", {}).get("error") or error["msg"]))


def request_body(json_body: type[BaseModel] | None = None, form: dict[str, Any] | None = None) -> dict[str, Any]:
    """The body for the OpenAPI document: JSON, a form, or either."""
    content: dict[str, Any] = {}
    if json_body:
        content[JSON] = {"schema": {"$ref": f"#/components/schemas/{json_body.__name__}"}}
    if form:
        content[FORM] = {"schema": form}
    return {"requestBody": {"required": True, "content": content}}
