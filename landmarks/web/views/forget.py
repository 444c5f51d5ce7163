"""Forgetting a browser: it loses the key to its results, which it may delete first."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.utils import timezone

from landmarks.access import visibility
from landmarks.core.errors import StorageError
from landmarks.http.error_responses import prefers_json
from landmarks.http.methods import require_safe_or_POST
from landmarks.models import Result
from landmarks.storage import collections, deletion
from landmarks.web.current_owner import owner_of
from landmarks.web.responses import see_other


@require_safe_or_POST
def forget_browser(request: HttpRequest) -> HttpResponse:
    """What it means, and then, when that is confirmed, the deed."""
    owner = owner_of(request)
    # Its own, also where the history is shared.
    results = Result.objects.kept().owned_by(owner) if owner else Result.objects.none().kept()
    if request.method != "POST":
        context = {"count": results.count(), "is_shared": visibility.is_history_shared()}
        return render(request, "landmarks/forget_browser.html", context)
    count = 0
    if "delete" in request.POST:
        try:
            # First what waits, which would become results.
            if owner:
                collections.delete_all(owner)
            count = deletion.mark_deleted(results, timezone.now())
        except StorageError as exc:
            if prefers_json(request):
                raise
            messages.error(request, exc.message)
            return see_other("landmarks:forget-browser")
    request.session.flush()
    rotate_token(request)
    deleted = f" {count} result{'' if count == 1 else 's'} deleted." if count else ""
    messages.success(request, f"This browser is forgotten.{deleted}")
    return see_other("landmarks:submit")
