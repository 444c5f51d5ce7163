"""The measures of a result: a page, which is the panel of the result's page too, and files."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from landmarks.http.export_responses import export_one
from landmarks.http.methods import require_safe
from landmarks.web.current_owner import result_or_404
from landmarks.web.forms.measures import MeasuresForm
from landmarks.web.presenters.measures import measures_context
from landmarks.web.responses import invalid_form, see_other


@require_safe
def result_measures(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    result = result_or_404(request, id)
    if not result.face_count:
        return see_other("landmarks:result-detail", id)  # which says so
    form = MeasuresForm(request.GET, result.face_count)
    if not form.is_valid():
        return invalid_form(request, form)
    faces, number = result.found_faces(), form.face_number()
    if len(faces) < number:
        raise Http404("The result is being deleted.")
    context = measures_context(faces[number - 1], number, form.chosen_unit())
    context |= {"result": result, "numbers": range(1, len(faces) + 1)}
    return render(request, "landmarks/result_measures.html", context)


@require_safe
def measures_csv(request: HttpRequest, id: uuid.UUID) -> HttpResponseBase:
    return export_one(request, result_or_404(request, id), "measures")


@require_safe
def measures_json(request: HttpRequest, id: uuid.UUID) -> HttpResponseBase:
    return export_one(request, result_or_404(request, id), "measures-json")
