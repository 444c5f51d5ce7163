"""Running an engine on a stored photo again, and comparing results."""

import uuid
from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from landmarks.core.errors import PhotoError, RequestInvalid, StorageError, StorageFull
from landmarks.drawing.svg import draw_symbols
from landmarks.http.client_ip import count_photo
from landmarks.http.error_responses import error_response, prefers_json
from landmarks.http.methods import require_POST, require_safe, require_safe_or_POST
from landmarks.http.selection import IDS, with_ids
from landmarks.models import Result
from landmarks.services import engines, runs
from landmarks.web.current_owner import owner_of, result_or_404, results_of
from landmarks.web.forms.submit import RunAgainForm
from landmarks.web.presenters import comparison, engine_options
from landmarks.web.presenters.side_by_side import FEWEST, MOST, side_by_side
from landmarks.web.presenters.viewer_data import drawing_data
from landmarks.web.responses import invalid_form, see_other
from landmarks.web.views.bulk import back_to_history, selected


@require_POST
def result_again(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Run an engine on the photo of a result; for a comparison, only if that engine has not run on it yet."""
    result = result_or_404(request, id)
    name, is_comparison = request.POST.get("engine", ""), "compare" in request.POST
    if name not in engines.engine_names():
        return error_response(request, RequestInvalid("engine_not_here"))
    form = RunAgainForm(request.POST)
    if not form.is_valid():
        return invalid_form(request, form)
    run = engine_options.results_of_others(result, results_of(request)).get(name) if is_comparison else None
    try:
        if run is None:
            count_photo(request)
            run = runs.run_again(result, name, form.options(result), by=owner_of(request))
    except StorageFull:
        raise
    except (PhotoError, StorageError) as exc:
        if prefers_json(request):
            raise
        messages.error(request, exc.message)
        return see_other("landmarks:result-detail", result.pk)
    if is_comparison and are_comparable(result, run):
        return see_other("landmarks:result-compare", result.pk, run.pk)
    return see_other("landmarks:result-detail", run.pk)


def are_comparable(one: Result, other: Result) -> bool:
    return one.photo_id == other.photo_id and one.pk != other.pk and not (one.is_failed or other.is_failed)


@require_safe
def result_compare(request: HttpRequest, id: uuid.UUID, other: uuid.UUID) -> HttpResponse:
    first, second = result_or_404(request, id), result_or_404(request, other)
    if not are_comparable(first, second):
        raise Http404("These are not two results of the same photo.")
    context = {
        "result": first,
        "symbols": draw_symbols(),
        "comparison": comparison.compare_results(first, second),
        "viewer_data": drawing_data(),
    }
    return render(request, "landmarks/result_compare.html", context)


@require_safe_or_POST
def results_compare(request: HttpRequest) -> HttpResponse:
    """Selected results side by side. A form names them by `result`, and the address that it leads to by `ids`."""
    is_sent = request.method == "POST"
    ids = request.GET.get(IDS, "").split(",")
    chosen = selected(request) if is_sent else with_ids(results_of(request), filter(None, ids))
    results = sorted(chosen.select_related("photo")[: MOST + 1], key=lambda result: result.created)
    if obstacle := why_not(results):
        messages.error(request, obstacle)
        return back_to_history(request)
    if len(results) == FEWEST and are_comparable(*results):
        return see_other("landmarks:result-compare", *(result.pk for result in results))
    if is_sent:
        response = see_other("landmarks:results-compare")
        response["Location"] += f"?{IDS}={','.join(str(result.pk) for result in results)}"
        return response
    context = {"compared": side_by_side(results), "symbols": draw_symbols(), "viewer_data": drawing_data()}
    return render(request, "landmarks/results_compare.html", context)


def why_not(results: Sequence[Result]) -> str:
    """Why these cannot be compared; empty if they can."""
    if not FEWEST <= len(results) <= MOST:
        return f"Select {FEWEST} to {MOST} results to compare them."
    if without := [result.name for result in results if not result.face_count]:
        return f"There is no face to compare in {', '.join(without)}."
    return ""
