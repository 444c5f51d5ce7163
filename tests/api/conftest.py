"""What the tests of the API share: tokens, programs that show them, and photos behind addresses."""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.vendor import Vendor
from tests.web.conftest import hosted  # noqa: F401  a fixture of this package, too

if TYPE_CHECKING:
    from django.conf import LazySettings

ANALYZE, FILES, RESULTS = "/face/analyze", "/api/v1/files/", "/api/results"
REGION_COUNTS = {
    "face_profile": 21,
    "left_eye": 8,
    "right_eye": 8,
    "left_eye_brow": 8,
    "right_eye_brow": 8,
    "mouth": 22,
    "nose": 13,
    "left_pupil": 1,
    "right_pupil": 1,
}


@dataclass(frozen=True)
class Program:
    """A client that shows a token, and sends and takes JSON."""

    token: str
    client: Client

    def post(self, path: str, body: Any = None, **more: Any) -> HttpResponse:
        return self.client.post(path, body, headers=self.headers(), **more)

    def analyze(self, image_url: object = None, path: str = ANALYZE, **fields: Any) -> HttpResponse:
        named = {} if image_url is None else {"image_url": image_url}
        return self.post(path, {**named, **fields}, content_type="application/json")

    def get(self, path: str, **more: Any) -> HttpResponse:
        return self.client.get(path, headers=self.headers(), **more)

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def send(self, path: str, photo: Path, field: str, **fields: str) -> HttpResponse:
        with photo.open("rb") as file:
            return self.post(path, {field: file, **fields})


MakeToken = Callable[..., str]


@pytest.fixture
def make_token(db: None) -> MakeToken:
    from landmarks.access import tokens

    def make(name: str = "ann", **options: Any) -> str:
        return tokens.make(name, **options)

    return make


@pytest.fixture
def program(client: Client, make_token: MakeToken, models_dir: Path) -> Program:
    return Program(make_token(rate="off"), client)


@pytest.fixture
def made(program: Program, images: Path) -> dict:
    """The JSON of a result with two faces."""
    response = program.send(RESULTS, images / "two_people.jpg", "photo")
    assert response.status_code == 201
    return response.json()


@pytest.fixture
def somebody_else(make_token: MakeToken) -> Program:
    return Program(make_token("bob"), Client())


@pytest.fixture
def web(vendor: Vendor, settings: "LazySettings", images: Path) -> Callable[[str], str]:
    """Offers a photo of tests/images under an address that may be fetched."""
    settings.FETCH_ALLOW_NETWORKS = (ip_network("127.0.0.0/8"),)
    return lambda name: vendor.puts(f"/{name}", (images / name).read_bytes())


def error_of(response: HttpResponse) -> tuple[int, str]:
    """Status and code of a response with the vendor's error body, which is checked to be complete."""
    body = response.json()
    assert list(body) == ["success", "error", "trace_id"]
    assert body["success"] is False
    assert set(body["error"]) == {"code", "message"}
    assert body["error"]["message"]
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["x-trace-id"] == body["trace_id"]
    return response.status_code, body["error"]["code"]
