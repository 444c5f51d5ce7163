"""The page that takes photos in, and what becomes of those that are sent."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from landmarks.core.errors import LandmarksError
from landmarks.http.client_ip import count_photo
from landmarks.http.error_responses import error_response, prefers_json
from landmarks.models import Result
from landmarks.web import responses
from landmarks.web.current_owner import give_owner
from landmarks.web.forms.submit import Sent, SubmitForm
from landmarks.web.presenters import engine_options, text
from landmarks.web.presenters.upload_form import zone_facts
from landmarks.web.responses import see_other
from landmarks.web.samples import SAMPLES

TOLD = 5
"""Refusals that are told one by one."""


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
        return refuse(request, form, [])
    # Whoever chose where a photo goes is not asked anew, let alone overruled by the default, for the next one.
    request.session[engine_options.KEY] = form.cleaned_data["engine"]
    kept, refused = send_all(request, form.sources(), owner)
    if not kept:
        return refuse(request, form, refused)
    tell_of(request, refused)
    if form.is_address_left_aside:
        messages.info(request, "A photo was chosen, so the address was left aside. Send it on its own.")
    return lead_to(request, kept, is_alone=len(kept) + len(refused) == 1)


def lead_to(request: HttpRequest, kept: list[Result], *, is_alone: bool) -> HttpResponse:
    """To the result, or to the history where several photos were sent."""
    page = see_other("landmarks:result-detail", kept[0].pk) if is_alone else see_other("landmarks:result-list")
    if not prefers_json(request):
        return page
    return responses.arrival(page, text.outcome(kept[0]) if is_alone else "")


def send_all(request: HttpRequest, sources: list[Sent], owner: str) -> tuple[list[Result], list[Refusal]]:
    kept, refused = [], []
    for source in sources:
        try:
            count_photo(request)
            kept.append(source.submit(owner))
        except LandmarksError as exc:
            refused.append(Refusal(source, without_trace(exc)))
    return kept, refused


def without_trace(error: LandmarksError) -> LandmarksError:
    """The error without the frames that it came through: they hold the bytes and the picture of a photo each."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


def tell_of(request: HttpRequest, refused: list[Refusal]) -> None:
    """A message for each of the first refusals: the cookie that carries them has no room for hundreds."""
    for refusal in refused[:TOLD]:
        messages.error(request, f"{refusal.source.name[:80]}: {refusal.error.message}")
    if len(refused) > TOLD:
        messages.error(request, f"{len(refused) - TOLD} more photos were refused. Send them again to see why.")


def refuse(request: HttpRequest, form: SubmitForm, refused: list[Refusal]) -> HttpResponse:
    """The form again, with each photo's reason beside the field it came in by; to a program, the first reason."""
    if prefers_json(request):
        return error_response(request, refused[0].error if refused else form.refusal())
    for refusal in refused:
        message = refusal.error.message
        named = len(refused) > 1
        form.add_error(refusal.source.field, f"{refusal.source.name}: {message}" if named else message)
    statuses = {refusal.error.status for refusal in refused}
    response = show_form(request, form, statuses.pop() if len(statuses) == 1 else 400)
    if wait := max((refusal.error.retry_after for refusal in refused), default=0):
        response["Retry-After"] = str(wait)
    return response


def show_form(request: HttpRequest, form: SubmitForm, status: int) -> HttpResponse:
    context = {"form": form, "samples": SAMPLES, **zone_facts(request, form["engine"].value())}
    return render(request, "landmarks/submit.html", context, status=status)
