"""The engine that runs if none is chosen is the same on the page, in a form and in the API, whatever is configured."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from landmarks.models import Photo, Result
from tests.api.conftest import RESULTS, Program, make_token, program  # noqa: F401
from tests.vendor import PLATFORM_TOKEN, TOKEN, Vendor
from tests.web.conftest import Submit
from tests.web.test_engines import choice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("models_dir", "on_the_internet")]
MISSING = "ACEDATA_PLATFORM_TOKEN or PUBLIC_URL"
CONFIGURATIONS = [
    (engine, token, platform, public)
    for engine in ("auto", "local", "acedata")
    for token in ("", TOKEN)
    for platform in ("", PLATFORM_TOKEN)
    for public in ("", "https://photos.example.org")
    if token or engine != "acedata"  # refused by the checks at start
]


@pytest.fixture(params=CONFIGURATIONS, ids=lambda each: "-".join(word[:4] or "none" for word in each))
def configured(request: pytest.FixtureRequest, settings: LazySettings, vendor: Vendor) -> str:
    """One of all configurations; the engine that it means."""
    settings.ENGINE, settings.ACEDATA_API_TOKEN, settings.ACEDATA_PLATFORM_TOKEN, settings.PUBLIC_URL = request.param
    settings.ACEDATA_API_URL = settings.ACEDATA_PLATFORM_URL = vendor.url
    engine, token, *_ = request.param
    return "acedata" if engine == "acedata" or (engine == "auto" and token) else "local"


def test_it_is_the_same_everywhere(
    configured: str,
    client: Client,
    submit: Submit,
    program: Program,  # noqa: F811
    address: str,
) -> None:
    shown = [name for name, checked in choice(Client()) if checked] or ["local"]
    assert shown == [configured]
    for fields in ({}, {"engine": ""}, {"engine": "auto"}):
        assert submit(image_url=address, **fields).status_code == 303
    for fields in ({}, {"engine": "auto"}):
        made = program.post(RESULTS, {"image_url": address, **fields}, content_type="application/json")
        assert made.status_code == 201
    assert {result.engine for result in Result.objects.all()} == {configured}


@pytest.fixture
def address(vendor: Vendor, images: Path) -> str:
    return vendor.puts("/astronaut.jpg", (images / "astronaut.jpg").read_bytes())


@pytest.fixture
def token_only(hosted: Vendor, settings: LazySettings) -> Vendor:
    settings.ACEDATA_PLATFORM_TOKEN = ""
    return hosted


def test_a_site_with_a_token_alone_says_what_is_missing_before_a_file_is_chosen(
    client: Client, token_only: Vendor
) -> None:
    for path in ("/", "/results/"):
        page = client.get(path).content.decode()
        assert f"no files. Whoever runs this site can change this by setting {MISSING}" in page
        assert 'data-no-files="Ace Data Cloud: Accepts addresses only' in page


def test_a_file_is_refused_there_before_anything_is_stored_or_sent(
    submit: Submit,
    program: Program,  # noqa: F811
    token_only: Vendor,
    images: Path,
) -> None:
    page = submit("astronaut.jpg")
    assert page.status_code == 400
    assert MISSING in page.content.decode()
    sample = submit(sample="astronaut")
    assert (sample.status_code, MISSING in sample.content.decode()) == (400, True)
    answer = program.send(RESULTS, images / "astronaut.jpg", "photo")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")
    assert MISSING in answer.json()["error"]["message"]
    assert not Photo.objects.exists()
    assert token_only.connections == 0


def test_a_file_is_taken_there_by_the_embedded_engine(submit: Submit, token_only: Vendor) -> None:
    assert submit("astronaut.jpg", engine="local").status_code == 303
    assert Result.objects.get().face_count == 1
