"""Photos, thumbnails and overlays of one result, as files."""

import uuid
from collections.abc import Callable
from typing import IO

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase

from landmarks.drawing.style import Style
from landmarks.http.error_responses import prefers_json
from landmarks.http.file_responses import JPEG, as_file
from landmarks.http.methods import require_safe
from landmarks.http.query_fields import first_error
from landmarks.http.style_query import PictureForm
from landmarks.models.result import Result
from landmarks.services import rendering
from landmarks.storage import files
from landmarks.web.current_owner import result_or_404
from landmarks.web.responses import invalid_form


@require_safe
def result_photo(request: HttpRequest, id: uuid.UUID) -> HttpResponseBase:
    result = result_or_404(request, id)
    return as_file(request, result, open_stored(str(result.photo.file)), ".jpg")


@require_safe
def result_thumbnail(request: HttpRequest, id: uuid.UUID) -> HttpResponseBase:
    result = result_or_404(request, id)
    return as_file(request, result, open_stored(str(result.thumbnail)), "-thumbnail.jpg")


def open_stored(name: str) -> FileResponse:
    try:
        return FileResponse(files.open_file(name), content_type=JPEG)
    except files.FileMissing as exc:
        raise Http404("This file was deleted or lost. Submit the photo again to restore it.") from exc


@require_safe
def result_overlay_png(request: HttpRequest, id: uuid.UUID) -> HttpResponseBase:
    return render_overlay(
        request, id, "image/png", "-points.png", rendering.render_png, rendering.suggested_scale, FileResponse
    )


@require_safe
def result_overlay_svg(request: HttpRequest, id: uuid.UUID) -> HttpResponseBase:
    return render_overlay(request, id, "image/svg+xml", "-points.svg", rendering.render_svg, lambda _: 1, HttpResponse)


def render_overlay(
    request: HttpRequest,
    id: uuid.UUID,
    content_type: str,
    suffix: str,
    draw: Callable[[Result, Style, int], IO[bytes] | str],
    suggest_scale: Callable[[Result], int],
    response_class: type[FileResponse | HttpResponse],
) -> HttpResponseBase:
    result = result_or_404(request, id)
    form = PictureForm(request.GET, result.face_count, rendering.largest_scale(result.photo))
    if not form.is_valid() and prefers_json(request):
        return invalid_form(request, form)
    if not form.is_valid():
        return HttpResponse(first_error(form), content_type="text/plain; charset=utf-8", status=400)
    try:
        picture = draw(result, form.style(), form.scale() or suggest_scale(result))
    except files.FileMissing as exc:
        raise Http404("This file was deleted or lost. Submit the photo again to restore it.") from exc
    return as_file(request, result, response_class(picture, content_type=content_type), suffix)
