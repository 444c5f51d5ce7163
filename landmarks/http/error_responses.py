"""How an error is answered: with a page, or with the vendor's JSON body for clients that prefer JSON."""

import logging
from typing import TypedDict

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from landmarks.core.errors import LandmarksError, StorageError
from landmarks.runtime import metrics, request_id

logger = logging.getLogger(__name__)

API_PATHS = ("/api/", "/face/")
"""Below these, errors are always JSON."""
PAGES = (400, 403, 404, 405, 413, 429, 500, 503)
"""Statuses with a page of their own."""


class Cause(TypedDict):
    code: str
    message: str


class ErrorBody(TypedDict):
    """An error in the vendor's format; the trace id is the id of the request."""

    success: bool
    error: Cause
    trace_id: str


def error_response(request: HttpRequest, error: LandmarksError) -> HttpResponse:
    """The response to a request that ends in this error; those with status 500 and above are logged once."""
    if error.status >= 500 and not error.is_logged:
        # Being busy passes by itself, and what other services do is theirs.
        level = logging.ERROR if error.status == 500 or isinstance(error, StorageError) else logging.WARNING
        logger.log(level, "Answered %s %s: %s", error.status, error.code, error.detail or "-")
    response = render_error(request, error)
    if error.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if error.retry_after:
        response["Retry-After"] = str(error.retry_after)
    return response


def render_error(request: HttpRequest, error: LandmarksError, page: str = "") -> HttpResponse:
    """The error as JSON or as a page, by default the page of its status."""
    metrics.count_rejection(error.code, error.status)
    if prefers_json(request):
        return JsonResponse(error_body(error), status=error.status)
    context = {"reason": error.message, "status": error.status, "request_id": request_id.current()}
    return render(request, page or page_for(error.status), context, status=error.status)


def error_body(error: LandmarksError) -> ErrorBody:
    return {
        "success": False,
        "error": {"code": error.code, "message": error.message},
        "trace_id": request_id.current(),
    }


def prefers_json(request: HttpRequest) -> bool:
    if is_api_request(request):
        return True
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def is_api_request(request: HttpRequest) -> bool:
    return f"{request.path_info}/".startswith(API_PATHS)


def page_for(status: int) -> str:
    known = status if status in PAGES else 400 if status < 500 else 500
    return f"{known}.html"
