"""How a refusal is told: as a page, or in the vendor's envelope to a program that would rather have JSON."""

import logging
from typing import TypedDict

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from landmarks.core.errors import LandmarksError
from landmarks.runtime import request_id

logger = logging.getLogger(__name__)

PROGRAMS = ("/api/", "/face/")
"""Below these nobody looks at pages."""
PAGES = (400, 403, 404, 405, 413, 429, 500, 503)


class Cause(TypedDict):
    code: str
    message: str


class Envelope(TypedDict):
    """The vendor's form of an error; its trace id is the id of the request."""

    success: bool
    error: Cause
    trace_id: str


def refuse(request: HttpRequest, error: LandmarksError) -> HttpResponse:
    """The answer to a request that ends in this error."""
    if error.status >= 500:
        logger.warning("Answered %s %s: %s", error.status, error.code, error.detail or "-")
    response = tell(request, error.status, error.code, error.message)
    if error.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if error.retry_after:
        response["Retry-After"] = str(error.retry_after)
    return response


def tell(request: HttpRequest, status: int, code: str, message: str, page: str = "") -> HttpResponse:
    if prefers_json(request):
        return JsonResponse(envelope(code, message), status=status)
    context = {"reason": message, "status": status, "request_id": request_id.current()}
    return render(request, page or page_for(status), context, status=status)


def envelope(code: str, message: str) -> Envelope:
    return {"success": False, "error": {"code": code, "message": message}, "trace_id": request_id.current()}


def prefers_json(request: HttpRequest) -> bool:
    if is_for_programs(request):
        return True
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def is_for_programs(request: HttpRequest) -> bool:
    return f"{request.path_info}/".startswith(PROGRAMS)


def page_for(status: int) -> str:
    known = status if status in PAGES else 400 if status < 500 else 500
    return f"{known}.html"
