"""The request that makes a result again, by this site's own API: as JSON, for curl and for Python."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from landmarks.models import Result
from landmarks.services import importing

TOKEN_VARIABLE = "FACESITE_TOKEN"  # noqa: S105 - the name of a variable
Fields = Mapping[str, str | int]


@dataclass(frozen=True)
class Snippet:
    slug: str
    label: str
    text: str


def snippets(result: Result, address: str, analyze_url: str, results_url: str) -> list[Snippet]:
    """`address` is that of the photo, as far as it may be shown; empty for a file.

    The URLs are those where this site takes addresses in the vendor's form, and files.
    """
    options = {"mode": int(result.largest_only), "need_rotate_detection": int(result.rotate)}
    version = {"face_model_version": result.requested_face_model_version}
    if address:
        body: Fields = {"image_url": address, **options, **version}
        texts = json.dumps(body, indent=2), curl_with_address(body, analyze_url), python_with_address(body, analyze_url)
    else:
        dense = {"dense": 1} if result.dense else {}
        form: Fields = {**options, **version, **dense, **engine_field(result)}
        request = json.dumps({"photo": result.name, **form}, indent=2, ensure_ascii=False)
        texts = (
            request,
            curl_with_file(result.name, form, results_url),
            python_with_file(result.name, form, results_url),
        )
    labels = (("request", "Request"), ("curl", "curl"), ("python", "Python"))
    return [Snippet(slug, label, text) for (slug, label), text in zip(labels, texts, strict=True)]


def engine_field(result: Result) -> Fields:
    """Corrected points were not found by an engine that could be named."""
    return {} if result.engine == importing.ENGINE else {"engine": result.engine}


def curl_with_address(body: Fields, url: str) -> str:
    return curl(url, '-H "Content-Type: application/json"', f"-d {shlex.quote(json.dumps(body))}")


def curl_with_file(name: str, form: Fields, url: str) -> str:
    # Within quotes, curl takes semicolons and commas as part of the name.
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    photo = shlex.quote(f'photo=@"{escaped}"')
    fields = (f"-F {field}={shlex.quote(str(value))}" for field, value in form.items())
    return curl(url, f"-F {photo}", *fields)


def curl(url: str, *options: str) -> str:
    token = f'-H "Authorization: Bearer ${TOKEN_VARIABLE}"'
    return " \\\n  ".join([f"curl {shlex.quote(url)}", token, *options])


def python_with_address(body: Fields, url: str) -> str:
    return f"""import os

import requests

response = requests.post(
    {url!r},
    headers={{"Authorization": f"Bearer {{os.environ['{TOKEN_VARIABLE}']}}"}},
    json={{
{python_items(body)}
    }},
    timeout=60,
)
response.raise_for_status()
for face in response.json()["face_shape_set"]:
    print(face["nose"][0])"""


def python_with_file(name: str, form: Fields, url: str) -> str:
    return f"""import os

import requests

with open({name!r}, "rb") as photo:
    response = requests.post(
        {url!r},
        headers={{"Authorization": f"Bearer {{os.environ['{TOKEN_VARIABLE}']}}"}},
        files={{"photo": photo}},
        data={{
{python_items(form, indent=12)}
        }},
        timeout=60,
    )
response.raise_for_status()
for face in response.json()["faces"]:
    print(face["points"]["nose"][0])"""


def python_items(fields: Fields, indent: int = 8) -> str:
    return "\n".join(f"{' ' * indent}{key!r}: {value!r}," for key, value in fields.items())
