"""What tests of further runs over a kept photo share: runs, and their pages."""

import re
from dataclasses import replace

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from landmarks.core.faces import Face
from landmarks.models import Result
from landmarks.wire.acedata import face_to_wire
from tests.vendor import analysis, answering, refusal

BUTTON = re.compile(r'name="engine"\s+value="(\w+)"[^>]*>([^<]+)</button>')
AGAIN = re.compile(r'<details class="run-again">.*?</details>', re.DOTALL)
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
