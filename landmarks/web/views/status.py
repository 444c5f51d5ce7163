"""The page that says how the site fares, for whoever runs it and reaches it directly."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from landmarks.http.direct import require_direct
from landmarks.http.methods import require_safe
from landmarks.web.presenters.site_status import site_status


@never_cache
@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """404 unless METRICS is on, and for whoever comes through a proxy."""
    require_direct(request)
    return render(request, "landmarks/status.html", {"status": site_status()})
