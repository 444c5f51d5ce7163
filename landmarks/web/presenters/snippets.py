"""The request behind a result, for this site's own API: as JSON, for curl and for Python."""

import json
import shlex
from dataclasses import dataclass

from landmarks.models import Result

PLACEHOLDER = "https://example.com/photo.jpg"
"""For a photo that was uploaded as a file: the API takes addresses only."""


@dataclass(frozen=True)
class Snippet:
    slug: str
    label: str
    text: str


def snippets(result: Result, endpoint: str, address: str) -> list[Snippet]:
    """`endpoint` is the whole address of the API; `address` that of the photo, as far as it may be shown."""
    body = request_body(result, address)
    return [
        Snippet("request", "Request", json.dumps(body, indent=2)),
        Snippet("curl", "curl", as_curl(body, endpoint)),
        Snippet("python", "Python", as_python(body, endpoint)),
    ]


def request_body(result: Result, address: str) -> dict[str, str | int]:
    return {
        "image_url": address or PLACEHOLDER,
        "mode": int(result.largest_only),
        "face_model_version": result.requested_face_model_version,
        "need_rotate_detection": int(result.rotate),
    }


def as_curl(body: dict[str, str | int], endpoint: str) -> str:
    return " \\\n  ".join(
        [
            f"curl {shlex.quote(endpoint)}",
            '-H "Authorization: Bearer $TOKEN"',
            '-H "Content-Type: application/json"',
            f"-d {shlex.quote(json.dumps(body))}",
        ]
    )


def as_python(body: dict[str, str | int], endpoint: str) -> str:
    fields = "\n".join(f"        {key!r}: {value!r}," for key, value in body.items())
    return f"""import os

import requests

response = requests.post(
    {endpoint!r},
    headers={{"Authorization": f"Bearer {{os.environ['TOKEN']}}"}},
    json={{
{fields}
    }},
    timeout=60,
)
response.raise_for_status()
for face in response.json()["face_shape_set"]:
    print(face["nose"][0])"""
