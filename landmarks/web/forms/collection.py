"""Making collections, adding photos to them, and the query string of their pages."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile

from landmarks.core.finding import Options
from landmarks.http.history_query import PositionField
from landmarks.http.query_fields import FlagField
from landmarks.services import engines, runs
from landmarks.services.collections import LONGEST_LIST, MOST_ADDRESSES, addresses_in
from landmarks.services.descriptions import NAME_LENGTH
from landmarks.storage.collection_counts import State
from landmarks.web.forms.fields import FilesField
from landmarks.web.forms.submit import AUTO, engine_choices

MOST_DIGESTS = 1000


class CollectionForm(forms.Form):
    """A new collection."""

    name = forms.CharField(
        max_length=NAME_LENGTH,
        error_messages={"required": "Enter a name, such as the place or the day of the photos."},
    )
    mode = FlagField("mode")
    need_rotate_detection = FlagField("need_rotate_detection")
    dense = FlagField("dense")
    engine = forms.ChoiceField(
        required=False,
        choices=engine_choices,
        error_messages={"invalid_choice": "There is no engine called “%(value)s”. Choose another."},
    )

    def options(self) -> Options:
        cleaned = self.cleaned_data
        return runs.run_options(
            largest_only=cleaned["mode"], rotate=cleaned["need_rotate_detection"], dense=cleaned["dense"]
        )

    def engine_name(self) -> str:
        name: str = self.cleaned_data["engine"]
        return engines.default_engine() if name in ("", AUTO) else name


class AddForm(forms.Form):
    """Photos, archives of photos and addresses of photos."""

    photo = FilesField(required=False)
    archive = FilesField(required=False)
    addresses = forms.CharField(required=False, max_length=LONGEST_LIST)

    def clean_addresses(self) -> list[str]:
        found = list(addresses_in(self.cleaned_data["addresses"]))
        if len(found) > MOST_ADDRESSES:
            raise forms.ValidationError(f"These are more than {MOST_ADDRESSES:,} addresses. Send them in parts.")
        return found

    def clean(self) -> dict[str, Any]:
        if not self.errors and not any(self.cleaned_data.values()):
            self.add_error("photo", "Choose photos or an archive, or enter addresses.")
        return self.cleaned_data

    @property
    def photos(self) -> list[UploadedFile]:
        return list(self.cleaned_data["photo"])

    @property
    def archives(self) -> list[UploadedFile]:
        return list(self.cleaned_data["archive"])


class PageForm(forms.Form):
    """Which page of a collection, and which of its photos."""

    state = forms.ChoiceField(
        required=False,
        choices=[(state.value, state.value) for state in State],
        error_messages={"invalid_choice": "The state “%(value)s” doesn't exist. Choose one from the page."},
    )
    after = PositionField(required=False)
    before = PositionField(required=False)

    @property
    def state_wanted(self) -> State | None:
        return State(self.cleaned_data["state"]) if self.cleaned_data["state"] else None


class DigestsForm(forms.Form):
    """SHA-256 of photos, separated by spaces."""

    digests = forms.RegexField(
        r"^(?:[0-9a-f]{64} ?)+$", error_messages={"invalid": "“digests” must be SHA-256 sums, separated by spaces."}
    )

    def clean_digests(self) -> list[str]:
        return str(self.cleaned_data["digests"]).split()[:MOST_DIGESTS]


class RetryForm(forms.Form):
    """One photo, or all that failed."""

    job = forms.UUIDField(required=False)

    @property
    def job_id(self) -> UUID | None:
        found: UUID | None = self.cleaned_data["job"]
        return found
