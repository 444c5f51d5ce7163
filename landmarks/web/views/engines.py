"""The page that says which engines work here, for whoever runs the site; it shows no tokens."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from landmarks.http.methods import require_safe
from landmarks.web.presenters.engine_status import engine_status


@require_safe
def engines(request: HttpRequest) -> HttpResponse:
    return render(request, "landmarks/engines.html", {"status": engine_status()})
