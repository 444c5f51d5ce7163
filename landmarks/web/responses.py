"""Responses that several views give."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from landmarks.core.errors import RequestInvalid
from landmarks.http.error_responses import refuse


def see_other(name: str, *arguments: object) -> HttpResponse:
    """Redirect with 303, so that the browser follows a POST with a GET."""
    response = redirect(name, *arguments)
    response.status_code = 303
    return response


def created(page: HttpResponse, text: str) -> JsonResponse:
    """For scripts instead of that redirect: the address of the page, and in a few words what was found."""
    address = page.headers["Location"]
    return JsonResponse({"url": address, "words": text}, status=201, headers={"Location": address})


def bad_request(request: HttpRequest, message: str) -> HttpResponse:
    return refuse(request, RequestInvalid(message))
