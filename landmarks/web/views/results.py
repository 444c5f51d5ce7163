"""The pages of results: look at one, find it again, take it away, delete it."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from landmarks.access import visibility
from landmarks.core.errors import RequestInvalid
from landmarks.drawing.svg import draw_symbols
from landmarks.http.error_responses import error_response, prefers_json
from landmarks.models import Result
from landmarks.services import exporting
from landmarks.web import undo
from landmarks.web.current_owner import give_owner, owner_of, result_or_404, results_of
from landmarks.web.forms.description import DescribeForm, described
from landmarks.web.forms.style import ViewerForm
from landmarks.web.presenters import engine_options, history, shortcuts, snippets, text, viewer
from landmarks.web.presenters.history import FilterForm
from landmarks.web.presenters.upload_form import zone_facts
from landmarks.web.responses import see_other

ANALYZE = "/face/analyze"
"""Where the API of this site takes requests in the vendor's form."""

# --- looking ---------------------------------------------------------------------------------------------------------


@require_safe
def result_list(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    if not form.is_valid() and prefers_json(request):
        return error_response(request, RequestInvalid("form_invalid", reason=" ".join(form.sentences())))
    owner = give_owner(request)  # this page has forms, too
    page = history.read_page(owner, form)
    context = {
        "page": page,
        "form": form,
        "undo": undo.of(request),
        "formats": exporting.export_formats(),
        "shortcuts": shortcuts.HISTORY,
    }
    if page.is_empty:
        context |= {"symbols": draw_symbols(), "constellation": viewer.CONSTELLATION, **zone_facts(request)}
        return render(request, "landmarks/result_list_empty.html", context)
    return render(request, "landmarks/result_list.html", context, status=200 if form.is_valid() else 400)


@require_safe
def result_detail(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    return show_result(request, result_or_404(request, id))


def show_result(request: HttpRequest, result: Result, refused: DescribeForm | None = None) -> HttpResponse:
    """The page of a result; `refused` is a name and note as they were sent, with what is wrong with them."""
    form = ViewerForm(request.GET, result.face_count)
    if not form.is_valid():
        return error_response(request, RequestInvalid("form_invalid", reason=form.sentence()))
    context = {
        "result": result,
        "describe": refused or described(result),
        "shortcuts": shortcuts.RESULT,
        "facts": text.facts(result),
        "engine_label": text.engine_label(result.engine),
        "formats": exporting.export_formats(),
        "is_shared": visibility.is_history_shared(),
        "filters": (filters := FilterForm(request.GET)),
        "neighbours": history.neighbours(owner_of(request), result, filters),
    }
    context["others"] = engine_options.others(result, results_of(request))
    context["runs"] = engine_options.runs(result)
    context["both_runs"] = engine_options.both_runs(result, results_of(request))
    status = 400 if refused else 200
    if result.is_failed:
        context["same"] = engine_options.same_again(result)
        return render(request, "landmarks/result_failed.html", context, status=status)
    if not result.face_count:
        context |= {"likeliest_spot": text.likeliest_spot(result), "attempts": text.attempts(result)}
        return render(request, "landmarks/result_without_faces.html", context, status=status)
    context["examples"] = snippets.examples(result, request.build_absolute_uri(ANALYZE))
    return render(request, "landmarks/result_detail.html", context | viewer.plate_of(result, form), status=status)


# --- taking away ------------------------------------------------------------------------------------------------------


@require_POST
def result_describe(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    result = result_or_404(request, id)
    form = DescribeForm(request.POST)
    if not form.is_valid():
        return show_result(request, result, form)
    if not results_of(request).filter(pk=id).update(**form.cleaned_data):
        raise Http404("The result was deleted meanwhile.")
    response = see_other("landmarks:result-detail", id)
    if view := request.GET.urlencode():
        response["Location"] += f"?{view}"
    return response
