"""The request behind a result: what is shown makes that very result again."""

import ast
import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from landmarks.access import tokens
from landmarks.models import Result
from landmarks.web.presenters.snippets import snippets
from tests.conftest import missing
from tests.web.conftest import Submit, submit_from

ANALYZE, RESULTS = "https://faces.example/face/analyze", "https://faces.example/api/results"
ADDRESS = 'https://example.org/it\'s "one" $(photo).jpg?a=1&b=2'
ODD_NAME = "it's one; $(photo), ü.jpg"


def texts(result: Result, *urls: str) -> dict[str, str]:
    return {example.slug: example.text for example in snippets(result, result.address, *(urls or (ANALYZE, RESULTS)))}


@pytest.fixture
def fetched() -> Result:
    return Result(address=ADDRESS, largest_only=True, rotate=False, requested_face_model_version="3.0")


EXPECTED = {"image_url": ADDRESS, "mode": 1, "face_model_version": "3.0", "need_rotate_detection": 0}


def test_the_request_has_the_vendor_s_form(fetched: Result) -> None:
    assert json.loads(texts(fetched)["request"]) == EXPECTED


def test_curl_sends_that_request_whatever_the_address_is(fetched: Result) -> None:
    command = shlex.split(texts(fetched)["curl"].replace("\\\n", ""))
    assert command[:2] == ["curl", ANALYZE]
    assert command[2:6] == ["-H", "Authorization: Bearer $FACESITE_TOKEN", "-H", "Content-Type: application/json"]
    assert json.loads(command[command.index("-d") + 1]) == EXPECTED


def test_python_sends_that_request_whatever_the_address_is(fetched: Result) -> None:
    calls = [node for node in ast.walk(ast.parse(texts(fetched)["python"])) if isinstance(node, ast.Call)]
    post = next(call for call in calls if ast.unparse(call.func) == "requests.post")
    assert ast.literal_eval(post.args[0]) == ANALYZE
    body = next(keyword.value for keyword in post.keywords if keyword.arg == "json")
    assert ast.literal_eval(body) == EXPECTED


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["curl", "python"])
@pytest.mark.parametrize("name", ["two_people.jpg", ODD_NAME])
def test_the_code_makes_the_result_of_a_file_again(
    live_server: LiveServer, images: Path, models_dir: Path, tmp_path: Path, language: str, name: str
) -> None:
    if language == "curl" and not shutil.which("curl"):
        missing("curl is not installed")
    shutil.copy(images / "two_people.jpg", tmp_path / name)
    submit_from(Client(), tmp_path)(name, mode="1")
    first = Result.objects.get()
    code = texts(first, live_server.url + "/face/analyze", live_server.url + "/api/results")[language]
    command = ["bash", "-c", code] if language == "curl" else [sys.executable, "-c", code]
    environment = {**os.environ, "FACESITE_TOKEN": tokens.make("maker")}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    again = Result.objects.exclude(pk=first.pk).get()
    assert (again.name, again.largest_only, again.engine) == (name, True, first.engine)
    assert again.found_faces() == first.found_faces()


def test_every_block_of_code_has_a_copy_button(client: Client, submit: Submit) -> None:
    submit("two_people.jpg")
    page = client.get(reverse("landmarks:result-detail", args=[Result.objects.get().pk])).content.decode()
    assert page.count("data-panel=") == page.count("data-copy=")
