"""The page to try the API on: Swagger UI, as django-ninja's own package contains it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from landmarks.http.methods import require_safe

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        # Swagger UI writes styles into its elements, and its icons are in its style sheet.
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""Looser than that of the other pages; there is nothing of a visitor on this one."""


@require_safe
def try_out(request: HttpRequest) -> HttpResponse:
    settings: dict[str, Any] = {
        "url": reverse("api:openapi"),
        "layout": "BaseLayout",
        "deepLinking": True,
        # By default the address of the specification is sent to a validator of its makers.
        "validatorUrl": None,
        # A token is gone when the page is closed.
        "persistAuthorization": False,
    }
    response = render(request, "landmarks/api_try.html", {"settings": settings})
    response["Content-Security-Policy"] = POLICY
    return response
