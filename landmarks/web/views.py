"""The pages of results: look at one, find it again, take it away, delete it."""

import uuid
from collections.abc import Callable
from pathlib import PurePath
from typing import IO

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from landmarks import output, service
from landmarks.drawing.style import Style
from landmarks.drawing.svg import draw_symbols
from landmarks.errors import RequestInvalid
from landmarks.models import Result, ResultQuerySet
from landmarks.web import examples, history, offers, plate, shortcuts, undo, words
from landmarks.web.description import DescribeForm, described
from landmarks.web.filters import FilterForm
from landmarks.web.forms import PlateForm, StyleForm
from landmarks.web.owner import give_owner, owner_of
from landmarks.web.refusals import prefers_json
from landmarks.web.refusals import refuse as refuse_request
from landmarks.web.zone import zone_facts

FILE_POLICY = "default-src 'none'; sandbox"
"""For files that are opened on their own: they run, load and submit nothing."""
JPEG = "image/jpeg"
ANALYZE = "/face/analyze"
"""Where the API of this site takes requests in the vendor's form."""

# --- looking ---------------------------------------------------------------------------------------------------------


def results_of(request: HttpRequest) -> ResultQuerySet:
    return service.results_seen_by(owner_of(request))


def result_or_404(request: HttpRequest, id: uuid.UUID) -> Result:
    return get_object_or_404(results_of(request).select_related("photo"), pk=id)


@require_safe
def result_list(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    if not form.is_valid() and prefers_json(request):
        return refuse_address(request, " ".join(form.sentences()))
    owner = give_owner(request)  # this page has forms, too
    page = history.read_page(owner, form)
    context = {
        "page": page,
        "form": form,
        "undo": undo.of(request),
        "formats": output.export_formats(),
        "shortcuts": shortcuts.HISTORY,
    }
    if page.is_empty:
        context |= {"symbols": draw_symbols(), "constellation": plate.CONSTELLATION, **zone_facts(request)}
        return render(request, "landmarks/result_list_empty.html", context)
    return render(request, "landmarks/result_list.html", context, status=200 if form.is_valid() else 400)


@require_safe
def result_detail(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    return show_result(request, result_or_404(request, id))


def show_result(request: HttpRequest, result: Result, refused: DescribeForm | None = None) -> HttpResponse:
    """The page of a result; `refused` is a name and note as they were sent, with what is wrong with them."""
    form = PlateForm(request.GET, result.face_count)
    if not form.is_valid():
        return refuse_address(request, form.sentence())
    context = {
        "result": result,
        "describe": refused or described(result),
        "shortcuts": shortcuts.RESULT,
        "facts": words.facts(result),
        "engine_label": words.engine_label(result.engine),
        "formats": output.export_formats(),
        "is_shared": service.is_history_shared(),
        "filters": (filters := FilterForm(request.GET)),
        "neighbours": history.neighbours(owner_of(request), result, filters),
    }
    context["others"] = offers.others(result, results_of(request))
    context["runs"] = offers.runs(result)
    context["both_runs"] = offers.both_runs(result, results_of(request))
    status = 400 if refused else 200
    if result.is_failed:
        context["same"] = offers.same_again(result)
        return render(request, "landmarks/result_failed.html", context, status=status)
    if not result.face_count:
        context |= {"likeliest_spot": words.likeliest_spot(result), "attempts": words.attempts(result)}
        return render(request, "landmarks/result_without_faces.html", context, status=status)
    context["examples"] = examples.examples(result, request.build_absolute_uri(ANALYZE))
    return render(request, "landmarks/result_detail.html", context | plate.plate_of(result, form), status=status)


def refuse_address(request: HttpRequest, reason: str) -> HttpResponse:
    return refuse_request(request, RequestInvalid(reason))


# --- taking away ------------------------------------------------------------------------------------------------------


@require_safe
def result_photo(request: HttpRequest, id: uuid.UUID) -> HttpResponseBase:
    result = result_or_404(request, id)
    return as_file(request, result, stored(result.photo.file), ".jpg")


@require_safe
def result_thumbnail(request: HttpRequest, id: uuid.UUID) -> HttpResponseBase:
    result = result_or_404(request, id)
    return as_file(request, result, stored(result.thumbnail), "-thumbnail.jpg")


def stored(file: FieldFile) -> FileResponse:
    try:
        return FileResponse(file.open("rb"), content_type=JPEG)
    except FileNotFoundError as exc:
        raise Http404("The file is deleted or lost; sending the photo again restores it.") from exc


@require_safe
def result_overlay_png(request: HttpRequest, id: uuid.UUID) -> HttpResponseBase:
    return drawn(request, id, "image/png", "-points.png", output.draw, FileResponse)


@require_safe
def result_overlay_svg(request: HttpRequest, id: uuid.UUID) -> HttpResponseBase:
    return drawn(request, id, "image/svg+xml", "-points.svg", output.draw_vector, HttpResponse)


def drawn(
    request: HttpRequest,
    id: uuid.UUID,
    content_type: str,
    suffix: str,
    draw: Callable[[Result, Style], IO[bytes] | str],
    answer: type[FileResponse | HttpResponse],
) -> HttpResponseBase:
    result = result_or_404(request, id)
    form = StyleForm(request.GET, result.face_count)
    if not form.is_valid() and prefers_json(request):
        return refuse_address(request, form.sentence())
    if not form.is_valid():
        return HttpResponse(form.sentence(), content_type="text/plain; charset=utf-8", status=400)
    try:
        picture = draw(result, form.style())
    except FileNotFoundError as exc:
        raise Http404("The file is deleted or lost; sending the photo again restores it.") from exc
    return as_file(request, result, answer(picture, content_type=content_type), suffix)


@require_safe
def result_export(request: HttpRequest, id: uuid.UUID, format_name: str) -> HttpResponseBase:
    result = result_or_404(request, id)
    try:
        export = output.export(result, format_name)
    except KeyError as exc:
        raise Http404(f"There is no format {format_name!r}.") from exc
    response = HttpResponse(export.content, content_type=export.content_type)
    return as_file(request, result, response, export.suffix, is_download=True)


def as_file(
    request: HttpRequest, result: Result, response: HttpResponseBase, suffix: str, *, is_download: bool = False
) -> HttpResponseBase:
    """A file that opens harmlessly on its own, or is saved under the photo's name where that is asked for."""
    response["Content-Security-Policy"] = FILE_POLICY
    is_saved = is_download or "download" in request.GET
    response["Content-Disposition"] = content_disposition_header(is_saved, file_stem(result) + suffix) or "inline"
    return response


def file_stem(result: Result) -> str:
    stem = PurePath(result.name.replace("\\", "/")).stem
    return "".join(filter(str.isprintable, stem))[:100] or "photo"


def see_other(name: str, *parts: object) -> HttpResponse:
    """303: the answer to a post is a page to get."""
    response = redirect(name, *parts)
    response.status_code = 303
    return response
