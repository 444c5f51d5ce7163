"""The keyboard shortcuts of all pages; on a page that has some, a dialog shows its part of this one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from landmarks.http.methods import require_safe
from landmarks.web.presenters.shortcuts import PAGES


@require_safe
def shortcuts(request: HttpRequest) -> HttpResponse:
    return render(request, "landmarks/shortcuts.html", {"pages": PAGES})
