"""Measures of several results: the page, its pictures, and the way from the history."""

from uuid import uuid4

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from landmarks.models import Result
from tests.web.conftest import Submit, body

PAGE = "/results/measures/"


@pytest.fixture
def three(submit: Submit) -> list[str]:
    """Ids of results, the oldest first; there is no face in the last."""
    submit("astronaut.jpg", "two_people.jpg", "rocket.jpg")
    return [str(id) for id in Result.objects.order_by("position").values_list("pk", flat=True)]


def test_the_history_leads_to_the_measures_of_the_selection(client: Client, three: list[str]) -> None:
    assertContains(client.get("/results/"), f'formaction="{PAGE}')
    response = client.post(PAGE, {"result": three[:2]})
    assert response.status_code == 303
    page = client.get(response["Location"])
    assertContains(page, "Measures of 2 results")
    assertContains(page, "astronaut.jpg")


def test_all_that_match_can_be_selected(client: Client, three: list[str]) -> None:
    assertContains(client.get(PAGE), "Measures of 2 results")
    assertContains(client.get(f"{PAGE}?words=astronaut"), "<h1>Measures of 1 result</h1>")


def test_a_measure_and_a_unit_can_be_chosen(client: Client, three: list[str]) -> None:
    page = client.get(f"{PAGE}?ids={three[0]},{three[1]}&measure=nose_width&unit=px")
    assertContains(page, "Nose width, px")
    assertContains(page, f'<input type="hidden" name="ids" value="{three[0]},{three[1]}">', html=True)
    assertContains(page, "scatter.svg?ids=")
    for query in ("measure=ears", "unit=cm", "theme=red"):
        assertContains(client.get(f"{PAGE}?{query}"), "must be one of", status_code=400)


def test_one_measure_is_drawn_against_another(client: Client, three: list[str]) -> None:
    query = f"?ids={three[0]},{three[1]}&y=mouth_width&x=mrd1"
    page = client.get(PAGE + query)
    assertContains(page, "Mouth width, % of the eye distance, against Upper lid to pupil (MRD1), % of the eye distance")
    assertContains(page, "measure=mouth_width&amp;unit=eye_percent&amp;x=mrd1")
    assertContains(page, "Correlation, left (Pearson’s r, 2 faces): –")
    for title in ("Mouth width", "Upper lid to pupil (MRD1), left", "Upper lid to pupil (MRD1), right"):
        assertContains(page, f'<th scope="col">{title}</th>', html=True)
    drawn = client.get(f"{PAGE}scatter.svg{query}").content.decode()
    assert drawn.count("<circle") == drawn.count('<rect x="') == 2 + 1
    assert "Upper lid to pupil (MRD1), % of the eye distance" in drawn
    assertContains(client.get(f"{PAGE}?x=ears"), "“x” must be one of", status_code=400)


def test_all_measures_of_the_selection_are_files(client: Client, three: list[str]) -> None:
    page = client.get(f"{PAGE}?ids={three[0]},{three[1]}&measure=mrd1").content.decode()
    for name, first in (("measures", "result"), ("measures-json", "[")):
        address = f"/results/export/{name}?ids={three[0]},{three[1]}"
        assert f'href="{address}"' in page
        assert body(client.get(address)).decode().lstrip('"').startswith(first)


def test_the_pictures_are_svg(client: Client, three: list[str]) -> None:
    for name in ("scatter.svg?measure=mrd1&theme=dark", "mean-shape.svg"):
        response = client.get(PAGE + name)
        assert response["Content-Type"] == "image/svg+xml"
        assert response["Content-Security-Policy"].startswith("default-src 'none'")
        assert response.content.startswith(b"<svg")
    assertContains(client.get(f"{PAGE}mean-shape.svg"), "Mean shape of 2 faces")


def test_nothing_to_measure_is_said(client: Client, three: list[str]) -> None:
    assertContains(client.get(f"{PAGE}?ids={three[2]}"), "nothing to measure")
    assert client.get(f"{PAGE}scatter.svg?ids={three[2]}").status_code == 404
    assertRedirects(client.post(PAGE), "/results/", status_code=303)


def test_another_s_results_are_not_measured(client: Client, three: list[str]) -> None:
    other = Client()
    assert other.get(f"{PAGE}?ids={three[0]}").status_code == 404
    assertContains(other.get(PAGE), "Measures of 0 results")
    assert client.get(f"{PAGE}mean-shape.svg?ids={uuid4()}").status_code == 404
