"""The photo of a result, its drawings and its exports, by token."""

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from ninja import Query
from ninja.decorators import decorate_view

from landmarks.api.auth import owner_of
from landmarks.api.conditional import conditional, etag_of, not_modified, with_etag
from landmarks.api.export_schemas import ExportQuery, SelectionQuery
from landmarks.api.file_operations import file_operation, unless_known
from landmarks.api.request_schemas import StyleQuery
from landmarks.api.result_router import find_result, visible_results
from landmarks.core.errors import RequestInvalid
from landmarks.core.version import VERSION
from landmarks.drawing.style import Style
from landmarks.http.export_query import export_options
from landmarks.http.export_responses import export_one, export_several
from landmarks.http.file_responses import JPEG, PNG, as_file
from landmarks.http.query_fields import first_error
from landmarks.http.selection import selected_by
from landmarks.http.style_query import PictureForm
from landmarks.models import Result
from landmarks.services import exporting, rendering
from landmarks.storage import files

SVG = "image/svg+xml"


@file_operation(
    "/api/results/{uuid:id}/photo",
    JPEG,
    id="readPhoto",
    name="photo",
    summary="Read the photo of a result",
)
def photo(request: HttpRequest, id: UUID) -> HttpResponseBase:
    """Upright, re-encoded and without metadata."""
    result = find_result(request, id)
    tag = etag_of(str(result.photo_id), str(result.photo.file))

    def make() -> HttpResponseBase:
        response = FileResponse(files.open_file(str(result.photo.file)), content_type=JPEG)
        return as_file(request, result, response, ".jpg")

    return unless_known(request, tag, make)


@file_operation(
    "/api/results/{uuid:id}/overlay.png",
    PNG,
    id="drawPng",
    name="overlay-png",
    summary="Draw the points on the photo",
)
def overlay_png(request: HttpRequest, id: UUID, query: Query[StyleQuery]) -> HttpResponseBase:
    """The photo with its points."""
    result = find_result(request, id)
    style, scale = read_style(request, result)
    # The SVG has everything that the picture is drawn from but the photo, and takes little time.
    tag = etag_of(PNG, str(result.photo_id), rendering.render_svg(result, style, scale))

    def make() -> HttpResponseBase:
        response = FileResponse(rendering.render_png(result, style, scale), content_type=PNG)
        return as_file(request, result, response, "-points.png")

    return unless_known(request, tag, make)


@file_operation(
    "/api/results/{uuid:id}/overlay.svg",
    SVG,
    id="drawSvg",
    name="overlay-svg",
    summary="Draw the points as SVG",
)
@decorate_view(conditional)
def overlay_svg(request: HttpRequest, id: UUID, query: Query[StyleQuery]) -> HttpResponseBase:
    """The points alone, by default in the size of the photo."""
    result = find_result(request, id)
    style, scale = read_style(request, result)
    response = HttpResponse(rendering.render_svg(result, style, scale), content_type=SVG)
    return as_file(request, result, response, "-points.svg")


def read_style(request: HttpRequest, result: Result) -> tuple[Style, int]:
    """How to draw, and the factor by which to enlarge the picture."""
    form = PictureForm(request.GET, result.face_count, rendering.largest_scale(result.photo))
    if not form.is_valid():
        raise RequestInvalid("form_invalid", reason=first_error(form))
    return form.style(), form.scale() or 1


@file_operation(
    "/api/results/{uuid:id}/export/{format_name}",
    *exporting.export_content_types(),
    id="exportResult",
    name="export",
    summary="Export a result",
)
def export(request: HttpRequest, id: UUID, format_name: str, query: Query[ExportQuery]) -> HttpResponseBase:
    """In one of the formats in `exports` of a result."""
    result = find_result(request, id)
    export_options(request.GET, format_name)  # a wrong one is an error, even where the copy is current
    tag = etag_of(format_name, request.GET.urlencode(), VERSION, str(result.photo.file), *exporting.source_of(result))
    return not_modified(request, tag) or with_etag(export_one(request, result, format_name), tag)


@file_operation(
    "/api/results/export/{format_name}",
    *exporting.export_content_types(),
    id="exportResults",
    name="export-several",
    summary="Export several results as one file",
)
def export_many(
    request: HttpRequest, format_name: str, selection: Query[SelectionQuery], query: Query[ExportQuery]
) -> HttpResponseBase:
    """Those with these `ids`, or all that match the filters, or everything: the newest first, but none that failed.

    The file is sent while it is made. If that fails, the connection breaks off before the end of the body.
    """
    results = selected_by(request.GET, owner_of(request), visible_results(request))
    return export_several(request, exporting.positions_of(results), format_name)
