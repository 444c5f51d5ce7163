"""What a program is answered where a person is led to a page: where that is, and in words what was found."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect


def arrival(page: HttpResponse, words: str) -> JsonResponse:
    """Instead of a redirect."""
    address = page.headers["Location"]
    return JsonResponse({"url": address, "words": words}, status=201, headers={"Location": address})


def see_other(name: str, *parts: object) -> HttpResponse:
    """303: the answer to a post is a page to get."""
    response = redirect(name, *parts)
    response.status_code = 303
    return response
