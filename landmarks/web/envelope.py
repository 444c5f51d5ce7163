"""What a program is answered where a person is led to a page: where that is, and in words what was found."""

from django.http import HttpResponse, JsonResponse


def arrival(page: HttpResponse, words: str) -> JsonResponse:
    """Instead of a redirect."""
    address = page.headers["Location"]
    return JsonResponse({"url": address, "words": words}, status=201, headers={"Location": address})
