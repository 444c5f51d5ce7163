"""Request bodies, JSON or a form, read into the types of the OpenAPI document."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from pydantic import BaseModel, ValidationError

from landmarks.api.schemas import RunOptions
from landmarks.core.errors import MediaUnsupported, RequestInvalid
from landmarks.core.finding import Options
from landmarks.services import photos, runs

JSON, FORM = "application/json", "multipart/form-data"
FLAGS, NUMBERS = ("mode", "need_rotate_detection"), {"0": 0, "1": 1}
"""Fields that are numbers in JSON and text in a form."""

Body = TypeVar("Body", bound=BaseModel)


def read_json(request: HttpRequest, body: type[Body]) -> Body:
    """Raises MediaUnsupported for another content type, RequestInvalid for JSON that does not fit the type."""
    content_type = request.content_type or JSON
    if content_type != JSON:
        raise MediaUnsupported("body_not_json", accepted=JSON, content_type=content_type[:100])
    try:
        return body.model_validate_json(request.body)
    except ValidationError as exc:
        raise validation_error(exc.errors()) from exc


def read_form(request: HttpRequest, body: type[Body]) -> Body:
    """The fields of a form, without its files. Raises RequestInvalid."""
    sent: dict[str, Any] = {name: value for name, value in request.POST.items() if value != ""}
    numbers = {name: NUMBERS[sent[name]] for name in FLAGS if sent.get(name) in NUMBERS}
    try:
        return body.model_validate(sent | numbers)
    except ValidationError as exc:
        raise validation_error(exc.errors()) from exc


def is_form(request: HttpRequest) -> bool:
    return request.content_type == FORM


def file_in(request: HttpRequest, field: str) -> tuple[photos.PhotoFile, str]:
    """What reads the one file in that field, and its name. Raises MediaUnsupported or RequestInvalid."""
    if not is_form(request):
        raise MediaUnsupported("body_not_form", accepted=FORM, field=field)
    files = request.FILES.getlist(field)
    if len(files) != 1:
        raise RequestInvalid("field_single_file" if files else "field_required", field=field)
    file: UploadedFile = files[0]
    # One byte more than allowed is enough to reject a file, however large it is.
    return lambda: bytes(file.read(photos.max_upload_bytes() + 1)), file.name or "photo"


def engine_options(body: RunOptions) -> Options:
    return runs.run_options(
        largest_only=body.mode == 1,
        rotate=body.need_rotate_detection == 1,
        face_model_version=body.face_model_version,
    )


def validation_error(errors: Iterable[Mapping[str, Any]]) -> RequestInvalid:
    """The first of pydantic's errors, in the vendor's words: "image_url is required"."""
    error = next(iter(errors))
    field = ".".join(str(part) for part in error["loc"] if part not in ("query", "path", "header"))
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
