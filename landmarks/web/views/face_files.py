"""Crops and masks of one face, and the photo with its faces blurred, as files."""

import uuid

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase

from landmarks.core.errors import NotFound
from landmarks.http.crop_query import CropForm, MaskForm
from landmarks.http.error_responses import prefers_json
from landmarks.http.file_responses import CROP_MATRIX, JPEG, PNG, as_file
from landmarks.http.methods import require_safe
from landmarks.http.query_fields import first_error
from landmarks.models import Result
from landmarks.services import face_pictures
from landmarks.storage import files
from landmarks.web.current_owner import result_or_404
from landmarks.web.responses import invalid_form


@require_safe
def face_crop(request: HttpRequest, id: uuid.UUID, number: int) -> HttpResponseBase:
    result, form = result_or_404(request, id), CropForm(request.GET)
    if not form.is_valid():
        return rejected(request, form)
    try:
        cropped = face_pictures.crop_of(result, number, form.crop())
        response = HttpResponse(face_pictures.render_crop(result, cropped), content_type=PNG)
    except (NotFound, files.FileMissing) as exc:
        raise missing(exc) from exc
    response.headers[CROP_MATRIX] = cropped.matrix_text
    return as_file(request, result, response, f"-face-{number}.png")


@require_safe
def face_mask(request: HttpRequest, id: uuid.UUID, number: int) -> HttpResponseBase:
    result, form = result_or_404(request, id), MaskForm(request.GET)
    if not form.is_valid():
        return rejected(request, form)
    try:
        face = face_pictures.face_of(result, number)
    except NotFound as exc:
        raise missing(exc) from exc
    mask = face_pictures.render_mask(result, face, form.chosen_regions(), form.chosen_crop())
    return as_file(request, result, HttpResponse(mask, content_type=PNG), f"-face-{number}-mask.png")


@require_safe
def blurred_photo(request: HttpRequest, id: uuid.UUID) -> HttpResponseBase:
    result: Result = result_or_404(request, id)
    try:
        response = FileResponse(face_pictures.render_blurred(result), content_type=JPEG)
    except files.FileMissing as exc:
        raise missing(exc) from exc
    return as_file(request, result, response, "-blurred.jpg")


def rejected(request: HttpRequest, form: CropForm) -> HttpResponse:
    if prefers_json(request):
        return invalid_form(request, form)
    return HttpResponse(first_error(form), content_type="text/plain; charset=utf-8", status=400)


def missing(exc: Exception) -> Http404:
    if isinstance(exc, NotFound):
        return Http404(exc.message)
    return Http404("This file was deleted or lost. Submit the photo again to restore it.")
