"""Submitting photos, and running an engine on a stored one again."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from landmarks.core.finding import Options
from landmarks.core.text import clean_line
from landmarks.http.query_fields import FlagField
from landmarks.models import Owner, Result
from landmarks.net.ssrf_guard import MAX_LENGTH
from landmarks.services import engines, photos, runs
from landmarks.web.forms.fields import FilesField
from landmarks.web.samples import BY_SLUG, read_sample

AUTO = "auto"


@dataclass(frozen=True)
class Submission:
    """One submitted photo: its field and name, and a function that submits it for an owner."""

    field: str
    name: str
    submit: Callable[[Owner], Result]


def engine_choices() -> list[tuple[str, str]]:
    return [(AUTO, "Automatic"), *((name, engines.engine_label(name)) for name in engines.engine_names())]


class SubmitForm(forms.Form):
    photo_address = ""
    """Another address that is offered instead of the one that was sent."""

    photo = FilesField(required=False)
    image_url = forms.CharField(
        required=False,
        max_length=MAX_LENGTH,
        error_messages={
            "max_length": f"This address is longer than {MAX_LENGTH} characters. Save the photo and upload it."
        },
    )
    mode = FlagField("mode")
    need_rotate_detection = FlagField("need_rotate_detection")
    dense = FlagField("dense")
    engine = forms.ChoiceField(
        required=False,
        choices=engine_choices,
        error_messages={"invalid_choice": "There is no engine called “%(value)s”. Choose another."},
    )
    sample = forms.ChoiceField(
        required=False,
        choices=[(slug, slug) for slug in BY_SLUG],
        error_messages={"invalid_choice": "There is no sample called “%(value)s”. Choose one from the page."},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if not self.errors and not any(cleaned.get(name) for name in ("photo", "image_url", "sample")):
            self.add_error("photo", "Choose a photo or enter the address of one.")
        return cleaned

    @property
    def is_address_ignored(self) -> bool:
        """If both a photo and an address are sent, the photo counts."""
        cleaned = self.cleaned_data
        return bool(cleaned["photo"] and cleaned["image_url"] and not cleaned["sample"])

    @property
    def has_options(self) -> bool:
        """Whether something under Options was chosen or is invalid, and so must be visible."""
        names = ("mode", "need_rotate_detection", "dense")
        return any(self[name].value() not in (None, "", "0") or self[name].errors for name in names)

    def submissions(self) -> list[Submission]:
        options, engine = self._options(), self._engine()
        cleaned = self.cleaned_data
        # A sample has a button of its own, so the other fields do not count.
        if slug := cleaned["sample"]:
            name = f"{slug}.jpg"
            return [
                Submission("sample", name, lambda owner: runs.submit(read_sample(slug), name, owner, options, engine))
            ]
        if cleaned["photo"]:
            return [_submission_of(upload, options, engine) for upload in cleaned["photo"]]
        address = cleaned["image_url"]
        return [
            Submission(
                "image_url", clean_line(address), lambda owner: runs.submit_address(address, owner, options, engine)
            ),
        ]

    def _options(self) -> Options:
        cleaned = self.cleaned_data
        return runs.run_options(
            largest_only=cleaned["mode"], rotate=cleaned["need_rotate_detection"], dense=cleaned["dense"]
        )

    def _engine(self) -> str:
        name: str = self.cleaned_data["engine"]
        return engines.default_engine() if name in ("", AUTO) else name


def _submission_of(upload: UploadedFile, options: Options, engine: str) -> Submission:
    # Browsers write a quote in a name as %22 (the standard for multipart forms), and nothing else so.
    name = clean_line((upload.name or "").replace("%22", '"')) or runs.UNNAMED

    def read() -> bytes:
        # One byte too many is enough to be refused, however large the file is.
        return bytes(upload.read(photos.max_upload_bytes() + 1))

    def submit(owner: Owner) -> Result:
        return runs.submit(read, name, owner, options, engine)

    return Submission("photo", name, submit)


class RunAgainForm(forms.Form):
    """Options for another run; those that are missing stay as they were."""

    mode = FlagField("mode")
    need_rotate_detection = FlagField("need_rotate_detection")
    dense = FlagField("dense")

    def options(self, result: Result) -> Options:
        before, cleaned = runs.options_of(result), self.cleaned_data
        return replace(
            before,
            largest_only=cleaned["mode"] if "mode" in self.data else before.largest_only,
            rotate=cleaned["need_rotate_detection"] if "need_rotate_detection" in self.data else before.rotate,
            dense=cleaned["dense"] if "dense" in self.data else before.dense,
        )
