"""A result's name and note: written, shown as text, refused with a sentence, and nobody else's to write."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from landmarks.models import Result
from landmarks.services.descriptions import NAME_LENGTH, NOTE_LENGTH
from tests.web.conftest import Submit


def describe(client: Client, result: Result, query: str = "", **fields: str):
    return client.post(reverse("landmarks:result-describe", args=[result.pk]) + query, fields)


def page(client: Client, result: Result):
    return client.get(reverse("landmarks:result-detail", args=[result.pk]))


def test_name_and_note_are_kept_and_shown(client: Client, astronaut: Result) -> None:
    response = describe(client, astronaut, name="Eileen\r\n Collins", note="In orange.\r\nNASA, 1999")
    assertRedirects(response, reverse("landmarks:result-detail", args=[astronaut.pk]), 303)
    astronaut.refresh_from_db()
    assert (astronaut.name, astronaut.note) == ("Eileen Collins", "In orange.\nNASA, 1999")
    assertContains(page(client, astronaut), "In orange.<br>NASA, 1999")
    assertContains(client.get("/results/"), "Eileen Collins")


def test_what_cannot_be_seen_is_dropped_from_both(client: Client, astronaut: Result) -> None:
    describe(client, astronaut, name="gpj\u202e.\u200bexe\0 👩\u200d🚀", note="a\u2066b\r\n\u200fc")
    astronaut.refresh_from_db()
    assert (astronaut.name, astronaut.note) == ("gpj.exe 👩\u200d🚀", "ab\nc")


def test_name_and_note_turn_no_text_around_them(client: Client, astronaut: Result) -> None:
    describe(client, astronaut, name="שלום.jpg", note="مرحبا")
    assertContains(page(client, astronaut), "<bdi>שלום.jpg</bdi>")
    assertContains(page(client, astronaut), "<bdi>مرحبا</bdi>")
    assertContains(client.get("/results/"), "<bdi>שלום.jpg</bdi>")


def test_the_fields_take_as_much_as_the_server(client: Client, astronaut: Result) -> None:
    lengths = {"name": NAME_LENGTH, "note": NOTE_LENGTH}
    shown = re.findall(r'name="(name|note)"[^>]*maxlength="(\d+)"', page(client, astronaut).content.decode())
    assert {name: int(length) for name, length in shown} == lengths
    # Browsers count a line break as one character and send two.
    assert describe(client, astronaut, name="n" * NAME_LENGTH, note="x\r\n" * 4999 + "xx").status_code == 303
    astronaut.refresh_from_db()
    assert (len(astronaut.name), len(astronaut.note)) == (NAME_LENGTH, NOTE_LENGTH)


def test_the_view_stays_as_it_was_chosen(client: Client, astronaut: Result) -> None:
    response = describe(client, astronaut, "?regions=nose&lines=0", name="Nose", note="")
    assert response.headers["Location"].endswith("/?regions=nose&lines=0")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": " ", "note": "kept"}, "Enter a name."),
        ({"name": "n" * 256, "note": "kept"}, "This name is longer than 255 characters."),
        ({"name": "fine", "note": "kept" * 2501}, "This note is longer than 10000 characters."),
        ({"name": "\u202e\u200b\u3164\0", "note": "kept"}, "Enter a name."),
    ],
)
def test_an_error_says_why_and_keeps_what_was_typed(
    client: Client, astronaut: Result, fields: dict[str, str], sentence: str
) -> None:
    response = describe(client, astronaut, **fields)
    assertContains(response, sentence, status_code=400)
    assertContains(response, f">{fields['note']}</textarea>", status_code=400)
    astronaut.refresh_from_db()
    assert (astronaut.name, astronaut.note) == ("astronaut.jpg", "")


def test_a_result_without_faces_can_be_described_too(client: Client, submit: Submit) -> None:
    submit("rocket.jpg")
    result = Result.objects.get()
    assertContains(describe(client, result, name=""), "Enter a name.", status_code=400)
    describe(client, result, name="Rocket", note="No face, of course.")
    assertContains(page(client, result), "No face, of course.")


def test_a_hostile_note_is_only_shown(client: Client, astronaut: Result) -> None:
    describe(client, astronaut, name="<b>", note="</textarea><script>alert(1)</script>")
    response = page(client, astronaut)
    assert b"<script>alert" not in response.content
    assertContains(response, "&lt;/textarea&gt;&lt;script&gt;")


def test_another_browser_describes_nothing(astronaut: Result) -> None:
    assert describe(Client(), astronaut, name="Mine", note="").status_code == 404
    astronaut.refresh_from_db()
    assert astronaut.name == "astronaut.jpg"


def test_a_get_request_changes_nothing(client: Client, astronaut: Result) -> None:
    assert client.get(reverse("landmarks:result-describe", args=[astronaut.pk])).status_code == 405
