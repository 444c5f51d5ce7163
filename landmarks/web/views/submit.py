"""The submit page."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString

from landmarks.core.errors import Busy, LandmarksError, StorageError
from landmarks.http.client_ip import count_photo
from landmarks.http.error_responses import error_response, prefers_json
from landmarks.http.methods import require_safe_or_POST
from landmarks.models import Result
from landmarks.runtime import caller
from landmarks.web.current_owner import owner_to_store_for, set_owner_key
from landmarks.web.forms.submit import Submission, SubmitForm
from landmarks.web.presenters import engine_options, text
from landmarks.web.presenters.upload_form import upload_context
from landmarks.web.responses import created, invalid_form, see_other
from landmarks.web.samples import SAMPLES

MOST_MESSAGES = 5
"""Failures that have a message each: the cookie for messages can't hold hundreds."""


@dataclass(frozen=True)
class Failure:
    """A photo that was refused, and why."""

    submission: Submission
    error: LandmarksError

    @property
    def photo_address(self) -> str:
        """Address of the picture of a web page that was sent instead; empty if there is none to use."""
        return str(self.error.parameters.get("picture", ""))

    def text(self, longest: int | None = None) -> SafeString:
        """The name, whatever direction its letters have, and the reason."""
        return format_html("<bdi>{}</bdi>: {}", self.submission.name[:longest], self.error.message)


@require_safe_or_POST
def submit(request: HttpRequest) -> HttpResponse:
    set_owner_key(request)
    if request.method != "POST":
        return show_form(request, SubmitForm(), 200)
    form = SubmitForm(request.POST, request.FILES)
    if not form.is_valid():
        return show_failures(request, form, [])
    # The chosen engine is preselected for the next photo, rather than the default one.
    request.session[engine_options.SESSION_KEY] = form.cleaned_data["engine"]
    results, failures = submit_all(request, form.submissions())
    if not results:
        return show_failures(request, form, failures)
    add_messages(request, failures)
    if form.is_address_ignored:
        messages.info(request, "A photo was chosen, so the address was ignored. Submit it separately.")
    return respond(request, results, is_single=len(results) + len(failures) == 1)


def respond(request: HttpRequest, results: list[Result], *, is_single: bool) -> HttpResponse:
    """Lead to the result, or to the history if several photos were sent."""
    page = see_other("landmarks:result-detail", results[0].pk) if is_single else see_other("landmarks:result-list")
    if not prefers_json(request):
        return page
    return created(page, text.outcome(results[0]) if is_single else "", results)


def submit_all(request: HttpRequest, submissions: list[Submission]) -> tuple[list[Result], list[Failure]]:
    owner, results, failures, is_busy = owner_to_store_for(request), [], [], False
    for submission in submissions:
        # Where one waited in vain, the rest have what it left of the time.
        if not is_busy:
            caller.renew_patience()
        is_busy = False
        try:
            count_photo(request)
            results.append(submission.submit(owner))
        except LandmarksError as exc:
            is_busy = isinstance(exc, Busy | StorageError)
            failures.append(Failure(submission, without_traceback(exc)))
    return results, failures


def without_traceback(error: LandmarksError) -> LandmarksError:
    """The error without its frames, which hold the bytes and the pixels of a photo each."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


def add_messages(request: HttpRequest, failures: list[Failure]) -> None:
    for failure in failures[:MOST_MESSAGES]:
        messages.error(request, failure.text(longest=80))
    if more := len(failures[MOST_MESSAGES:]):
        messages.error(request, f"… and {more} more. Submit them again to see why.")


def show_failures(request: HttpRequest, form: SubmitForm, failures: list[Failure]) -> HttpResponse:
    """The form again, with an error beside the field of each refused photo; for programs, the first error."""
    if prefers_json(request):
        return first_error_response(request, failures[0]) if failures else invalid_form(request, form)
    form.photo_address = next((failure.photo_address for failure in failures), "")
    for failure in failures:
        form.add_error(failure.submission.field, failure.text() if len(failures) > 1 else failure.error.message)
    statuses = {failure.error.status for failure in failures}
    response = show_form(request, form, statuses.pop() if len(statuses) == 1 else 400)
    if wait := max((failure.error.retry_after for failure in failures), default=0):
        response["Retry-After"] = str(wait)
    return response


def first_error_response(request: HttpRequest, failure: Failure) -> HttpResponse:
    response = error_response(request, failure.error)
    if address := failure.photo_address:
        response["X-Photo-Address"] = address
    return response


def show_form(request: HttpRequest, form: SubmitForm, status: int) -> HttpResponse:
    context = {"form": form, "samples": SAMPLES, **upload_context(request, form["engine"].value())}
    return render(request, "landmarks/submit.html", context, status=status)
