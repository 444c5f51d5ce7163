"""What a program is answered where a person is led to a page: where that is, and in words what was found."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from landmarks.core.errors import RequestInvalid
from landmarks.http.error_responses import refuse as refuse_request


def arrival(page: HttpResponse, words: str) -> JsonResponse:
    """Instead of a redirect."""
    address = page.headers["Location"]
    return JsonResponse({"url": address, "words": words}, status=201, headers={"Location": address})


def refuse_address(request: HttpRequest, reason: str) -> HttpResponse:
    return refuse_request(request, RequestInvalid(reason))


def see_other(name: str, *parts: object) -> HttpResponse:
    """303: the answer to a post is a page to get."""
    response = redirect(name, *parts)
    response.status_code = 303
    return response
