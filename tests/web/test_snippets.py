"""The request behind a result: what is shown is what a client may send."""

import ast
import json
import shlex

import pytest

from landmarks.models import Result
from landmarks.web.presenters.snippets import snippets

ENDPOINT = "https://faces.example/face/analyze"
ADDRESS = 'https://example.org/it\'s "one" $(photo).jpg?a=1&b=2'


def texts(result: Result) -> dict[str, str]:
    return {example.slug: example.text for example in snippets(result, ENDPOINT, result.address)}


@pytest.fixture
def fetched() -> Result:
    return Result(address=ADDRESS, largest_only=True, rotate=False, requested_face_model_version="3.0")


EXPECTED = {"image_url": ADDRESS, "mode": 1, "face_model_version": "3.0", "need_rotate_detection": 0}


def test_the_request_has_the_vendor_s_form(fetched: Result) -> None:
    assert json.loads(texts(fetched)["request"]) == EXPECTED


def test_curl_sends_that_request_whatever_the_address_is(fetched: Result) -> None:
    command = shlex.split(texts(fetched)["curl"].replace("\\\n", ""))
    assert command[:2] == ["curl", ENDPOINT]
    assert command[2:6] == ["-H", "Authorization: Bearer $TOKEN", "-H", "Content-Type: application/json"]
    assert json.loads(command[command.index("-d") + 1]) == EXPECTED


def test_python_sends_that_request_whatever_the_address_is(fetched: Result) -> None:
    calls = [node for node in ast.walk(ast.parse(texts(fetched)["python"])) if isinstance(node, ast.Call)]
    post = next(call for call in calls if ast.unparse(call.func) == "requests.post")
    assert ast.literal_eval(post.args[0]) == ENDPOINT
    body = next(keyword.value for keyword in post.keywords if keyword.arg == "json")
    assert ast.literal_eval(body) == EXPECTED


def test_a_photo_that_came_as_a_file_has_an_address_to_be_replaced() -> None:
    sent = Result(address="", requested_face_model_version="3.0")
    assert json.loads(texts(sent)["request"])["image_url"] == "https://example.com/photo.jpg"
