"""Files of results, safe to open in a browser and named like their photo."""

from django.http import HttpRequest, HttpResponseBase
from django.utils.http import content_disposition_header

from landmarks.core.text import file_stem
from landmarks.models import Result

FILE_POLICY = "default-src 'none'; sandbox"
"""For files that a browser opens directly: they run, load and submit nothing."""
JPEG = "image/jpeg"


def as_file(
    request: HttpRequest, result: Result, response: HttpResponseBase, suffix: str, *, is_download: bool = False
) -> HttpResponseBase:
    """A file that is safe to open in a browser, or a download under the photo's name."""
    response["Content-Security-Policy"] = FILE_POLICY
    is_saved = is_download or "download" in request.GET
    response["Content-Disposition"] = content_disposition_header(is_saved, file_stem(result.name) + suffix) or "inline"
    return response
