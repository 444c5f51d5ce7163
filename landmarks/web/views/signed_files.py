"""The links under which copies of photos are given out, without session or cookie."""

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from landmarks.storage.temporary_files import STORES
from landmarks.web.views.files import FILE_POLICY, JPEG

HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Disposition": "inline",
    "Content-Security-Policy": FILE_POLICY,
    "X-Robots-Tag": "noindex",
}


@require_safe
def give(request: HttpRequest, shelf: str, signed: str) -> FileResponse:
    copy = STORES[shelf].open(signed)
    if copy is None:
        raise Http404("This link was never given, or its time is over.")
    return FileResponse(copy, content_type=JPEG, headers=HEADERS)
