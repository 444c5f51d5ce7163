"""The clients that the vendor publishes, as they come from a package index, against a running site."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.api.conftest import REGION_COUNTS
from tests.api.servers import make_token, run_command
from tests.conftest import in_turn, missing
from tests.patience import PATIENCE
from tests.server.test_serve import serving
from tests.vendor import PLATFORM_TOKEN, TOKEN, Vendor, refusal

HERE = Path(__file__).parent
INSTALL_SECONDS = 300

pytestmark = [pytest.mark.clients, pytest.mark.slow]
each_client = pytest.mark.parametrize("client", ["sync", "async", "cli", "mcp"])


@pytest.fixture(scope="module")
def python(run_folder: Path) -> Path:
    """The Python of an environment that has the clients and nothing of ours, made once in each run."""
    folder = run_folder / "clients"
    is_complete = folder / "is_complete"
    with in_turn(run_folder / "clients.lock"):
        if not is_complete.exists():
            install(folder)
            is_complete.touch()
    return folder / "bin" / "python"


def install(folder: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True, timeout=INSTALL_SECONDS)
    pip = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--requirement", HERE / "clients.txt"]
    try:
        subprocess.run(pip, check=True, capture_output=True, timeout=INSTALL_SECONDS)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        missing("the vendor's clients cannot be had from a package index")


@dataclass(frozen=True)
class Site:
    address: str
    data_dir: Path

    def token(self, rate: str = "1000/min", *args: str) -> str:
        return make_token(self.data_dir, "client", "--rate", rate, *args)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site") / "data"
    with serving(folder, models_dir) as running:
        yield Site(running.address, folder)


@pytest.fixture(scope="module")
def token(site: Site) -> str:
    return site.token()


Run = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def run(python: Path, site: Site) -> Run:
    return running_against(site, python)


def running_against(site: Site, python: Path) -> Run:
    def run(client: str, token: str, call: str, *arguments: str) -> dict[str, Any]:
        done = subprocess.run(
            [python, HERE / "vendor_client.py", client, site.address, token, call, *arguments],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            cwd=HERE,
            env={"HOME": str(site.data_dir), "NO_PROXY": "*"},
        )
        assert done.returncode == 0, done.stderr
        body: dict[str, Any] = json.loads(done.stdout)
        return body

    return run


@pytest.fixture(scope="module")
def photo(run: Run, token: str, images: Path) -> str:
    """The address of the upload that the vendor's own client makes."""
    return str(run("sync", token, "upload", str(images / "two_people.jpg"))["answer"]["file_url"])


@each_client
def test_finds_the_90_points_of_both_faces(run: Run, token: str, photo: str, client: str) -> None:
    answer = run(client, token, "analyze", photo)["answer"]
    assert list(answer) == ["image_width", "image_height", "face_model_version", "face_shape_set"]
    assert len(answer["face_shape_set"]) == 2
    for face in answer["face_shape_set"]:
        assert {region: len(points) for region, points in face.items()} == REGION_COUNTS


def test_thirty_calls_at_once_are_all_answered(run: Run, token: str, photo: str) -> None:
    answers = run("many", token, "analyze", photo)["answer"]
    assert [len(answer["face_shape_set"]) for answer in answers] == [2] * 30


@each_client
def test_finds_the_largest_face_alone(run: Run, token: str, photo: str, client: str) -> None:
    assert len(run(client, token, "analyze", photo, "1")["answer"]["face_shape_set"]) == 1


def test_uploads_while_it_waits(run: Run, token: str, images: Path) -> None:
    body = run("async", token, "upload", str(images / "rocket.jpg"))["answer"]
    assert body["file_url"].endswith(".jpg")


@pytest.mark.parametrize("client", ["sync", "async"])
@pytest.mark.parametrize("call", ["analyze", "upload"])
def test_a_wrong_token_is_reported_as_one(run: Run, photo: str, images: Path, client: str, call: str) -> None:
    argument = photo if call == "analyze" else str(images / "rocket.jpg")
    raised = run(client, "wrong", call, argument)
    assert (raised["raised"], raised["status_code"], raised["code"]) == ("AuthenticationError", 401, "invalid_token")
    assert UUID(raised["trace_id"])


def test_the_others_tell_a_wrong_token_in_their_way(run: Run, photo: str) -> None:
    assert run("cli", "wrong", "analyze", photo)["raised"] == "AdcAuthError"
    assert run("mcp", "wrong", "analyze", photo)["answer"]["error"] == "Authentication Error"


@pytest.mark.parametrize("client", ["sync", "async"])
def test_a_photo_without_a_face_is_requested_once_and_reported(run: Run, site: Site, images: Path, client: str) -> None:
    once = site.token("2/day")
    rocket = run(client, once, "upload", str(images / "rocket.jpg"))["answer"]["file_url"]
    raised = run(client, once, "analyze", rocket)
    assert (raised["raised"], raised["status_code"], raised["code"]) == ("ValidationError", 400, "bad_request")
    assert "No face was found" in raised["message"]


def test_the_others_tell_a_bad_request_in_their_way(run: Run, token: str) -> None:
    raised = run("cli", token, "analyze", "nowhere")
    assert (raised["raised"], raised["status_code"]) == ("AdcAPIError", 400)
    answer = run("mcp", token, "analyze", "nowhere")["answer"]
    assert answer["error"] == "API Error"
    assert "https://" in answer["message"]


@pytest.mark.parametrize("client", ["sync", "async"])
def test_too_many_requests_are_reported_after_the_tries_of_the_client(
    run: Run, site: Site, photo: str, client: str
) -> None:
    spent = site.token("1/day")
    assert "answer" in run(client, spent, "analyze", photo)
    raised = run(client, spent, "analyze", photo)
    assert (raised["raised"], raised["status_code"], raised["code"]) == ("RateLimitError", 429, "too_many_requests")


def test_the_others_tell_too_many_requests_in_their_way(run: Run, site: Site, photo: str) -> None:
    spent = site.token("1/day")
    assert "answer" in run("cli", spent, "analyze", photo)
    assert run("cli", spent, "analyze", photo)["status_code"] == 429
    assert run("mcp", spent, "analyze", photo)["answer"]["error"] == "API Error"


@pytest.mark.parametrize("client", ["sync", "async"])
def test_a_revoked_token_is_reported_as_one(run: Run, site: Site, photo: str, client: str) -> None:
    token = site.token()
    assert run_command(site.data_dir, "tokens", "--revoke", token).returncode == 0
    raised = run(client, token, "analyze", photo)
    assert (raised["raised"], raised["status_code"]) == ("ResourceDisabledError", 403)


@pytest.mark.parametrize("client", ["sync", "async", "cli"])
def test_a_used_up_balance_is_requested_once(
    python: Path, models_dir: Path, tmp_path: Path, images: Path, vendor: Vendor, client: str
) -> None:
    """The clients would send the request three times after a 500."""
    address = vendor.puts("/a.jpg", (images / "astronaut.jpg").read_bytes())
    vendor.answers(*[refusal(403, "used_up", "Your balance is not sufficient.")] * 3)
    # A photo from an allowed private network reaches the vendor as a copy.
    settings = {
        "ACEDATA_API_TOKEN": TOKEN,
        "ACEDATA_API_URL": vendor.url,
        "ACEDATA_PLATFORM_TOKEN": PLATFORM_TOKEN,
        "ACEDATA_PLATFORM_URL": vendor.platform_url,
        "FETCH_ALLOW_NETWORKS": "127.0.0.0/8",
    }
    with serving(tmp_path / "data", models_dir, **settings) as running:
        site = Site(running.address, tmp_path / "data")
        raised = running_against(site, python)(client, site.token(), "analyze", address)
    assert raised["raised"] == ("AdcAuthError" if client == "cli" else "InsufficientBalanceError")
    # The error of the command line has no status.
    assert raised["status_code"] == (None if client == "cli" else 403)
    assert len(vendor.requests) == 1
