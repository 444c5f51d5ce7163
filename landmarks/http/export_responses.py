"""Exports as answers: of one result as a whole where that is small, of several piece by piece."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from landmarks.core.errors import NotFound
from landmarks.exports.formats import Exported
from landmarks.http.export_query import export_options
from landmarks.http.file_responses import FILE_POLICY, as_file
from landmarks.models import Result
from landmarks.services import exporting


def export_one(request: HttpRequest, result: Result, format_name: str) -> HttpResponseBase:
    """Raises NotFound, RequestInvalid or Busy."""
    exported = exporting.export(result, format_name, export_options(request.GET, format_name))
    whole = not exporting.format_called(format_name).needs_photo
    response = HttpResponse(b"".join(exported.pieces)) if whole else StreamingHttpResponse(exported.pieces)
    response["Content-Type"] = exported.content_type
    return as_file(request, result, response, suffix_of(format_name, exported), is_download=True)


def export_several(request: HttpRequest, positions: exporting.Positions, format_name: str) -> HttpResponseBase:
    """The results at these positions. Raises NotFound, also for none of them, RequestInvalid or Busy."""
    options = export_options(request.GET, format_name)
    if not positions:
        raise NotFound("nothing_to_export")
    exported = exporting.export_many(positions, format_name, options)
    response = StreamingHttpResponse(exported.pieces, content_type=exported.content_type)
    response["Content-Security-Policy"] = FILE_POLICY
    count = len(positions)
    name = f"facesite-{count}-result{'' if count == 1 else 's'}{suffix_of(format_name, exported)}"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def suffix_of(format_name: str, exported: Exported) -> str:
    """With the name of the format, unless the suffix says as much."""
    if exported.suffix == f".{format_name}":
        return exported.suffix
    return f"-{format_name.removesuffix(exported.suffix.replace('.', '-'))}{exported.suffix}"
