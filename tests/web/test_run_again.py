"""A second look at a photo that is kept: trying again after a failure, and two engines side by side."""

import re
import shutil
from dataclasses import replace
from math import dist
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from landmarks.core.faces import Face
from landmarks.core.messages import MESSAGES
from landmarks.core.schema import REGIONS
from landmarks.models import Result
from landmarks.wire.acedata import face_to_wire
from tests.vendor import TRACE_ID, Vendor, analysis, answering, face_in, refusal
from tests.web.conftest import Submit

BUTTON = re.compile(r'name="engine"\s+value="(\w+)"[^>]*>([^<]+)</button>')
AGAIN = re.compile(r'<details class="run-again">.*?</details>', re.DOTALL)
USED_UP = refusal(403, "used_up", "Your balance is not sufficient for current request.")
NO_FACE = refusal(400, "bad_request", "InvalidParameterValue.NoFaceInPhoto")


def again(client: Client, result: Result, **fields: str) -> HttpResponse:
    return client.post(reverse("landmarks:result-again", args=[result.pk]), fields)


def detail(result: Result) -> str:
    return reverse("landmarks:result-detail", args=[result.pk])


def comparison(one: Result, other: Result) -> str:
    return reverse("landmarks:result-compare", args=[one.pk, other.pk])


def buttons(client: Client, result: Result) -> dict[str, str]:
    """The runs that are offered by name, beside those with other options."""
    page = re.sub(AGAIN, "", client.get(detail(result)).content.decode())
    found = {engine: " ".join(label.split()) for engine, label in BUTTON.findall(page)}
    return {engine: label for engine, label in found.items() if "rotation" not in label}


def told_by_name(client: Client, result: Result) -> HttpResponse:
    """The page without the runs with other options, which say the same of each engine."""
    page = client.get(detail(result))
    page.content = re.sub(AGAIN, "", page.content.decode()).encode()
    return page


def newest() -> Result:
    return Result.objects.newest_first()[0]


def moved(face: Face, across: float, down: float = 0.0) -> Face:
    return replace(face, points=tuple((x + across, y + down) for x, y in face.points))


def answer(result: Result, *faces: Face) -> bytes:
    return answering(analysis(result.photo.width, result.photo.height, [face_to_wire(face) for face in faces]))


@pytest.fixture
def failed(submit: Submit, hosted: Vendor) -> Result:
    """A run that Ace Data Cloud refused, since its balance was used up."""
    hosted.answers(USED_UP)
    submit("astronaut.jpg", engine="acedata")
    return Result.objects.get()


@pytest.fixture
def local(submit: Submit, hosted: Vendor) -> Result:
    """Two people as the embedded engine sees them, on a site with both engines."""
    submit("two_people.jpg", engine="local")
    return Result.objects.get()


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


# --- comparing -------------------------------------------------------------------------------------------------------


def test_a_result_shows_the_other_engine_and_says_what_is_sent(client: Client, local: Result) -> None:
    assert buttons(client, local) == {"acedata": "Compare with Ace Data Cloud"}
    assertContains(
        told_by_name(client, local), "This sends the photo to Ace Data Cloud, which bills each call.", count=1
    )


def test_one_engine_has_no_comparison(client: Client, astronaut: Result) -> None:
    assertNotContains(client.get(detail(astronaut)), "Compare with")


def test_comparing_runs_the_other_engine_once(client: Client, local: Result, hosted: Vendor) -> None:
    response = again(client, local, engine="acedata", compare="1")
    other = newest()
    assertRedirects(response, comparison(local, other), 303)
    assertRedirects(again(client, local, engine="acedata", compare="1"), comparison(local, other), 303)
    assert len(hosted.requests) == 1
    for one, another in ((local, other), (other, local)):
        assertContains(client.get(detail(one)), comparison(one, another))
        assert buttons(client, one) == {}


def test_a_run_with_other_options_does_not_count(client: Client, local: Result, hosted: Vendor) -> None:
    Result.objects.create(
        owner=local.owner, photo=local.photo, engine="acedata", face_model_version="3.0", largest_only=True
    )
    assert buttons(client, local) == {"acedata": "Compare with Ace Data Cloud"}


def test_an_other_run_that_fails_leads_to_its_reason(client: Client, local: Result, hosted: Vendor) -> None:
    hosted.answers(USED_UP)
    response = again(client, local, engine="acedata", compare="1")
    assertRedirects(response, detail(newest()), 303)
    assert newest().is_failed


def test_the_page_tells_how_far_the_points_lie_apart(client: Client, local: Result, hosted: Vendor) -> None:
    left, right = local.found_faces()
    hosted.answers(answer(local, moved(left, 3, 4), moved(right, -5, 1)))
    page = client.get(again(client, local, engine="acedata", compare="1").headers["Location"]).content.decode()
    means = []
    for one, other in zip(local.found_faces(), newest().found_faces(), strict=True):
        eyes = [dist(face.region("left_eye")[0], face.region("right_eye")[0]) for face in (one, other)]
        gaps = {
            region.label: [
                200 * dist(*points) / sum(eyes)
                for points in zip(one.region(region.name), other.region(region.name), strict=True)
            ]
            for region in REGIONS
        }
        table = tables(page)[len(means) + 1]
        assert table[:-1] == [(label, f"{sum(each) / len(each):.1f}\xa0%") for label, each in gaps.items()]
        means.append(sum(map(sum, gaps.values())) / 90)
        assert table[-1] == ("All 90 points", f"{means[-1]:.1f}\xa0%")
        assert f"{max(map(max, gaps.values())):.1f}\xa0%" in page
    told = f"the points of the 2 faces that both found are {sum(means) / 2:.1f}\xa0% of the eye distance apart"
    assert told in page
    assert tables(page)[0][-1][1] == f"{sum(means) / 2:.1f}\xa0%"
    assert "the embedded engine’s points are about 3" in page


def tables(page: str) -> list[list[tuple[str, str]]]:
    """Label and distance of each row of each table."""
    found = []
    for table in re.findall(r'<table class="distances">(.*?)</table>', page, re.DOTALL):
        rows = re.findall(r'<th scope="row">(.*?)</th>\s*<td class="number">(.*?)</td>', table, re.DOTALL)
        found.append(
            [(re.sub(r"<svg.*?</svg>|<[^>]+>", "", label, flags=re.DOTALL).strip(), told) for label, told in rows]
        )
    return found


def facts(engine: str, count: str) -> str:
    """What stands below an overlay."""
    return rf'>{engine}</a>\s*<span class="result-summary"><span>{count}</span> · <span>\d+ ms</span></span>'


def test_both_overlays_are_there_with_engine_time_and_faces(client: Client, local: Result, hosted: Vendor) -> None:
    left, _ = local.found_faces()
    hosted.answers(answer(local, left))
    page = client.get(again(client, local, engine="acedata", compare="1").headers["Location"]).content.decode()
    assert page.count('viewBox="0 0 1126 661"') == 2
    assert re.search(facts(r"Embedded engine [\d.]+", "2 faces"), page)
    assert re.search(facts("Ace Data Cloud[^<]*", "1 face"), page)
    assert "Only the embedded engine found 1 face: number 2." in page
    assert "Lines: the embedded engine. Marks: Ace Data Cloud." in page


def test_faces_of_different_order_have_both_numbers(client: Client, local: Result, hosted: Vendor) -> None:
    left, right = local.found_faces()
    grown = replace(right, points=tuple((1.3 * x - 0.3 * 870, 1.3 * y - 0.3 * 200) for x, y in right.points))
    hosted.answers(answer(local, left, grown))
    page = client.get(again(client, local, engine="acedata", compare="1").headers["Location"])
    assertContains(page, "Face 1, number 2 of Ace Data Cloud")


def test_no_face_in_common_is_reported(client: Client, local: Result, hosted: Vendor) -> None:
    face = face_in(local.photo.width, local.photo.height)
    hosted.answers(answering(analysis(local.photo.width, local.photo.height, [face])))
    page = client.get(again(client, local, engine="acedata", compare="1").headers["Location"])
    assertContains(page, "no face was found by both")
    assertContains(page, "Only the embedded engine found 2 faces: numbers 1, 2.")
    assertContains(page, "Only Ace Data Cloud found 1 face.")


def test_two_runs_of_one_engine_can_be_compared(client: Client, astronaut: Result) -> None:
    again(client, astronaut, engine="local")
    page = client.get(comparison(astronaut, newest()))
    assertContains(page, "are 0.0\xa0% of the eye distance apart")
    assertContains(page, "Lines: the first run. Marks: the second run.")


def test_a_run_with_other_options_can_be_compared(client: Client, two_people: Result) -> None:
    again(client, two_people, engine="local", mode="1")
    largest = newest()
    for page in (client.get(detail(two_people)), client.get(detail(largest))):
        assertContains(page, f'href="{comparison(two_people, largest)}"')


def test_a_run_with_the_same_options_is_not(client: Client, two_people: Result) -> None:
    again(client, two_people, engine="local")
    assertNotContains(client.get(detail(newest())), "Compare both runs")


def test_only_two_results_of_one_photo_that_one_may_see_are_compared(
    client: Client, submit: Submit, local: Result, hosted: Vendor
) -> None:
    again(client, local, engine="acedata")
    other = newest()
    assert client.get(comparison(local, other)).status_code == 200
    assert Client().get(comparison(local, other)).status_code == 404
    assert client.get(comparison(local, local)).status_code == 404
    submit("astronaut.jpg", engine="local")
    assert client.get(comparison(local, newest())).status_code == 404
    Result.objects.filter(pk=other.pk).update(status="failed", error_code="api_error")
    assert client.get(comparison(local, other)).status_code == 404
    assert client.get(comparison(other, local)).status_code == 404
