"""The result's page: what it shows of a photo and its faces, and to whom."""

import re
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from pytest_django.asserts import assertContains, assertNotContains, assertNumQueries, assertRedirects

from landmarks.core.schema import BY_NAME, LEGEND, REGIONS
from landmarks.models import Photo, Result
from landmarks.storage import deletion
from tests.web.conftest import Submit, addresses, body
from tests.web.result_page import figure, overlays, page_of

HOSTILE = '<img src=x onerror="alert(1)">{{ 7 }}.jpg'


def test_the_overlay_lies_over_the_photo_in_its_pixels(client: Client, two_people: Result) -> None:
    page = page_of(client, two_people)
    whole, close_up = overlays(page)
    assert 'viewBox="0 0 1126 661"' in whole
    assert whole.count('class="face"') == 2
    assert close_up.count("<use ") == 90
    assert re.search(r'<img src="[^"]+/photo"\s+width="1126"\s+height="661"', page)


def test_the_status_line_tells_the_facts(client: Client, two_people: Result) -> None:
    facts = re.search(r'<p class="result-summary">(.*?)</p>', page_of(client, two_people), re.DOTALL)
    assert facts
    told = strip_tags(facts[1]).strip()
    assert re.fullmatch(r"2 faces · \d+ ms · embedded engine [\d.]+ · 1126 × 661 · today \d\d:\d\d UTC", told)


def test_a_photo_that_exif_turns_says_so(client: Client, astronaut: Result) -> None:
    Photo.objects.update(orientation=6)
    assert "rotated by EXIF" in page_of(client, astronaut)


@pytest.mark.parametrize(("turned", "told"), [(90, "found sideways"), (180, "found upside down")])
def test_a_face_found_by_turning_says_so(client: Client, astronaut: Result, turned: int, told: str) -> None:
    tried = [{"turned": at, "width": None, "score": None, "face_count": int(at > 0)} for at in (0, turned)]
    Result.objects.update(attempts=tried)
    assert told in page_of(client, astronaut)


def test_a_photo_with_more_faces_than_are_kept_tells_how_many(
    client: Client, models_dir: Path, db: None, settings: LazySettings
) -> None:
    settings.MAX_FACES = 10
    response = client.post("/", {"sample": "solvay1927"})
    assertContains(client.get(response.headers["Location"]), "The 10 largest of 29 faces")


def test_the_legend_is_laid_out_like_the_face(client: Client, astronaut: Result) -> None:
    page = page_of(client, astronaut)
    cells = re.findall(r'name="regions"\s+value="(\w+)"[^>]*\schecked>(.*?)</label>', page, re.DOTALL)
    assert [name for name, _ in cells] == list(LEGEND)
    for name, cell in cells:
        assert BY_NAME[name].label in cell
        assert strip_tags(cell).split()[-1] == str(BY_NAME[name].count)
        assert f'#mark-{name}"' in cell


def test_the_toolbar_and_the_legend_choose_what_is_drawn(client: Client, astronaut: Result) -> None:
    page = page_of(client, astronaut, "?face=1&regions=&lines=0&size=2&regions=nose&regions=mouth")
    whole, close_up = overlays(page)
    assert close_up.count("<use ") == BY_NAME["nose"].count + BY_NAME["mouth"].count
    assert 'class="lines"' not in whole
    assert set(re.findall(r'data-region="(\w+)"', whole)) == {"nose", "mouth"}
    assert re.findall(r'name="regions"\s+value="(\w+)"[^>]*\schecked>', page) == ["nose", "mouth"]


def test_no_region_at_all_can_be_chosen(client: Client, astronaut: Result) -> None:
    whole, _ = overlays(page_of(client, astronaut, "?regions="))
    assert "<use " not in whole


def test_the_download_is_what_the_page_shows(client: Client, astronaut: Result) -> None:
    page = page_of(client, astronaut, "?face=1&regions=nose&lines=0")
    assert "overlay.png?regions=nose&amp;lines=0&amp;scale=3&amp;download=1" in page


def test_each_face_has_a_tab_and_a_close_up(client: Client, two_people: Result) -> None:
    page = page_of(client, two_people, "?face=2")
    tabs = re.findall(r'<a class="tab"\s+data-face-tab\s+data-view\s+href="([^"]+)"\s*(aria-current="true")?', page)
    assert tabs == [("?face=1", ""), ("?face=2", 'aria-current="true"')]
    # The two are nearly of a size, so either may be the first.
    sides = ["left" if face.box.right < 563 else "right" for face in two_people.found_faces()]
    assert re.findall(r"<strong>Face (\d)</strong> (\w+)", page) == list(zip("12", sides, strict=True))
    assert set(sides) == {"left", "right"}
    assert 'data-face="2"' in overlays(page)[1]
    assert 'data-face="1"' not in overlays(page)[1]


def test_the_figures_are_those_of_the_chosen_face(client: Client, two_people: Result) -> None:
    page = page_of(client, two_people, "?face=2")
    box = two_people.found_faces()[1].box
    assert figure(page, "Face size") == f"{box.width:.0f} × {box.height:.0f} px"


def test_the_points_are_there_as_text(client: Client, two_people: Result) -> None:
    page = page_of(client, two_people)
    assert page.count('<th scope="row">') == 90
    first = two_people.found_faces()[0].region("face_profile")[0]
    assert f"&quot;x&quot;: {round(first[0])}, &quot;y&quot;: {round(first[1])}" in page
    assert "… 1 more" in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?regions=hair", "There is no region called “hair”"),
        ("?regions=nose,<b>", "There is no region called “&lt;b&gt;”"),
        ("?face=3", "There is no face 3"),
        ("?face=x", "There is no face x"),
        ("?size=9", "“size” must be a number from 0.5 to 2.0"),
        ("?size=nan", "“size” must be a number from 0.5 to 2.0"),
        ("?colour=red", "“colour” must be one of region, face, uncertainty, not “red”."),
        ("?opacity=0", "“opacity” must be a number from 0.1 to 1.0"),
        ("?zoom=65", "“zoom” must be a number from 1.0 to 64.0"),
        ("?points=maybe", "“points” must be 0 or 1"),
        ("?lines=maybe", "“lines” must be 0 or 1"),
    ],
)
def test_an_unknown_option_is_rejected(client: Client, two_people: Result, query: str, sentence: str) -> None:
    response = client.get(reverse("landmarks:result-detail", args=[two_people.pk]) + query)
    assertContains(response, sentence, status_code=400)


def test_another_browser_finds_nothing(client: Client, astronaut: Result) -> None:
    stranger = Client()
    for address in addresses(astronaut):
        assert body(client.get(address)), address
        assert stranger.get(address).status_code == 404, address
    assert stranger.post(reverse("landmarks:result-delete", args=[astronaut.pk])).status_code == 404
    assert Result.objects.filter(pk=astronaut.pk).exists()


def test_a_shared_history_is_seen_by_all(client: Client, astronaut: Result, settings: LazySettings) -> None:
    settings.HISTORY = "shared"
    page = Client().get(reverse("landmarks:result-detail", args=[astronaut.pk]))
    assertContains(page, "Everyone who uses this site can see, rename and delete this result, and run")


def test_nothing_personal_is_cached(client: Client, astronaut: Result) -> None:
    for address in [*addresses(astronaut), "/results/", "/"]:
        response = client.get(address)
        assert body(response)
        assert {"private", "no-store"} <= set(response.headers["Cache-Control"].split(", ")), address
        assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_hostile_name_is_only_shown(client: Client, submit: Submit, images: Path) -> None:
    photo = SimpleUploadedFile(HOSTILE, (images / "two_people.jpg").read_bytes())
    location = client.post("/", {"photo": photo}).headers["Location"]
    for address in (location, "/results/"):
        response = client.get(address)
        assertNotContains(response, "<img src=x")
        assertContains(response, "&lt;img src=x onerror=")
        assertContains(response, "{{ 7 }}.jpg")


def test_neighbours_in_the_history_are_a_step_away(client: Client, submit: Submit) -> None:
    for _ in range(3):
        submit("rocket.jpg")
    oldest, middle, newest = Result.objects.order_by("created", "id")
    Result.objects.update(face_count=0)
    submit("astronaut.jpg")
    page = page_of(client, Result.objects.newest_first()[0])
    assert reverse("landmarks:result-detail", args=[newest.pk]) in page
    assert "Newer result" not in page
    assert str(oldest.pk) not in page
    assert str(middle.pk) not in page


def test_results_of_the_same_instant_are_neighbours_too(client: Client, submit: Submit) -> None:
    for _ in range(3):
        submit("astronaut.jpg")
    Result.objects.update(created=Result.objects.newest_first()[0].created)
    first, second, third = Result.objects.newest_first()
    page = page_of(client, second)
    assert re.search(rf'rel="prev"\s+data-key="k"\s+href="/results/{first.pk}/"', page)
    assert re.search(rf'rel="next"\s+data-key="j"\s+href="/results/{third.pk}/"', page)


def test_the_page_needs_few_queries(client: Client, two_people: Result) -> None:
    with assertNumQueries(7):
        page_of(client, two_people)


def test_no_face_tells_what_was_tried_and_what_helps(client: Client, submit: Submit) -> None:
    response = submit("rocket.jpg")
    assert response.status_code == 303
    page = client.get(response.headers["Location"])
    assertContains(page, "No face found in this photo")
    assertContains(page, "Not rotated")
    assertContains(page, "Rotated by 90°")
    assertContains(page, "the face is at least 40 pixels wide")
    assertContains(page, "Try another photo")
    assertContains(page, "Keep it in history")
    assertContains(page, reverse("landmarks:result-delete", args=[Result.objects.get().pk]))


def test_no_face_reports_the_best_candidate(client: Client, submit: Submit) -> None:
    location = submit("rocket.jpg").headers["Location"]
    upright = {"turned": 0, "width": 22.4, "score": 0.31, "face_count": 0}
    tried = [upright, {"turned": 90, "width": None, "score": None, "face_count": 0}]
    Result.objects.update(attempts=tried)
    page = client.get(location)
    assertContains(page, "The best candidate is 22 px wide with a score of 0.31")
    assertContains(page, "22 px, score 0.31")
    assertContains(page, "no candidate")


@pytest.fixture
def broken_engine(settings: LazySettings, tmp_path: Path) -> None:
    """The embedded engine without its model files."""
    settings.MODELS_DIR = tmp_path


def test_an_engine_that_fails_is_a_result_that_tells_why(client: Client, submit: Submit, broken_engine: None) -> None:
    response = submit("astronaut.jpg")
    result = Result.objects.get()
    assertRedirects(response, reverse("landmarks:result-detail", args=[result.pk]), 303)
    page = client.get(response.headers["Location"])
    assertContains(page, "The engine could not analyse this photo")
    assertContains(page, result.error_code)
    assert result.error_message.split()[0] in page.content.decode()
    assertContains(client.get("/results/"), "failed")


def test_deleting_takes_the_files_along(
    transactional_db: None, client: Client, submit: Submit, settings: LazySettings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    submit("astronaut.jpg")
    result = Result.objects.get()
    assert len([path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]) == 2
    response = client.post(reverse("landmarks:result-delete", args=[result.pk]))
    assertRedirects(response, "/results/", 303, fetch_redirect_response=False)
    assertContains(client.get("/results/"), "1 result deleted.")
    deletion.finish_deletions(timezone.now() + deletion.UNDO)
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
    assert not Photo.objects.exists()
    assert client.get(reverse("landmarks:result-detail", args=[result.pk])).status_code == 404


def test_a_get_request_deletes_nothing(client: Client, astronaut: Result) -> None:
    assert client.get(reverse("landmarks:result-delete", args=[astronaut.pk])).status_code == 405
    assert Result.objects.exists()


def test_every_region_has_its_colour_and_mark_on_the_page(client: Client, astronaut: Result) -> None:
    page = page_of(client, astronaut)
    for region in REGIONS:
        assert f'id="mark-{region.name}"' in page
        assert region.colour in page
