"""What the tests of the pages share: a browser that submits photos, and the addresses of a result."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from tests.vendor import PLATFORM_TOKEN, TOKEN, Vendor, refusal

if TYPE_CHECKING:
    from django.conf import LazySettings

    from landmarks.models import Result

FILES = (
    *("photo", "thumbnail", "overlay.png", "overlay.svg", "export/json", "export/csv"),
    *("blurred.jpg", "faces/1/crop.png", "faces/1/mask.png"),
    *("measures/", "measures.csv", "measures.json"),
)

USED_UP = refusal(403, "used_up", "Your balance is not sufficient for current request.")

Submit = Callable[..., HttpResponse]


def addresses(result: "Result") -> list[str]:
    """Every address that shows or gives something of a result."""
    page = reverse("landmarks:result-detail", args=[result.pk])
    return [page, *(page + name for name in FILES)]


def body(response: HttpResponseBase) -> bytes:
    """The whole answer; a file that is streamed is closed by reading it to its end."""
    if isinstance(response, StreamingHttpResponse):
        return b"".join(response)
    assert isinstance(response, HttpResponse)
    return response.content


def submit_from(client: Client, images: Path) -> Submit:
    def submit(*names: str, **fields: str) -> HttpResponse:
        with ExitStack() as stack:
            photos = [stack.enter_context(open(images / name, "rb")) for name in names]
            return client.post("/", {**({"photo": photos} if photos else {}), **fields})

    return submit


def only_result() -> "Result":
    # Imported here because pytest reads this file before Django is set up.
    from landmarks.models import Result

    return Result.objects.get()


@pytest.fixture
def submit(client: Client, images: Path, models_dir: Path, db: None) -> Submit:
    """Sends photos of tests/images by name, with other fields of the form."""
    return submit_from(client, images)


@pytest.fixture
def astronaut(submit: Submit) -> "Result":
    submit("astronaut.jpg")
    return only_result()


@pytest.fixture
def two_people(submit: Submit) -> "Result":
    submit("two_people.jpg")
    return only_result()


@pytest.fixture
def hosted(settings: "LazySettings", vendor: Vendor) -> Vendor:
    """A site whose owner has both tokens of Ace Data Cloud, which is played on this machine."""
    settings.ACEDATA_API_TOKEN, settings.ACEDATA_API_URL = TOKEN, vendor.url
    settings.ACEDATA_PLATFORM_TOKEN, settings.ACEDATA_PLATFORM_URL = PLATFORM_TOKEN, vendor.platform_url
    return vendor


@pytest.fixture
def failed(submit: Submit, hosted: Vendor) -> "Result":
    """A run that Ace Data Cloud refused, since its balance was used up."""
    hosted.answers(USED_UP)
    submit("astronaut.jpg", engine="acedata")
    return only_result()


@pytest.fixture
def local(submit: Submit, hosted: Vendor) -> "Result":
    """Two people as the embedded engine sees them, on a site with both engines."""
    submit("two_people.jpg", engine="local")
    return only_result()
