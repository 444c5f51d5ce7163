"""Where the name and the note of a result are written."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from landmarks.web.description import DescribeForm
from landmarks.web.views import result_or_404, results_of, see_other, show_result


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
