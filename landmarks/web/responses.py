"""Responses that several views share."""

from collections.abc import Sequence

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from landmarks.core.errors import RequestInvalid
from landmarks.http.error_responses import error_response
from landmarks.http.history_query import key_of
from landmarks.http.query_fields import first_error
from landmarks.models import Result


def see_other(name: str, *arguments: object) -> HttpResponse:
    """Redirect with 303, so that the browser follows a POST with a GET."""
    response = redirect(name, *arguments)
    response.status_code = 303
    return response


def created(page: HttpResponse, text: str, results: Sequence[Result]) -> JsonResponse:
    """For scripts, instead of the redirect: the URL of the page, a short summary, and what was found in each photo.

    A failed run has no number of faces. The key names the result in a query of the history.
    """
    address = page.headers["Location"]
    found = [
        {"key": key_of(result.position), "faces": None if result.is_failed else result.face_count} for result in results
    ]
    return JsonResponse({"url": address, "words": text, "results": found}, status=201, headers={"Location": address})


def invalid_form(request: HttpRequest, form: BaseForm) -> HttpResponse:
    """An error response instead of the form with its errors."""
    return error_response(request, RequestInvalid("form_invalid", reason=first_error(form)))
