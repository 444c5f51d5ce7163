"""What a person may send: a photo to submit, and choices of what a picture shows."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from landmarks.core.errors import RequestInvalid
from landmarks.core.finding import Options
from landmarks.models import Result
from landmarks.services import engines, photos, runs
from landmarks.web.forms.fields import FlagField, ManyFilesField
from landmarks.web.samples import BY_SLUG, read_sample

AUTO = "auto"
ADDRESS_LENGTH = 2048

# --- submitting ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sent:
    """One photo that was sent: the field and the name it came with, and how it is submitted for an owner."""

    field: str
    name: str
    submit: Callable[[str], Result]


def engine_choices() -> list[tuple[str, str]]:
    names = engines.engine_names()
    return [(AUTO, "Automatic"), *((name, engines.engine_label(name)) for name in names)]


class SubmitForm(forms.Form):
    photo = ManyFilesField(required=False)
    image_url = forms.CharField(
        required=False,
        max_length=ADDRESS_LENGTH,
        error_messages={
            "max_length": f"This address is longer than {ADDRESS_LENGTH} characters. Save the photo and send that."
        },
    )
    mode = FlagField("mode")
    need_rotate_detection = FlagField("need_rotate_detection")
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
            self.add_error("photo", "Choose a photo, or type the address of one.")
        return cleaned

    @property
    def is_address_left_aside(self) -> bool:
        """Where both a photo and an address were given, the photo is what the person holds in hand."""
        cleaned = self.cleaned_data
        return bool(cleaned["photo"] and cleaned["image_url"] and not cleaned["sample"])

    @property
    def asks_for_more(self) -> bool:
        """Whether something under Options was chosen or refused, so that a refused form shows it."""
        names = ("mode", "need_rotate_detection")
        return any(self[name].value() not in (None, "", "0") or self[name].errors for name in names)

    def refusal(self) -> RequestInvalid:
        """Why the form was refused, for a program that shows no form."""
        return RequestInvalid("form_invalid", reason=str(next(iter(self.errors.values()))[0]))

    def sources(self) -> list[Sent]:
        asked, engine = self._asked(), self._engine()
        cleaned = self.cleaned_data
        # A sample is chosen by its own button; what else the form holds was not meant.
        if slug := cleaned["sample"]:
            name = f"{slug}.jpg"
            return [Sent("sample", name, lambda who: runs.submit(read_sample(slug), name, who, asked, engine))]
        if cleaned["photo"]:
            return [_upload_source(upload, asked, engine) for upload in cleaned["photo"]]
        address = cleaned["image_url"]
        return [Sent("image_url", address, lambda who: runs.submit_address(address, who, asked, engine))]

    def _asked(self) -> Options:
        cleaned = self.cleaned_data
        return runs.ask(largest_only=cleaned["mode"], rotate=cleaned["need_rotate_detection"])

    def _engine(self) -> str:
        name: str = self.cleaned_data["engine"]
        return engines.default_engine() if name in ("", AUTO) else name


def _upload_source(upload: UploadedFile, asked: Options, engine: str) -> Sent:
    # Browsers write a quote in a name as %22 (the standard for multipart forms), and nothing else so.
    name = (upload.name or "photo").replace("%22", '"')

    def submit(owner: str) -> Result:
        # A byte more than is allowed is enough to be refused, however large the file is.
        return runs.submit(upload.read(photos.max_upload_bytes() + 1), name, owner, asked, engine)

    return Sent("photo", name, submit)


class AgainForm(forms.Form):
    """How a photo that is kept is looked at again; what is left out stays as it was."""

    mode = FlagField("mode")
    need_rotate_detection = FlagField("need_rotate_detection")

    def asked(self, result: Result) -> Options:
        before, cleaned = runs.asked_before(result), self.cleaned_data
        return replace(
            before,
            largest_only=cleaned["mode"] if "mode" in self.data else before.largest_only,
            rotate=cleaned["need_rotate_detection"] if "need_rotate_detection" in self.data else before.rotate,
        )

    def sentence(self) -> str:
        """Why the options were refused."""
        return str(next(iter(self.errors.values()))[0])


# --- what a picture shows --------------------------------------------------------------------------------------------
