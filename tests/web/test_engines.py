"""Which engine looks at a photo: the choice where there is one, what it means for the photo, and that it holds."""

import re

import pytest
from django.conf import LazySettings
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from landmarks.models import Result
from landmarks.web.presenters.comparison import AGAINST_PEOPLE
from tests.conftest import BASE_DIR
from tests.vendor import Vendor
from tests.web.conftest import Submit

RADIO = re.compile(r'<input type="radio"\s+name="engine"\s+value="(\w+)"\s*(checked)?>')
SENDS = "The photo, or its address, is sent to Ace Data Cloud, which bills each call."
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("models_dir")]


def choice(client: Client, page: str = "/") -> list[tuple[str, str]]:
    return RADIO.findall(client.get(page).content.decode())


def test_one_engine_shows_no_options(client: Client) -> None:
    page = client.get("/")
    assertNotContains(page, 'name="engine"')
    assertContains(page, "Photos stay on this server: the engine doesn’t use the network.")


def test_two_engines_are_options_that_say_what_happens_to_the_photo(client: Client, hosted: Vendor) -> None:
    page = client.get("/")
    assert choice(client) == [("local", ""), ("acedata", "checked")]
    assertContains(page, "The photo stays on this server: no network, no bill.")
    assertContains(page, SENDS)
    assertContains(page, "Samples are sent to the engine chosen above, too.")
    assertNotContains(page, "Embedded engine, no network")


def test_the_embedded_engine_can_be_the_default(client: Client, hosted: Vendor, settings: LazySettings) -> None:
    settings.ENGINE = "local"
    assert choice(client) == [("local", "checked"), ("acedata", "")]


@pytest.mark.parametrize("engine", ["local", "acedata"])
def test_a_refused_form_keeps_the_choice(submit: Submit, hosted: Vendor, engine: str) -> None:
    response = submit(image_url="http://127.0.0.1/photo.jpg", engine=engine)
    assert response.status_code == 400
    assert dict(RADIO.findall(response.content.decode()))[engine] == "checked"


def test_a_chosen_engine_is_kept_for_the_next_photo(client: Client, submit: Submit, hosted: Vendor) -> None:
    submit("astronaut.jpg", engine="local")
    assert choice(client) == [("local", "checked"), ("acedata", "")]
    assert choice(Client()) == [("local", ""), ("acedata", "checked")]
    Result.objects.all().delete()
    assertContains(client.get("/results/"), '<input type="hidden" name="engine" value="local">')


def test_an_unknown_engine_is_rejected_beside_the_options(submit: Submit, hosted: Vendor) -> None:
    response = submit("astronaut.jpg", engine="retired")
    assertContains(response, 'aria-describedby="engine-error"', status_code=400)
    assertContains(response, 'id="engine-error"', count=1, status_code=400)
    assert not hosted.requests


@pytest.mark.parametrize(("engine", "calls"), [("local", 0), ("acedata", 1), ("", 1), ("auto", 1)])
@pytest.mark.parametrize("sample", ["", "astronaut"])
def test_the_chosen_engine_runs(submit: Submit, hosted: Vendor, engine: str, calls: int, sample: str) -> None:
    submit(*([] if sample else ["astronaut.jpg"]), sample=sample, engine=engine)
    assert Result.objects.get().engine == ("acedata" if calls else "local")
    assert len(hosted.requests) == calls


def test_an_empty_history_names_the_engine(client: Client, hosted: Vendor) -> None:
    page = client.get("/results/")
    assertContains(page, SENDS)
    assertContains(page, '<input type="hidden" name="engine" value="acedata">')
    assertContains(page, "Choose another engine")


def test_an_empty_history_with_one_engine_says_that_the_photo_stays(client: Client) -> None:
    page = client.get("/results/")
    assertContains(page, "Photos stay on this server: the engine doesn’t use the network.")
    assertNotContains(page, "Choose another engine")


def test_the_status_line_tells_engine_and_time(client: Client, submit: Submit, hosted: Vendor) -> None:
    page = client.get(submit("astronaut.jpg", engine="acedata").headers["Location"]).content.decode()
    facts = re.search(r'<p class="result-summary">(.*?)</p>', page, re.DOTALL)
    assert facts and re.search(r"1 face</span>.*\d+ ms</span>.*Ace Data Cloud, model 3.0", facts[1], re.DOTALL)


def test_a_remark_is_seen(client: Client, submit: Submit) -> None:
    location = submit("astronaut.jpg").headers["Location"]
    Result.objects.update(remark="The answer speaks of another <size>.", trace_id="2cf8-6e86")
    page = client.get(location)
    assertContains(page, "The answer speaks of another &lt;size&gt;.")
    assertContains(page, "<code>2cf8-6e86</code>")


def test_scale_is_what_the_documents_measured() -> None:
    """The comparison names how far the embedded engine is from people's points, as docs/engine.md does."""
    text = (BASE_DIR / "docs/engine.md").read_text(encoding="utf-8")
    row = re.search(r"^\| the 80 that are upright.*?\| [\d.]+ % \| \d+ \| ([\d.]+) \|", text, re.MULTILINE)
    assert row and round(float(row[1])) == AGAINST_PEOPLE
