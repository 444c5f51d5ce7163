"""What a person may send: a photo to submit, and choices of what a picture shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from landmarks import choice, service
from landmarks.drawing.colouring import Colouring
from landmarks.drawing.style import FAINTEST, LARGEST, SMALLEST, Style
from landmarks.engines import Options
from landmarks.errors import RequestInvalid
from landmarks.models import Result
from landmarks.schema import REGIONS
from landmarks.web.samples import BY_SLUG, read_sample

AUTO = "auto"
ADDRESS_LENGTH = 2048
CLOSEST = 64.0
"""Up to which the photo on a result's page can be enlarged."""

# --- submitting ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sent:
    """One photo that was sent: the field and the name it came with, and how it is submitted for an owner."""

    field: str
    name: str
    submit: Callable[[str], Result]


class ManyFilesInput(forms.FileInput):
    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, UploadedFile], name: str
    ) -> list[UploadedFile]:
        return files.getlist(name)


class ManyFilesField(forms.Field):
    """Files as they came, unread: whether they are photos is found out one by one."""

    widget = ManyFilesInput


class FlagField(forms.ChoiceField):
    """0 or 1 in the words of the vendor's API; left out it is the default."""

    def __init__(self, name: str, default: str = "0") -> None:
        self.default = default
        message = f"“{name}” is 0 or 1."
        super().__init__(choices=[("0", "0"), ("1", "1")], required=False, error_messages={"invalid_choice": message})

    def clean(self, value: Any) -> bool:
        return (super().clean(value) or self.default) == "1"


def engine_choices() -> list[tuple[str, str]]:
    names = choice.engine_names()
    return [(AUTO, "Automatic"), *((name, choice.engine_label(name)) for name in names)]


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
        return RequestInvalid(str(next(iter(self.errors.values()))[0]))

    def sources(self) -> list[Sent]:
        asked, engine = self._asked(), self._engine()
        cleaned = self.cleaned_data
        # A sample is chosen by its own button; what else the form holds was not meant.
        if slug := cleaned["sample"]:
            name = f"{slug}.jpg"
            return [Sent("sample", name, lambda who: service.submit(read_sample(slug), name, who, asked, engine))]
        if cleaned["photo"]:
            return [_upload_source(upload, asked, engine) for upload in cleaned["photo"]]
        address = cleaned["image_url"]
        return [Sent("image_url", address, lambda who: service.submit_address(address, who, asked, engine))]

    def _asked(self) -> Options:
        cleaned = self.cleaned_data
        return service.ask(largest_only=cleaned["mode"], rotate=cleaned["need_rotate_detection"])

    def _engine(self) -> str:
        name: str = self.cleaned_data["engine"]
        return choice.default_engine() if name in ("", AUTO) else name


def _upload_source(upload: UploadedFile, asked: Options, engine: str) -> Sent:
    # Browsers write a quote in a name as %22 (the standard for multipart forms), and nothing else so.
    name = (upload.name or "photo").replace("%22", '"')

    def submit(owner: str) -> Result:
        # A byte more than is allowed is enough to be refused, however large the file is.
        return service.submit(upload.read(service.max_upload_bytes() + 1), name, owner, asked, engine)

    return Sent("photo", name, submit)


class AgainForm(forms.Form):
    """How a photo that is kept is looked at again; what is left out stays as it was."""

    mode = FlagField("mode")
    need_rotate_detection = FlagField("need_rotate_detection")

    def asked(self, result: Result) -> Options:
        before, cleaned = service.asked_before(result), self.cleaned_data
        return replace(
            before,
            largest_only=cleaned["mode"] if "mode" in self.data else before.largest_only,
            rotate=cleaned["need_rotate_detection"] if "need_rotate_detection" in self.data else before.rotate,
        )

    def sentence(self) -> str:
        """Why the options were refused."""
        return str(next(iter(self.errors.values()))[0])


# --- what a picture shows --------------------------------------------------------------------------------------------


class WordsInput(forms.SelectMultiple):
    """Takes `a=x&a=y` and `a=x,y` alike; None where the name is not in the address at all."""

    def value_from_datadict(self, data: QueryDict, files: Any, name: str) -> list[str] | None:  # type: ignore[override]
        if name not in data:
            return None
        return [word for value in data.getlist(name) for word in value.split(",") if word]


class WordsField(forms.MultipleChoiceField):
    """Words out of a list; None, which is all of them, is told apart from none of them."""

    widget = WordsInput

    def clean(self, value: Any) -> frozenset[str] | None:
        return None if value is None else frozenset(super().clean(value))


class FactorField(forms.FloatField):
    """A number within limits; left out it is 1."""

    def __init__(self, name: str, smallest: float, largest: float) -> None:
        message = f"“{name}” is a factor of {smallest} to {largest}."
        errors = dict.fromkeys(("invalid", "min_value", "max_value"), message)
        super().__init__(required=False, min_value=smallest, max_value=largest, error_messages=errors)

    def clean(self, value: Any) -> float:
        return super().clean(value) or 1.0


class StyleForm(forms.Form):
    """The query of a picture; every field may be left out."""

    regions = WordsField(
        required=False,
        choices=[(region.name, region.label) for region in REGIONS],
        error_messages={
            "invalid_choice": "There is no region called “%(value)s”. The regions are: "
            + ", ".join(region.name for region in REGIONS)
            + "."
        },
    )
    faces = WordsField(
        required=False, error_messages={"invalid_choice": "There is no face %(value)s. Faces are numbered from 1."}
    )
    labels = FlagField("labels")
    lines = FlagField("lines", default="1")
    points = FlagField("points", default="1")
    size = FactorField("size", SMALLEST, LARGEST)
    opacity = FactorField("opacity", FAINTEST, 1.0)
    colour = forms.ChoiceField(
        required=False,
        choices=[(colouring.value, colouring.value) for colouring in Colouring],
        error_messages={"invalid_choice": "“colour” is " + ", ".join(Colouring) + "; not “%(value)s”."},
    )

    def __init__(self, query: QueryDict, face_count: int) -> None:
        super().__init__(query)
        numbers = [(str(number), str(number)) for number in range(1, face_count + 1)]
        for name in ("faces", "face"):
            if name in self.fields:
                self.fields[name].choices = numbers  # type: ignore[attr-defined]

    def style(self) -> Style:
        cleaned = self.cleaned_data
        told = {name: cleaned[name] for name in ("labels", "lines", "points", "size", "opacity")}
        style = Style(**told, colour=Colouring(cleaned["colour"] or Colouring.REGION))
        if cleaned["regions"] is not None:
            style = replace(style, regions=cleaned["regions"])
        if cleaned["faces"] is not None:
            style = replace(style, faces=frozenset(map(int, cleaned["faces"])))
        return style

    def sentence(self) -> str:
        """Why the query was refused."""
        return str(next(iter(self.errors.values()))[0])


class PlateForm(StyleForm):
    """The query of a result's page: also the face of the close-up, and how close the script has zoomed in."""

    face = forms.ChoiceField(
        required=False, error_messages={"invalid_choice": "There is no face %(value)s. Faces are numbered from 1."}
    )
    zoom = FactorField("zoom", 1.0, CLOSEST)

    def face_number(self) -> int:
        return int(self.cleaned_data["face"] or 1)
