"""Collections: their list, the page of each, and what can be done there."""

import uuid
from collections.abc import Callable
from contextlib import closing

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html

from landmarks.core.errors import LandmarksError, NotFound, RequestInvalid
from landmarks.core.text import clean_line
from landmarks.http.client_ip import count_photo
from landmarks.http.error_responses import error_response, prefers_json
from landmarks.http.export_responses import export_several
from landmarks.http.methods import require_POST, require_safe, require_safe_or_POST
from landmarks.models import Collection
from landmarks.runtime import caller
from landmarks.services import collections, exporting, jobs, photos, runs
from landmarks.services.collections import Added
from landmarks.storage import collection_counts
from landmarks.storage import collections as storage
from landmarks.storage.errors import storage_errors
from landmarks.web.current_owner import owner_of, owner_to_store_for, set_owner_key
from landmarks.web.forms.collection import AddForm, CollectionForm, DigestsForm, PageForm, RetryForm
from landmarks.web.forms.save_as import remembered
from landmarks.web.presenters import collection as presenter
from landmarks.web.presenters import save_as, text
from landmarks.web.presenters.upload_form import upload_context
from landmarks.web.responses import invalid_form, see_other
from landmarks.web.views.exports import chosen

MOST_MESSAGES = 5
SHOWN = 100
"""Collections in the list, the newest."""


@require_safe_or_POST
def collection_list(request: HttpRequest) -> HttpResponse:
    set_owner_key(request)
    form = CollectionForm(request.POST) if request.method == "POST" else CollectionForm()
    if form.is_bound and form.is_valid():
        try:
            name, owner = form.cleaned_data["name"], owner_to_store_for(request)
            made = collections.create(owner, name, form.options(), form.engine_name())
            return see_other("landmarks:collection-detail", made.pk)
        except RequestInvalid as exc:
            form.add_error("engine", exc.message)
    if form.is_bound and prefers_json(request):
        return invalid_form(request, form)
    rows = list(storage.collections_of(owner_of(request))[:SHOWN])
    counts = collection_counts.count_each(rows)
    shown = [(row, counts[row.pk]) for row in rows if row.pk in counts]
    context = {"form": form, "collections": shown, **upload_context(request, form["engine"].value())}
    return render(request, "landmarks/collection_list.html", context, status=400 if form.errors else 200)


@require_safe
def collection_detail(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    return show(request, find(request, id), AddForm(), 200)


def show(request: HttpRequest, collection: Collection, add_form: AddForm, status: int) -> HttpResponse:
    form = PageForm(request.GET)
    if not form.is_valid():
        return invalid_form(request, form)
    context = {
        "collection": collection,
        "page": presenter.read_page(collection, form),
        "form": add_form,
        "engine_label": text.engine_label(collection.engine),
        **upload_context(request, collection.engine),
    }
    return render(request, "landmarks/collection_detail.html", context, status=status)


def find(request: HttpRequest, id: uuid.UUID) -> Collection:
    """Others don't see it, also in a shared history: there they see its results. Raises NotFound."""
    collection = storage.collections_of(owner_of(request)).filter(pk=id).first()
    if collection is None:
        raise NotFound("collection_page_not_found")
    return collection


# --- add -------------------------------------------------------------------------------------------------------------


@require_POST
def collection_add(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Photos, archives and addresses. A script sends one thing at a time; the error of a photo is the response."""
    collection, form = find(request, id), AddForm(request.POST, request.FILES)
    if not form.is_valid():
        return invalid_form(request, form) if prefers_json(request) else show(request, collection, form, 400)
    total = Added()
    try:
        for upload in form.photos:
            add_photo(request, collection, upload, total)
        for upload in form.archives:
            with closing(upload):
                merge(total, add_many(collection, upload, lambda: count_photo(request)))
        if form.cleaned_data["addresses"]:
            lines = form.cleaned_data["addresses"]
            merge(total, collections.add_addresses(collection, lines, lambda: count_photo(request)))
    except LandmarksError as exc:
        if prefers_json(request):
            return error_response(request, exc)
        messages.error(request, exc.message)
    if prefers_json(request):
        if form.photos and total.refused:
            return error_response(request, total.refused[0][1])
        refused = [{"name": name, "message": error.message} for name, error in total.refused]
        sums = {"new": total.new, "known": total.known}
        return JsonResponse({**sums, "refused": refused, "is_cut_short": total.is_cut_short})
    report(request, total)
    return see_other("landmarks:collection-detail", collection.pk)


def add_photo(request: HttpRequest, collection: Collection, upload: UploadedFile, total: Added) -> None:
    """Raises RateExceeded, Busy, QuotaExceeded or StorageError, after which others would fail too."""
    caller.renew_patience()
    name = clean_line((upload.name or "").replace("%22", '"')) or runs.UNNAMED
    count_photo(request)
    try:
        is_new = collections.add(collection, lambda: bytes(upload.read(photos.max_upload_bytes() + 1)), name)
    except LandmarksError as exc:
        if exc.status in (403, 429, 503):
            raise
        total.refused.append((name, exc))
        return
    total.new += is_new
    total.known += not is_new


def add_many(collection: Collection, upload: UploadedFile, count: Callable[[], object]) -> Added:
    """The photos of an archive, or of a list of addresses."""
    is_list = (upload.name or "").lower().endswith(collections.LIST_SUFFIXES)
    add = collections.add_list if is_list else collections.add_archive
    return add(collection, upload, count)  # type: ignore[arg-type]


def merge(total: Added, more: Added) -> None:
    total.new += more.new
    total.known += more.known
    total.refused += more.refused
    total.is_cut_short |= more.is_cut_short
    if more.stopped_by:
        raise more.stopped_by


def report(request: HttpRequest, added: Added) -> None:
    for name, error in added.refused[:MOST_MESSAGES]:
        messages.error(request, format_html("<bdi>{}</bdi>: {}", name[:80], error.message))
    if more := len(added.refused[MOST_MESSAGES:]):
        messages.error(request, f"… and {more} more were refused.")
    if added.is_cut_short:
        messages.info(request, "There was no time for all photos of the archive. Send it again to go on.")
    if added.new or added.known:
        known = f", {added.known} {'was' if added.known == 1 else 'were'} here already" if added.known else ""
        messages.success(request, f"{added.new} photo{'' if added.new == 1 else 's'} added{known}.")


@require_POST
def collection_known(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Which of these photos need not be sent."""
    collection, form = find(request, id), DigestsForm(request.POST)
    if not form.is_valid():
        return invalid_form(request, form)
    return JsonResponse({"known": sorted(storage.known_digests(collection, form.cleaned_data["digests"]))})


# --- actions ---------------------------------------------------------------------------------------------------------


@require_POST
def collection_retry(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    collection, form = find(request, id), RetryForm(request.POST)
    if not form.is_valid():
        return invalid_form(request, form)
    if not storage.retry(collection, form.job_id):
        messages.info(request, "No photo can be tried again here. Send those that failed once more.")
    jobs.announce()
    return see_other("landmarks:collection-detail", collection.pk)


@require_POST
def collection_pause(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    collection = find(request, id)
    storage.pause(collection)
    return see_other("landmarks:collection-detail", collection.pk)


@require_POST
def collection_resume(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    collection = find(request, id)
    storage.resume(collection)
    jobs.announce()
    return see_other("landmarks:collection-detail", collection.pk)


@require_POST
def collection_cancel(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """What is done stays."""
    collection = find(request, id)
    storage.cancel(collection)
    return see_other("landmarks:collection-detail", collection.pk)


@require_POST
def collection_delete(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The results stay in the history."""
    collection = find(request, id)
    with storage_errors():
        collection.delete()
    messages.success(request, "The collection is deleted. Its results are in the history.")
    return see_other("landmarks:collection-list")


# --- export ----------------------------------------------------------------------------------------------------------


@require_safe
def collection_save(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    collection = find(request, id)
    results, action = collections.results_of(collection), reverse("landmarks:collection-export-chosen", args=[id])
    if not results.exists():
        messages.error(request, "No photo of this collection is finished yet.")
        return see_other("landmarks:collection-detail", collection.pk)
    panel = save_as.for_results(results, remembered(request), action, QueryDict())
    return render(request, "landmarks/save_as.html", {"panel": panel})


@require_safe
def collection_export_chosen(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    find(request, id)
    return chosen(request, lambda name: reverse("landmarks:collection-export", args=[id, name]))


@require_safe
def collection_export(request: HttpRequest, id: uuid.UUID, format_name: str) -> HttpResponseBase:
    positions = exporting.positions_of(collections.results_of(find(request, id)))
    return export_several(request, positions, format_name)
