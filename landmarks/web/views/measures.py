"""The measures of a result: a page, which is the panel of the result's page too, and files."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render

from landmarks.exports import measures
from landmarks.http.file_responses import as_file
from landmarks.http.methods import require_safe
from landmarks.models import Result
from landmarks.services.measuring import measured_faces
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
    result = result_or_404(request, id)
    faces = ((face.number, face.measures) for face in measured_faces(result))
    response = HttpResponse(measures.write_csv(result.name, faces), content_type="text/csv; charset=utf-8")
    return as_file(request, result, response, "-measures.csv", is_download=True)


@require_safe
def measures_json(request: HttpRequest, id: uuid.UUID) -> HttpResponseBase:
    result = result_or_404(request, id)
    response = JsonResponse(measures_of(result))
    return as_file(request, result, response, "-measures.json", is_download=True)


def measures_of(result: Result) -> dict[str, object]:
    faces = [measures.to_json(face.number, face.measures) for face in measured_faces(result)]
    return {"result": str(result.pk), "faces": faces}
