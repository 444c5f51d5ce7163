"""What a program is answered where a person is shown a page: where the result is, or a refusal in the vendor's form."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from landmarks.errors import LandmarksError


def asks_json(request: HttpRequest) -> bool:
    """Whether the client would rather have JSON; a browser that opens a page would not."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def arrival(page: HttpResponse, words: str) -> JsonResponse:
    """Instead of a redirect: where it leads, and in words what was found."""
    address = page.headers["Location"]
    return JsonResponse({"url": address, "words": words}, status=201, headers={"Location": address})


def refusal(error: LandmarksError, request: HttpRequest) -> JsonResponse:
    body = {
        "success": False,
        "error": {"code": error.code, "message": error.message},
        "trace_id": getattr(request, "id", ""),
    }
    return JsonResponse(body, status=error.status)
