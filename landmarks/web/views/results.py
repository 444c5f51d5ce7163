"""The history and the page of a result."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from landmarks.access import visibility
from landmarks.core.errors import RequestInvalid
from landmarks.drawing.svg import draw_symbols
from landmarks.http.error_responses import error_response, prefers_json
from landmarks.http.methods import require_POST, require_safe
from landmarks.http.site_path import site_root
from landmarks.models import Result
from landmarks.services import descriptions
from landmarks.web import undo
from landmarks.web.current_owner import owner_of, result_or_404, results_of, set_owner_key
from landmarks.web.forms.description import DescribeForm, describe_form
from landmarks.web.forms.viewer import ViewerForm
from landmarks.web.presenters import engine_options, history, snippets, text, viewer
from landmarks.web.presenters.history import FilterForm
from landmarks.web.presenters.side_by_side import FEWEST, MOST
from landmarks.web.presenters.upload_form import upload_context
from landmarks.web.responses import invalid_form, see_other

ANALYZE, RESULTS = "/face/analyze", "/api/results"
"""Where this site accepts the vendor's requests, and files."""


@require_safe
def result_list(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    if not form.is_valid() and prefers_json(request):
        return error_response(request, RequestInvalid("form_invalid", reason=" ".join(form.sentences())))
    set_owner_key(request)  # this page has forms too
    page = history.read_page(owner_of(request), form)
    context = {
        "page": page,
        "form": form,
        "storage_used": history.storage_used(owner_of(request)),
        "undo": undo.last_deletion(request),
        "compared": (FEWEST, MOST),
    }
    if page.is_empty:
        context |= {"symbols": draw_symbols(), "constellation": viewer.CONSTELLATION, **upload_context(request)}
        return render(request, "landmarks/result_list_empty.html", context)
    return render(request, "landmarks/result_list.html", context, status=200 if form.is_valid() else 400)


@require_safe
def result_detail(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    return show_result(request, result_or_404(request, id))


def show_result(request: HttpRequest, result: Result, invalid: DescribeForm | None = None) -> HttpResponse:
    """The page of a result; `invalid` is a form that was sent, with its errors."""
    form = ViewerForm(request.GET, result.face_count)
    if not form.is_valid():
        return invalid_form(request, form)
    context = {
        "result": result,
        "describe_form": invalid or describe_form(result),
        "summary": text.summary(result),
        "engine_label": text.engine_label(result.engine),
        "is_shared": visibility.is_history_shared(),
        "filters": (filters := FilterForm(request.GET)),
        "neighbours": history.neighbours(owner_of(request), result, filters),
    }
    context["other_engines"] = engine_options.other_engines(result, results_of(request), owner_of(request))
    context["run_options"] = engine_options.run_options(result, owner_of(request))
    context["both_runs"] = engine_options.both_runs(result, results_of(request))
    status = 400 if invalid else 200
    if result.is_failed:
        context["retry_option"] = engine_options.retry_option(result, owner_of(request))
        return render(request, "landmarks/result_failed.html", context, status=status)
    if result.face_count:
        context |= viewer.viewer_context(result, form)
    context["rotation_option"] = engine_options.rotation_option(result, results_of(request), owner_of(request))
    if not result.face_count:
        context |= {"best_candidate": text.best_candidate(result), "attempts": text.attempts(result)}
        return render(request, "landmarks/result_without_faces.html", context, status=status)
    address = visibility.shown_address(result, owner_of(request))
    urls = site_root(request) + ANALYZE, site_root(request) + RESULTS
    context["snippets"] = snippets.snippets(result, address, *urls)
    return render(request, "landmarks/result_detail.html", context, status=status)


@require_POST
def result_describe(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    result = result_or_404(request, id)
    form = DescribeForm(request.POST)
    if not form.is_valid():
        return show_result(request, result, form)
    descriptions.describe(result, **form.cleaned_data)
    response = see_other("landmarks:result-detail", id)
    if view := request.GET.urlencode():
        response["Location"] += f"?{view}"
    return response
