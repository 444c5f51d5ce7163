"""The request behind a result, to be sent to this site's own API: as JSON, for curl and for Python."""

import json
import shlex
from dataclasses import dataclass

from landmarks.models import Result

PLACEHOLDER = "https://example.com/photo.jpg"
"""The address of a photo that came as a file: the API takes addresses only."""


@dataclass(frozen=True)
class Example:
    """One way to write the request."""

    slug: str
    label: str
    text: str


def examples(result: Result, endpoint: str) -> list[Example]:
    """`endpoint` is the whole address of the API."""
    asked = request_body(result)
    return [
        Example("request", "Request", json.dumps(asked, indent=2)),
        Example("curl", "curl", as_curl(asked, endpoint)),
        Example("python", "Python", as_python(asked, endpoint)),
    ]


def request_body(result: Result) -> dict[str, str | int]:
    """In the vendor's form."""
    return {
        "image_url": result.address or PLACEHOLDER,
        "mode": int(result.largest_only),
        "face_model_version": result.asked_face_model_version,
        "need_rotate_detection": int(result.rotate),
    }


def as_curl(asked: dict[str, str | int], endpoint: str) -> str:
    return " \\\n  ".join(
        [
            f"curl {shlex.quote(endpoint)}",
            '-H "Authorization: Bearer $TOKEN"',
            '-H "Content-Type: application/json"',
            f"-d {shlex.quote(json.dumps(asked))}",
        ]
    )


def as_python(asked: dict[str, str | int], endpoint: str) -> str:
    body = "\n".join(f"        {key!r}: {value!r}," for key, value in asked.items())
    return f"""import os

import requests

answer = requests.post(
    {endpoint!r},
    headers={{"Authorization": f"Bearer {{os.environ['TOKEN']}}"}},
    json={{
{body}
    }},
    timeout=60,
)
answer.raise_for_status()
for face in answer.json()["face_shape_set"]:
    print(face["nose"][0])"""
