"""Measures of several results: a scatter of one of them, and the mean shape of their faces."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from landmarks.http.file_responses import FILE_POLICY
from landmarks.http.measure_query import MeasureQuery
from landmarks.http.methods import require_safe, require_safe_or_POST
from landmarks.http.selection import selected_by
from landmarks.models import ResultQuerySet
from landmarks.services import measuring
from landmarks.web.current_owner import owner_of, results_of
from landmarks.web.presenters.measured_selection import selection_context
from landmarks.web.responses import invalid_form
from landmarks.web.views.bulk import selected
from landmarks.web.views.exports import nothing_selected, selection_query

SVG = "image/svg+xml"


@require_safe_or_POST
def results_measures(request: HttpRequest) -> HttpResponse:
    """A form selects as on the page of the history, and is sent on to the address of the selection."""
    if request.method == "POST":
        if not selected(request).done().exists():
            return nothing_selected(request)
        query = selection_query(request).urlencode(safe=",")
        return HttpResponseRedirect(f"{reverse('landmarks:results-measures')}?{query}", status=303)
    form = MeasureQuery(request.GET)
    if not form.is_valid():
        return invalid_form(request, form)
    faces = measuring.largest_faces(selection(request))
    compared = measuring.compare(faces, form.name, form.length_unit)
    across = measuring.compare(faces, form.against, form.length_unit) if form.against else None
    context = selection_context(compared, across, form.length_unit, request.GET, len(faces) == measuring.MOST)
    return render(request, "landmarks/results_measures.html", context)


def selection(request: HttpRequest) -> ResultQuerySet:
    return selected_by(request.GET, owner_of(request), results_of(request))


@require_safe
def scatter_svg(request: HttpRequest) -> HttpResponse:
    form = MeasureQuery(request.GET)
    if not form.is_valid():
        return invalid_form(request, form)
    svg = measuring.scatter_svg(selection(request), form.name, form.length_unit, form.colours, form.against)
    return picture(svg, "scatter.svg")


@require_safe
def mean_shape_svg(request: HttpRequest) -> HttpResponse:
    return picture(measuring.mean_shape_svg(selection(request)), "mean-shape.svg")


def picture(svg: str, name: str) -> HttpResponse:
    response = HttpResponse(svg, content_type=SVG)
    response["Content-Security-Policy"] = FILE_POLICY
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
