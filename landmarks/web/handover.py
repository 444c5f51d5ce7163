"""The link by which the hosted engine fetches its copy of a photo, without session or cookie."""

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from landmarks.handover import open_copy
from landmarks.web.views import FILE_POLICY, JPEG

HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Disposition": "inline",
    "Content-Security-Policy": FILE_POLICY,
    "X-Robots-Tag": "noindex",
}


@require_safe
def handover(request: HttpRequest, signed: str) -> FileResponse:
    copy = open_copy(signed)
    if copy is None:
        raise Http404("This link was never given, or its time is over.")
    return FileResponse(copy, content_type=JPEG, headers=HEADERS)
