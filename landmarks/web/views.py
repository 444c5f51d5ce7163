"""The pages: submit a photo, look at a result, find it again, take it away, delete it."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import split_domain_port
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from landmarks import service
from landmarks.drawing.style import Style
from landmarks.drawing.svg import draw_symbols
from landmarks.errors import FetchError, LandmarksError, PhotoError, StorageError
from landmarks.intake.formats import ACCEPT_ATTRIBUTE, ACCEPTED_LABELS, ACCEPTED_SUFFIXES
from landmarks.models import Result, ResultQuerySet
from landmarks.web import consent, envelope, history, offers, plate, words
from landmarks.web.forms import PlateForm, Sent, StyleForm, SubmitForm
from landmarks.web.owner import give_owner, owner_of
from landmarks.web.samples import SAMPLES

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
FILE_POLICY = "default-src 'none'; sandbox"
"""For files that are opened on their own: they run, load and submit nothing."""
JPEG = "image/jpeg"
TOLD = 5
"""Refusals that are told one by one."""

# --- submitting ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Refusal:
    """A photo that was not taken, and why."""

    source: Sent
    error: LandmarksError


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest) -> HttpResponse:
    owner = give_owner(request)
    if request.method != "POST":
        return show_form(request, SubmitForm(), 200)
    form = SubmitForm(request.POST, request.FILES)
    if not form.is_valid():
        return (
            envelope.refusal(form.refusal(), request) if envelope.asks_json(request) else show_form(request, form, 400)
        )
    # Whoever chose where a photo goes is not asked anew, let alone overruled by the default, for the next one.
    request.session[consent.KEY] = form.cleaned_data["engine"]
    kept, refused = send_all(form.sources(), owner)
    if not kept:
        return refuse(request, form, refused)
    tell_of(request, refused)
    if form.is_address_left_aside:
        messages.info(request, "A photo was chosen, so the address was left aside. Send it on its own.")
    return lead_to(request, kept, is_alone=len(kept) + len(refused) == 1)


def lead_to(request: HttpRequest, kept: list[Result], *, is_alone: bool) -> HttpResponse:
    """To the result, or to the history where several photos were sent."""
    page = see_other("landmarks:result-detail", kept[0].pk) if is_alone else see_other("landmarks:result-list")
    if not envelope.asks_json(request):
        return page
    return envelope.arrival(page, words.outcome(kept[0]) if is_alone else "")


def send_all(sources: list[Sent], owner: str) -> tuple[list[Result], list[Refusal]]:
    kept, refused = [], []
    for source in sources:
        try:
            kept.append(source.submit(owner))
        except (PhotoError, FetchError, StorageError) as exc:
            refused.append(Refusal(source, exc))
    return kept, refused


def tell_of(request: HttpRequest, refused: list[Refusal]) -> None:
    """A message for each of the first refusals: the cookie that carries them has no room for hundreds."""
    for refusal in refused[:TOLD]:
        messages.error(request, f"{refusal.source.name[:80]}: {refusal.error.message}")
    if len(refused) > TOLD:
        messages.error(request, f"{len(refused) - TOLD} more photos were refused. Send them again to see why.")


def refuse(request: HttpRequest, form: SubmitForm, refused: list[Refusal]) -> HttpResponse:
    """The form again, with each photo's reason beside the field it came in by; to a program, the first reason."""
    if envelope.asks_json(request):
        return envelope.refusal(refused[0].error, request)
    for refusal in refused:
        message = refusal.error.message
        named = len(refused) > 1
        form.add_error(refusal.source.field, f"{refusal.source.name}: {message}" if named else message)
    statuses = {refusal.error.status for refusal in refused}
    return show_form(request, form, statuses.pop() if len(statuses) == 1 else 400)


def show_form(request: HttpRequest, form: SubmitForm, status: int) -> HttpResponse:
    context = {"form": form, "samples": SAMPLES, **zone_facts(request, form["engine"].value())}
    return render(request, "landmarks/submit.html", context, status=status)


def zone_facts(request: HttpRequest, sent: str | None = None) -> dict[str, Any]:
    """What the drop zone, the choice of engine and the notice say; `sent` is the choice in a form that comes back."""
    domain, _ = split_domain_port(request.get_host())
    place = "computer" if domain in LOOPBACK else "server"
    choices = consent.choices(place, sent or request.session.get(consent.KEY))
    return {
        "accept": ACCEPT_ATTRIBUTE,
        "formats": ACCEPTED_LABELS,
        "endings": " ".join(sorted(ACCEPTED_SUFFIXES)),
        "max_upload_mb": service.max_upload_mb(),
        "choices": choices,
        "engine": next(choice for choice in choices if choice.is_chosen),
        "place": place,
        "is_shared": service.is_history_shared(),
    }


# --- looking ---------------------------------------------------------------------------------------------------------


def results_of(request: HttpRequest) -> ResultQuerySet:
    return service.results_seen_by(owner_of(request))


def result_or_404(request: HttpRequest, id: uuid.UUID) -> Result:
    return get_object_or_404(results_of(request).select_related("photo"), pk=id)


@require_safe
def result_list(request: HttpRequest) -> HttpResponse:
    before = request.GET.get("before")
    try:
        page = history.read_page(results_of(request), before)
    except ValueError:
        return refuse_address(request, "This is no place in the history. Go back to its first page.")
    if not page.days and before is None:
        give_owner(request)  # this page has a form, too
        context = {"symbols": draw_symbols(), "constellation": plate.CONSTELLATION, **zone_facts(request)}
        return render(request, "landmarks/result_list_empty.html", context)
    return render(request, "landmarks/result_list.html", {"page": page, "before": before})


@require_safe
def result_detail(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    result = result_or_404(request, id)
    form = PlateForm(request.GET, result.face_count)
    if not form.is_valid():
        return refuse_address(request, form.sentence())
    context = {
        "result": result,
        "facts": words.facts(result),
        "engine_label": words.engine_label(result.engine),
        "formats": service.export_formats(),
        "is_shared": service.is_history_shared(),
        "neighbours": history.neighbours(results_of(request), result),
    }
    context["others"] = offers.others(result, results_of(request))
    if result.is_failed:
        return render(request, "landmarks/result_failed.html", context | {"same": offers.same_again(result)})
    if not result.face_count:
        context |= {"likeliest_spot": words.likeliest_spot(result), "attempts": words.attempts(result)}
        return render(request, "landmarks/result_without_faces.html", context)
    return render(request, "landmarks/result_detail.html", context | plate_of(result, form))


def plate_of(result: Result, form: PlateForm) -> dict[str, Any]:
    """Everything on the page that is drawn or counted from the faces."""
    prefetch_related_objects([result], "faces")
    style, number = form.style(), form.face_number()
    faces = result.found_faces()
    if len(faces) < number:
        raise Http404("The result is being deleted.")
    face = faces[number - 1]
    view, close_up = plate.close_up(result, faces, number, style)
    return {
        "style": style,
        "symbols": draw_symbols(),
        "overlay": plate.overlay(result, faces, style, number),
        "legend": plate.legend(style),
        "number": number,
        "tabs": plate.tabs(result, faces, number),
        "view": view,
        "close_up": close_up,
        "figures": plate.figures(face, result.photo.width, result.photo.height),
        "answer": plate.short_answer(result),
        "rows": plate.table(face),
    }


def refuse_address(request: HttpRequest, reason: str) -> HttpResponse:
    return render(request, "400.html", {"reason": reason}, status=400)


# --- taking away and deleting ----------------------------------------------------------------------------------------


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
    return drawn(request, id, "image/png", "-points.png", service.draw)


@require_safe
def result_overlay_svg(request: HttpRequest, id: uuid.UUID) -> HttpResponseBase:
    return drawn(request, id, "image/svg+xml", "-points.svg", service.draw_vector)


def drawn(
    request: HttpRequest,
    id: uuid.UUID,
    content_type: str,
    suffix: str,
    draw: Callable[[Result, Style], bytes | str],
) -> HttpResponseBase:
    result = result_or_404(request, id)
    form = StyleForm(request.GET, result.face_count)
    if not form.is_valid():
        return HttpResponse(form.sentence(), content_type="text/plain; charset=utf-8", status=400)
    try:
        picture = draw(result, form.style())
    except FileNotFoundError as exc:
        raise Http404("The file is deleted or lost; sending the photo again restores it.") from exc
    return as_file(request, result, HttpResponse(picture, content_type=content_type), suffix)


@require_safe
def result_export(request: HttpRequest, id: uuid.UUID, format_name: str) -> HttpResponseBase:
    result = result_or_404(request, id)
    try:
        export = service.export(result, format_name)
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


@require_POST
def result_delete(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    result = result_or_404(request, id)
    try:
        service.delete(result)
    except StorageError as exc:
        messages.error(request, exc.message)
        return see_other("landmarks:result-detail", result.pk)
    messages.success(request, f"{result.name[:80]} is deleted.")
    return see_other("landmarks:result-list")


def see_other(name: str, *parts: object) -> HttpResponse:
    """303: the answer to a post is a page to get."""
    response = redirect(name, *parts)
    response.status_code = 303
    return response
