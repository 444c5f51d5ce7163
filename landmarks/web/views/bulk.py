"""Actions on one or several results: delete, restore."""

import uuid
from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from landmarks.access import visibility
from landmarks.core.errors import RequestInvalid, StorageError
from landmarks.http.error_responses import error_response, prefers_json
from landmarks.http.methods import require_POST
from landmarks.http.selection import parse_id, parse_position
from landmarks.models import ResultQuerySet
from landmarks.services import selections
from landmarks.storage import deletion
from landmarks.storage.result_counts import Count
from landmarks.web import undo
from landmarks.web.current_owner import owner_of, result_or_404, results_of
from landmarks.web.presenters.history import PAGE_SIZE, FilterForm
from landmarks.web.responses import see_other

NOTHING_SELECTED = "Nothing is selected. Select some results first."


@require_POST
def result_delete(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    result = result_or_404(request, id)
    if not delete(request, results_of(request).filter(pk=id)):
        return see_other("landmarks:result-detail", result.pk)
    return back_to_history(request)


@require_POST
def results_delete(request: HttpRequest) -> HttpResponse:
    """Those on a page at once; more of them when their number is confirmed, and step by step for a script."""
    results = selected(request)
    if is_all(request) and prefers_json(request):
        return delete_some(request, results)
    if is_all(request) and "confirmed" not in request.POST and (count := results.count()) > PAGE_SIZE:
        context = {"count": Count(count), "newest": request.POST["all"], "form": FilterForm(request.GET)}
        return render(request, "landmarks/results_delete.html", context)
    delete(request, results)
    return back_to_history(request)


def delete_some(request: HttpRequest, results: ResultQuerySet) -> HttpResponse:
    """One step; a request with `continue` goes on with the last one."""
    last = undo.last_deletion(request) if "continue" in request.POST else None
    began = datetime.fromisoformat(last.moment) if last else None
    step = next(selections.delete_in_steps(results, owner_of(request), began))
    if step.count:
        undo.remember(request, step.moment, step.count)
    location = back_to_history(request)["Location"]
    return JsonResponse({"deleted": step.count, "finished": step.is_finished, "url": location})


def delete(request: HttpRequest, results: ResultQuerySet) -> bool:
    """Whether they are deleted; if not, a message says why."""
    try:
        *_, last = selections.delete_in_steps(results, owner_of(request))
    except StorageError as exc:
        if prefers_json(request):
            raise
        messages.error(request, exc.message)
        return False
    if not last.count:
        messages.error(request, NOTHING_SELECTED)
        return False
    undo.remember(request, last.moment, last.count)
    return True


@require_POST
def result_restore(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    try:
        if restore(request, visibility.visible_results_with_deleted(owner_of(request)).filter(pk=id)):
            return see_other("landmarks:result-detail", id)
    except StorageError as exc:
        if prefers_json(request):
            raise
        messages.error(request, exc.message)
        return back_to_history(request)
    raise Http404("This deletion does not exist or can no longer be undone.")


@require_POST
def results_restore(request: HttpRequest) -> HttpResponse:
    """Undo one deletion, of however many results."""
    moment = parse_moment(request.POST.get("moment", ""))
    if moment is None:
        return error_response(request, RequestInvalid("deletion_unknown"))
    try:
        count = restore(request, visibility.visible_results_with_deleted(owner_of(request)).filter(deleted=moment))
    except StorageError as exc:
        if prefers_json(request):
            raise
        messages.error(request, exc.message)
        return back_to_history(request)
    if count:
        messages.success(request, "1 result restored." if count == 1 else f"{count} results restored.")
    else:
        messages.error(request, "This deletion can no longer be undone. The photos and their points are gone.")
    return back_to_history(request)


def restore(request: HttpRequest, results: ResultQuerySet) -> int:
    count = deletion.restore(results, timezone.now())
    undo.forget(request)
    return count


def parse_moment(text: str) -> datetime | None:
    """A moment in UTC, as the database compares it; None for anything else."""
    try:
        moment = parse_datetime(text)
        return moment.astimezone(UTC) if moment and timezone.is_aware(moment) else None
    except (ValueError, OverflowError):  # a first or last day of the calendar may have no moment in UTC
        return None


def is_all(request: HttpRequest) -> bool:
    return "all" in request.POST


def selected(request: HttpRequest) -> ResultQuerySet:
    """The selected results that are visible to this browser: by their ids, or all that match the filters.

    `all` is the position of the newest when they were selected: what came later was not seen, and is not selected.
    """
    if is_all(request):
        form, newest = FilterForm(request.GET), parse_position(request.POST["all"])
        if not form.is_valid() or newest is None:
            return results_of(request).none()
        return selections.all_that_match(owner_of(request), form.filters(), newest)
    return results_of(request).filter(pk__in=[id for text in request.POST.getlist("result") if (id := parse_id(text))])


def back_to_history(request: HttpRequest) -> HttpResponse:
    """The same page of the history, with its filters; the first one if all pages were selected."""
    form = FilterForm(request.GET)
    response = see_other("landmarks:result-list")
    response["Location"] = reverse("landmarks:result-list") + (
        form.query() if is_all(request) else form.query_of_page()
    )
    return response
