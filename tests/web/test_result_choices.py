"""What of a result is drawn, and how, by the choices in its address."""

import re

from django.test import Client
from django.urls import reverse

from landmarks.drawing.colour import PLAIN, STEPS, face_colour
from landmarks.models import Face, Result
from tests.web.conftest import body
from tests.web.result_page import overlays, page_of


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
