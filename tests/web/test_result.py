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

from landmarks.core.measures import inter_ocular_distance
from landmarks.core.schema import BY_NAME, LEGEND, REGIONS, SPANS
from landmarks.drawing.colour import PLAIN, STEPS, face_colour
from landmarks.engines.local.expressions import SCORE_INDICES
from landmarks.models import Face, Photo, Result
from landmarks.storage import deletion
from tests.web.conftest import Submit, addresses, body

HOSTILE = '<img src=x onerror="alert(1)">{{ 7 }}.jpg'


def page_of(client: Client, result: Result, query: str = "") -> str:
    response = client.get(reverse("landmarks:result-detail", args=[result.pk]) + query)
    assert response.status_code == 200
    return response.content.decode()


def overlays(page: str) -> list[str]:
    """The overlay of the whole photo, then that of the close-up."""
    return re.findall(r'<svg class="overlay".*?</svg>', page, re.DOTALL)


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


def figure(page: str, label: str) -> str:
    found = re.search(rf"<dt[^>]*>\s*{label}\s*<span.*?</span>\s*</dt>\s*<dd>(.*?)</dd>", page, re.DOTALL)
    assert found
    return " ".join(strip_tags(found[1]).split())


def labels(page: str) -> list[str]:
    """What the figures that are always in sight tell of."""
    in_sight, _, _ = page.partition('<details class="more-measurements">')
    return re.findall(r'<dt tabindex="0">\s*([A-Z].*?)\s*<span', in_sight)


def test_the_figures_tell_head_eyes_and_mouth(client: Client, astronaut: Result) -> None:
    page = page_of(client, astronaut)
    assert figure(page, "Guessed") == "0 of 90 points"
    assert re.fullmatch(r"(Straight ahead|\d+° (right|left))( \d+° (up|down))?", figure(page, "Head direction"))
    assert re.fullmatch(r"Not tilted|\d+° (anti)?clockwise", figure(page, "Head tilt"))
    assert re.fullmatch(r"Open \d\d and \d\d % of width", figure(page, "Eyes"))
    assert re.fullmatch(r"(Open|Closed) \d+ % of width", figure(page, "Mouth"))
    assert re.fullmatch(r"Smiling \d\d %", figure(page, "Expression"))


def test_a_head_is_described_in_words(client: Client, astronaut: Result) -> None:
    astronaut.faces.update(pose={"yaw": 0.4, "pitch": -11.2, "roll": -1.0})
    page = page_of(client, astronaut)
    assert figure(page, "Head direction") == "Straight ahead 11° down"
    assert figure(page, "Head tilt") == "Not tilted"


@pytest.mark.parametrize("name", [*SCORE_INDICES])
def test_every_expression_of_the_engine_has_words(client: Client, astronaut: Result, name: str) -> None:
    astronaut.faces.update(expressions={name: 0.62})
    assert re.fullmatch(r"[A-Z][a-z]+( [a-z]+)* 62 %", figure(page_of(client, astronaut), "Expression"))


def test_every_figure_has_an_explanation(client: Client, astronaut: Result) -> None:
    page = page_of(client, astronaut)
    assert page.count('<dt tabindex="0">') == page.count('role="tooltip">') == 12
    assert not re.search(r'role="tooltip">\s*<', page)


def test_figures_of_a_covered_mouth_are_not_clear(client: Client, astronaut: Result) -> None:
    span = SPANS["mouth"]
    guessed = range(span.start, span.stop)
    astronaut.faces.update(uncertainty=[0.2 if index in guessed else 0.01 for index in range(90)])
    page = page_of(client, astronaut)
    assert figure(page, "Mouth") == "Not clear guessed"
    assert figure(page, "Eyes").startswith("Open")


def test_eight_figures_are_always_in_sight(client: Client, astronaut: Result) -> None:
    page = page_of(client, astronaut)
    assert labels(page) == [
        "Face size", "Confidence", "Head direction", "Head tilt", "Eyes", "Mouth", "Expression", "Guessed",
    ]  # fmt: skip
    assert figure(page, "Outside the photo") == "0 of 90 points"


def test_a_guessed_point_is_marked_in_picture_and_table(client: Client, astronaut: Result) -> None:
    face = astronaut.faces.get()
    face.uncertainty = [0.2] * 12 + [0.01] * 78
    face.save()
    page = page_of(client, astronaut)
    off = 0.2 * inter_ocular_distance(astronaut.found_faces()[0])
    assert figure(page, "Guessed") == "12 of 90 points"
    assert page.count(f"<small>guessed, ± {off:.1f} px</small>") == 12
    assert overlays(page)[1].count('href="#guess-face_profile"') == 12


@pytest.mark.parametrize(
    ("yaw", "shift", "cause"),
    [
        (0.0, 0.0, "something covers them, or the photo isn’t clear there"),
        (50.0, 0.0, "one side of the face is turned away; something covers them, or the photo isn’t clear there"),
        (0.0, 2000.0, "some lie outside the photo"),
    ],
)
def test_a_sentence_says_how_many_points_are_guessed_and_why(
    client: Client, astronaut: Result, yaw: float, shift: float, cause: str
) -> None:
    face = astronaut.faces.get()
    face.points = [[x + shift, y] for x, y in face.points]
    face.uncertainty, face.pose = [0.2] * 90, {"yaw": yaw, "pitch": 0.0, "roll": 0.0}
    face.save()
    (card,) = re.findall(r'<div class="caution".*?</div>', page_of(client, astronaut), re.DOTALL)
    assert " ".join(strip_tags(card).split()) == f"90 of 90 points are guessed: {cause}. Hide them"
    assert 'href="?guessed=0"' in card


def test_nothing_is_said_of_guessed_points_where_none_are(client: Client, astronaut: Result) -> None:
    page = page_of(client, astronaut)
    assert 'class="caution"' not in page
    assert 'class="guessed-key"' not in page


def test_guessed_points_can_be_hidden(client: Client, astronaut: Result) -> None:
    astronaut.faces.update(uncertainty=[0.2] * 12 + [0.01] * 78)
    page = page_of(client, astronaut, "?guessed=0")
    assert 'class="result without-guessed"' in page
    assert "Show them" in page
    svg = body(client.get(reverse("landmarks:result-overlay-svg", args=[astronaut.pk]) + "?guessed=0")).decode()
    assert "#guess-" not in svg and svg.count("<use ") == 78


def test_what_an_engine_does_not_tell_is_left_out(client: Client, astronaut: Result) -> None:
    astronaut.faces.update(score=None, uncertainty=None, pose=None, gaze=None, expressions=None)
    page = page_of(client, astronaut)
    assert labels(page) == ["Face size", "Eyes", "Mouth", "Pupil distance", "Centre", "Outside the photo"]
    assert "More measurements" not in page
    assert "<small>guessed" not in page
    assert "#guess-" not in "".join(overlays(page))


def test_a_face_without_a_strong_expression_is_calm(client: Client, astronaut: Result) -> None:
    astronaut.faces.update(expressions={"eyeBlinkLeft": 0.1, "eyeBlinkRight": 0.3})
    assert figure(page_of(client, astronaut), "Expression") == "Neutral"


@pytest.mark.parametrize(
    ("scores", "text"),
    [
        ({"eyeBlinkLeft": 0.5, "eyeBlinkRight": None, "mouthPucker": None}, "Eyes closing 50 %"),
        ({"eyeBlinkLeft": 0.1, "mouthPucker": None}, "Neutral where not covered"),
        ({"eyeBlinkLeft": None, "mouthPucker": None}, "Covered"),
    ],
)
def test_covered_expressions_are_not_counted(
    client: Client, astronaut: Result, scores: dict[str, float | None], text: str
) -> None:
    astronaut.faces.update(expressions=scores)
    page = page_of(client, astronaut)
    assert figure(page, "Expression") == text


def test_the_gaze_is_shown_where_the_eyes_are_clear(client: Client, astronaut: Result) -> None:
    astronaut.faces.update(gaze=None)
    assert figure(page_of(client, astronaut), "Gaze") == "Not clear"
    astronaut.faces.update(gaze={"yaw": -12.4, "pitch": 0.2})
    assert figure(page_of(client, astronaut), "Gaze") == "12° left"


def test_a_sentence_is_there_to_be_read_out(client: Client, two_people: Result) -> None:
    spoken = re.search(r'id="faces-summary">(.*?)</p>', page_of(client, two_people))
    assert spoken
    face = r"face \d, top (left|right), looking [a-z ]+, mouth closed"
    assert re.fullmatch(rf"2 faces; {face}; {face}\.", spoken[1])


# --- choices of what is drawn ----------------------------------------------------------------------------------------


def test_points_can_be_hidden_and_faded(client: Client, astronaut: Result) -> None:
    whole, close_up = overlays(page_of(client, astronaut, "?points=0&opacity=0.5"))
    assert "<use " not in whole + close_up
    assert 'class="lines" opacity="0.41"' in whole


def test_each_region_can_be_shown_alone_without_script(client: Client, astronaut: Result) -> None:
    page = page_of(client, astronaut, "?lines=0")
    assert 'href="?lines=0&amp;regions=mouth">Only<' in page
    assert 'href="?lines=0&amp;regions=">Hide all<' in page
    alone = page_of(client, astronaut, "?lines=0&regions=mouth")
    assert 'href="?lines=0">All<' in alone
    assert 'href="?lines=0">Show all<' in page_of(client, astronaut, "?lines=0&regions=")


def test_faces_are_distinguishable_by_colour(client: Client, two_people: Result) -> None:
    page = page_of(client, two_people, "?colour=face")
    for number in (1, 2):
        assert f'fill="{face_colour(number)}"' in overlays(page)[0]
        assert re.search(rf"</svg> Face {number}</li>", page)


def test_points_can_be_coloured_by_their_error(client: Client, astronaut: Result) -> None:
    astronaut.faces.update(uncertainty=[0.01] * 30 + [0.03] * 30 + [0.1] * 30)
    page = page_of(client, astronaut, "?colour=uncertainty")
    assert {STEPS[0].colour, STEPS[1].colour, STEPS[3].colour} <= set(re.findall(r'fill="(#\w+)"', overlays(page)[1]))
    assert all(f"</svg> {step.label}</li>" in page for step in STEPS)


def test_an_engine_that_tells_no_errors_says_so(client: Client, astronaut: Result) -> None:
    astronaut.faces.update(uncertainty=None)
    page = page_of(client, astronaut, "?colour=uncertainty")
    assert "Embedded engine doesn’t report how accurate its points are." in page
    assert set(re.findall(r'fill="(#\w+)"', overlays(page)[1])) == {PLAIN}


def test_the_picture_taken_away_has_the_colours_of_the_page(client: Client, astronaut: Result) -> None:
    page = page_of(client, astronaut, "?colour=face&opacity=0.5&zoom=8")
    assert "overlay.png?colour=face&amp;opacity=0.5&amp;scale=3&amp;download=1" in page
    address = reverse("landmarks:result-overlay-svg", args=[astronaut.pk])
    assert f'fill="{face_colour(1)}"' in body(client.get(address + "?colour=face")).decode()


def test_small_faces_have_all_their_marks_once_the_script_has_zoomed_in(client: Client, two_people: Result) -> None:
    Face.objects.update(points=[[10 + place / 9, 10 + place / 7] for place in range(90)])
    at_rest, zoomed = (overlays(page_of(client, two_people, query))[0] for query in ("", "?zoom=64"))
    assert at_rest.count("<use ") == 2 * 2
    assert at_rest.count("data-more-from=") == 2
    assert zoomed.count("<use ") == 2 * 90
    assert "data-more-from=" not in zoomed
