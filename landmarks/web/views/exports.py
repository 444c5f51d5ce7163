"""Exports of one result and of several, and the form in which one is chosen."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse

from landmarks.http.export_query import options_without
from landmarks.http.export_responses import export_one, export_several
from landmarks.http.methods import require_safe, require_safe_or_POST
from landmarks.http.selection import IDS, selected_by
from landmarks.services import exporting
from landmarks.services.exporting import format_called
from landmarks.web.current_owner import owner_of, result_or_404, results_of
from landmarks.web.forms.save_as import SaveAsForm, remember, remembered
from landmarks.web.presenters import save_as
from landmarks.web.responses import invalid_form
from landmarks.web.views.bulk import NOTHING_SELECTED, back_to_history, is_all, selected


@require_safe
def result_export(request: HttpRequest, id: uuid.UUID, format_name: str) -> HttpResponseBase:
    return export_one(request, result_or_404(request, id), format_name)


@require_safe_or_POST
def results_export(request: HttpRequest, format_name: str) -> HttpResponseBase:
    """A form selects as on the page of the history, an address by `ids` or by the filters."""
    if request.method == "POST":
        positions = exporting.positions_of(selected(request))
        if not positions:
            return nothing_selected(request)
    else:
        positions = exporting.positions_of(selected_by(request.GET, owner_of(request), results_of(request)))
    return export_several(request, positions, format_name)


def nothing_selected(request: HttpRequest) -> HttpResponse:
    has_failed = selected(request).exists()
    messages.error(request, "The engine failed for all selected results." if has_failed else NOTHING_SELECTED)
    return back_to_history(request)


# --- the form --------------------------------------------------------------------------------------------------------


@require_safe
def result_save(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    result = result_or_404(request, id)
    action = reverse("landmarks:result-export-chosen", args=[id])
    panel = save_as.for_result(result, remembered(request), action, request.GET)
    return render(request, "landmarks/save_as.html", {"panel": panel, "result": result})


@require_safe_or_POST
def results_save(request: HttpRequest) -> HttpResponse:
    """For the results that are selected on the page of the history, or by an address."""
    if request.method == "POST":
        results, query = selected(request), selection_query(request)
    else:
        results = selected_by(request.GET, owner_of(request), results_of(request))
        query = request.GET
    if not results.done().exists():
        return nothing_selected(request)
    panel = save_as.for_results(results, remembered(request), reverse("landmarks:results-export-chosen"), query)
    return render(request, "landmarks/save_as.html", {"panel": panel})


def selection_query(request: HttpRequest) -> QueryDict:
    """What a form selected, as the query of an address."""
    query = QueryDict(mutable=True)
    if is_all(request):
        query = request.GET.copy()
        query["all"] = request.POST["all"]
    else:
        query[IDS] = ",".join(str(id) for id in selected(request).values_list("pk", flat=True))
    return query


@require_safe
def result_export_chosen(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    result_or_404(request, id)
    return chosen(request, lambda name: reverse("landmarks:result-export", args=[id, name]))


@require_safe
def results_export_chosen(request: HttpRequest) -> HttpResponse:
    return chosen(request, lambda name: reverse("landmarks:results-export", args=[name]))


def chosen(request: HttpRequest, address: Callable[[str], str]) -> HttpResponse:
    """To the address of what was chosen, which scripts can use again."""
    form = SaveAsForm(request.GET)
    if not form.is_valid():
        return invalid_form(request, form)
    remember(request, form)
    query = request.GET.copy()
    for name in (*SaveAsForm.base_fields, *options_without(format_called(form.format_name()))):
        query.pop(name, None)
    query.update(form.options())
    location = address(form.format_name()) + (f"?{query.urlencode()}" if query else "")
    return HttpResponseRedirect(location, status=303)
