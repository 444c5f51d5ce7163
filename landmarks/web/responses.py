"""Responses that several views share."""

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from landmarks.core.errors import RequestInvalid
from landmarks.http.error_responses import error_response
from landmarks.http.query_fields import first_error


def see_other(name: str, *arguments: object) -> HttpResponse:
    """Redirect with 303, so that the browser follows a POST with a GET."""
    response = redirect(name, *arguments)
    response.status_code = 303
    return response


def created(page: HttpResponse, text: str) -> JsonResponse:
    """For scripts, instead of the redirect: the URL of the result page and a short summary."""
    address = page.headers["Location"]
    return JsonResponse({"url": address, "words": text}, status=201, headers={"Location": address})


def invalid_form(request: HttpRequest, form: BaseForm) -> HttpResponse:
    """An error response instead of the form with its errors."""
    return error_response(request, RequestInvalid("form_invalid", reason=first_error(form)))
