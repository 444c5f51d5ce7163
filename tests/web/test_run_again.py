"""A second look at a photo that is kept: trying again after a failure, and two engines side by side."""

import re
import shutil
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from landmarks.core.messages import MESSAGES
from landmarks.models import Result
from tests.vendor import TRACE_ID, Vendor, refusal
from tests.web.conftest import USED_UP, Submit
from tests.web.second_runs import (
    AGAIN,
    NO_FACE,
    again,
    buttons,
    comparison,
    detail,
    newest,
    told_by_name,
)

# --- trying again ----------------------------------------------------------------------------------------------------


def test_a_failure_tells_reason_code_and_trace(client: Client, failed: Result) -> None:
    page = client.get(detail(failed))
    assertContains(page, "The engine could not analyse this photo")
    assertContains(page, escape(failed.error_message))
    assertContains(page, f"<code>{failed.error_code}</code>")
    assertContains(page, f"Trace ID for Ace Data Cloud’s support: <code>{TRACE_ID}</code>")
    assertContains(client.get("/results/"), "failed")


def test_a_failure_shows_both_engines_and_says_what_is_sent(client: Client, failed: Result) -> None:
    assert buttons(client, failed) == {
        "acedata": "Try again with Ace Data Cloud",
        "local": "Use the embedded engine",
    }
    assertContains(
        told_by_name(client, failed), "This sends the photo to Ace Data Cloud, which bills each call.", count=1
    )


@pytest.mark.parametrize(("engine", "calls"), [("local", 1), ("acedata", 2)])
def test_trying_again_makes_a_new_result(
    client: Client, failed: Result, hosted: Vendor, engine: str, calls: int
) -> None:
    response = again(client, failed, engine=engine)
    result = newest()
    assertRedirects(response, detail(result), 303)
    assert (result.engine, result.face_count, result.photo) == (engine, 1, failed.photo)
    assert len(hosted.requests) == calls
    assert Result.objects.count() == 2


def test_trying_again_may_fail_again(client: Client, failed: Result, hosted: Vendor) -> None:
    hosted.answers(USED_UP)
    assertContains(client.get(again(client, failed, engine="acedata").headers["Location"]), "Try again with")
    assert Result.objects.count() == 2


def test_what_the_other_engine_found_already_is_a_link(client: Client, failed: Result) -> None:
    again(client, failed, engine="local")
    page = client.get(detail(failed))
    assertContains(page, "See what the embedded engine found")
    assertContains(page, detail(newest()))
    assert set(buttons(client, failed)) == {"acedata"}


def test_a_photo_that_cannot_be_handed_over_is_one_click_from_the_embedded_engine(
    client: Client, submit: Submit, hosted: Vendor, settings: LazySettings
) -> None:
    hosted.upload_answers(refusal(401, "invalid_token", "The specified token is invalid or wrong."))
    response = submit("astronaut.jpg", engine="acedata")
    settings.ACEDATA_PLATFORM_TOKEN = ""
    page = client.get(response.headers["Location"])
    assertContains(page, "ACEDATA_PLATFORM_TOKEN")
    assertContains(page, "PUBLIC_URL")
    assert buttons(client, Result.objects.get()) == {"local": "Use the embedded engine"}
    assert not hosted.requests


def test_the_embedded_engine_can_be_tried_again(
    client: Client, submit: Submit, settings: LazySettings, tmp_path: Path
) -> None:
    models_dir, settings.MODELS_DIR = settings.MODELS_DIR, tmp_path
    submit("astronaut.jpg")
    failed = Result.objects.get()
    settings.MODELS_DIR = models_dir
    assert buttons(client, failed) == {"local": "Try again with the embedded engine"}
    assertContains(client.get(again(client, failed, engine="local").headers["Location"]), "1 face")


def test_no_face_shows_the_other_engine(client: Client, submit: Submit, hosted: Vendor) -> None:
    hosted.answers(NO_FACE)
    submit("two_people.jpg", engine="acedata")
    result = Result.objects.get()
    assertContains(client.get(detail(result)), "No face found in this photo")
    assert buttons(client, result) == {"local": "Use the embedded engine"}
    assertContains(client.get(again(client, result, engine="local").headers["Location"]), "2 faces")


def test_ignored_faces_are_reported_instead_of_nothing(client: Client, submit: Submit, hosted: Vendor) -> None:
    hosted.answers(refusal(400, "bad_request", "FailedOperation.FaceSizeTooSmall"))
    page = client.get(submit("two_people.jpg", engine="acedata").headers["Location"])
    assertContains(page, Result.objects.get().remark or "no remark was kept")
    assertNotContains(page, "Nothing in it looks like a face")


def test_no_face_with_one_engine_shows_no_other(client: Client, submit: Submit) -> None:
    submit("rocket.jpg")
    assert buttons(client, Result.objects.get()) == {}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, (True, False)),
        ({"mode": "0", "need_rotate_detection": "1"}, (False, True)),
        ({"mode": "1", "need_rotate_detection": "0"}, (True, False)),
    ],
)
def test_a_run_can_have_other_options(
    client: Client, submit: Submit, asked: dict[str, str], expected: tuple[bool, bool]
) -> None:
    submit("two_people.jpg", mode="1")
    result = Result.objects.get()
    assert result.face_count == 1
    assertRedirects(again(client, result, engine="local", **asked), detail(newest()), 303)
    assert (newest().largest_only, newest().rotate) == expected
    assert newest().face_count == 2 - expected[0]


def test_the_other_options_begin_as_they_were(client: Client, submit: Submit) -> None:
    submit("rocket.jpg", mode="1")
    options = AGAIN.search(client.get(detail(Result.objects.get())).content.decode())
    assert options and re.findall(r'name="(\w+)"\s+value="1"\s*(checked)?', options[0]) == [
        ("mode", "checked"),
        ("need_rotate_detection", ""),
        ("dense", ""),
    ]


def test_an_option_that_is_none_is_refused(client: Client, astronaut: Result) -> None:
    assertContains(again(client, astronaut, engine="local", mode="2"), "“mode” must be 0 or 1.", status_code=400)
    assert Result.objects.count() == 1


@pytest.mark.parametrize("engine", ["", "retired", "auto", "acedata"])
def test_an_engine_that_is_not_there_is_refused(client: Client, astronaut: Result, engine: str) -> None:
    assertContains(again(client, astronaut, engine=engine), "available here. Go back", status_code=400)
    assert Result.objects.count() == 1


def test_a_get_request_runs_nothing(client: Client, astronaut: Result) -> None:
    assert client.get(reverse("landmarks:result-again", args=[astronaut.pk])).status_code == 405


def test_another_browser_runs_nothing(failed: Result, hosted: Vendor) -> None:
    assert again(Client(), failed, engine="acedata").status_code == 404
    assert len(hosted.requests) == 1


# --- in a shared history ---------------------------------------------------------------------------------------------


@pytest.fixture
def stranger(settings: LazySettings) -> Client:
    """A browser with a history of its own, which sees that of others, too."""
    settings.HISTORY = "shared"
    client = Client()
    client.get("/")
    return client


@pytest.mark.parametrize("fields", [{}, {"compare": "1"}, {"mode": "1"}])
@pytest.mark.parametrize("kind", ["failed", "local"])
def test_a_stranger_has_no_photo_of_others_sent_away(
    stranger: Client, hosted: Vendor, request: pytest.FixtureRequest, kind: str, fields: dict[str, str]
) -> None:
    result: Result = request.getfixturevalue(kind)
    calls = len(hosted.requests)
    assert set(buttons(stranger, result)) <= {"local"}
    page = stranger.get(detail(result))
    assertContains(page, "Only whoever sent this photo can send it to Ace Data Cloud, which bills each call.")
    assertNotContains(page, 'value="acedata"')
    for client in (stranger, Client()):
        response = again(client, result, engine="acedata", **fields)
        assertContains(response, "the photo is sent there, and each call is billed", status_code=403)
    address = reverse("landmarks:result-again", args=[result.pk])
    program = stranger.post(address, {"engine": "acedata", **fields}, headers={"Accept": "application/json"})
    assert (program.status_code, program.json()["error"]["code"]) == (403, "owner_only")
    assert len(hosted.requests) == calls
    assert len(hosted.uploads) == calls
    assert Result.objects.count() == 1


def test_a_stranger_runs_the_embedded_engine(stranger: Client, failed: Result) -> None:
    assert buttons(stranger, failed) == {"local": "Use the embedded engine"}
    assertRedirects(again(stranger, failed, engine="local"), detail(newest()), 303)
    assert (newest().engine, newest().owner) == ("local", failed.owner)


def test_a_stranger_compares_with_what_was_paid_already(
    client: Client, stranger: Client, local: Result, hosted: Vendor
) -> None:
    again(client, local, engine="acedata", compare="1")
    hosted_run = newest()
    assertContains(stranger.get(detail(local)), comparison(local, hosted_run))
    assertRedirects(again(stranger, local, engine="acedata", compare="1"), comparison(local, hosted_run), 303)
    assert len(hosted.requests) == 1


def test_the_owner_has_the_photo_sent_also_from_a_shared_history(
    client: Client, stranger: Client, local: Result, hosted: Vendor
) -> None:
    assert buttons(client, local) == {"acedata": "Compare with Ace Data Cloud"}
    again(client, local, engine="acedata", compare="1")
    assert len(hosted.requests) == 1


def test_a_lost_photo_is_reported(client: Client, astronaut: Result) -> None:
    astronaut.photo.file.storage.delete(str(astronaut.photo.file.name))
    response = again(client, astronaut, engine="local")
    assertRedirects(response, detail(astronaut), 303, fetch_redirect_response=False)
    assertContains(client.get(detail(astronaut)), MESSAGES["photo_gone"])


def test_a_storage_failure_is_reported(client: Client, submit: Submit, settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    submit("astronaut.jpg")
    result = Result.objects.get()
    shutil.rmtree(tmp_path / "thumbnails")
    (tmp_path / "thumbnails").write_text("in the way of the folder")
    assertRedirects(again(client, result, engine="local"), detail(result), 303, fetch_redirect_response=False)
    assertContains(client.get(detail(result)), "its disk may be full or its database locked")
    assert Result.objects.count() == 1


def test_a_result_of_an_engine_that_is_gone_is_still_shown(client: Client, astronaut: Result) -> None:
    Result.objects.update(engine="retired")
    assert buttons(client, astronaut) == {"local": "Compare with the embedded engine"}
    Result.objects.update(status="failed", error_code="engine_failed", error_message="It broke.", face_count=0)
    assert buttons(client, astronaut) == {"local": "Use the embedded engine"}
