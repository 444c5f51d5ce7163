"""Temporary links to photos, which need no session."""

from django.http import FileResponse, Http404, HttpRequest

from landmarks.http.file_responses import FILE_POLICY, JPEG
from landmarks.http.methods import require_safe
from landmarks.storage.temporary_files import STORES

HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Disposition": "inline",
    "Content-Security-Policy": FILE_POLICY,
    "X-Robots-Tag": "noindex",
}


@require_safe
def temporary_file(request: HttpRequest, store: str, signed: str) -> FileResponse:
    copy = STORES[store].open(signed)
    if copy is None:
        raise Http404("This link does not exist or has expired.")
    return FileResponse(copy, content_type=JPEG, headers=HEADERS)
