"""What the page of a result says of a face: figures, guessed points, a sentence."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from landmarks.core.measures import inter_ocular_distance
from landmarks.core.schema import SPANS
from landmarks.engines.local.expressions import SCORE_INDICES
from landmarks.models import Result
from tests.web.conftest import body
from tests.web.result_page import figure, overlays, page_of


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
        (50.0, 0.0, "one side of the face is turned away; something covers others, or the photo isn’t clear there"),
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
