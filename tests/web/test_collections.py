"""The pages of collections, without JavaScript."""

import hashlib
import io
import zipfile
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from landmarks.models import Collection, Job, Result
from landmarks.services import collections, jobs
from landmarks.storage import jobs as job_rows
from tests.web.conftest import body

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("models_dir")]
JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def media(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT, settings.API_RATE = tmp_path / "media", "off"


@pytest.fixture
def address(client: Client) -> str:
    """Of the page of a new collection."""
    client.get("/collections/")
    response = client.post("/collections/", {"name": "Spring"})
    assert response.status_code == 303
    return str(response["Location"])


def add(client: Client, address: str, *photos: Path) -> None:
    with ExitStack() as stack:
        files = [stack.enter_context(photo.open("rb")) for photo in photos]
        assert client.post(f"{address}add", {"photo": files}).status_code == 303


def run_all() -> None:
    while job := job_rows.claim_next():
        jobs.run(job)


def test_a_collection_has_a_name_and_is_in_the_list(client: Client, address: str) -> None:
    assertContains(client.get("/collections/"), "Spring")
    assertContains(client.get(address), "0 of 0")


def test_a_collection_without_a_name_is_refused(client: Client) -> None:
    response = client.post("/collections/", {"name": " "})
    assert response.status_code == 400
    assertContains(response, "Enter a name", status_code=400)
    assert not Collection.objects.exists()


def test_photos_wait_and_are_done(client: Client, address: str, images: Path) -> None:
    add(client, address, images / "astronaut.jpg", images / "rocket.jpg")
    page = client.get(address)
    assertContains(page, "2 photos added.")
    assertContains(page, "0 of 2")
    assertContains(page, "Waiting")
    run_all()
    page = client.get(address)
    assertContains(page, "2 of 2")
    assertContains(page, "100 %")
    assertContains(page, "No face found")
    assertContains(page, "Export 2")
    assertNotContains(page, "Waiting")
    assertNotContains(client.get(f"{address}?state=none"), "astronaut.jpg")


def test_a_refused_file_does_not_stop_the_others(client: Client, address: str, images: Path, tmp_path: Path) -> None:
    (tmp_path / "no.jpg").write_text("no photo")
    add(client, address, tmp_path / "no.jpg", images / "rocket.jpg", images / "rocket.jpg")
    page = client.get(address)
    assertContains(page, "no.jpg")
    assertContains(page, "1 photo added, 1 was here already.")


def test_an_archive_and_addresses_are_taken_in_one_form(client: Client, address: str, images: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.write(images / "rocket.jpg", "rocket.jpg")
    file.seek(0)
    file.name = "photos.zip"
    lines = "https://a.example/1.jpg\nhttps://a.example/2.jpg"
    assert client.post(f"{address}add", {"archive": file, "addresses": lines}).status_code == 303
    assertContains(client.get(address), "3 photos added.")
    assert Job.objects.exclude(address="").count() == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_list_of_addresses_is_taken_as_a_file(client: Client, address: str, encoding: str) -> None:
    text = "Straße;Foto\r\nÄhre;https://a.example/1.jpg\r\nÖl;https://a.example/2.jpg\r\n"
    file = io.BytesIO(text.encode(encoding))
    file.name = "list.CSV"
    assert client.post(f"{address}add", {"archive": file}).status_code == 303
    assertContains(client.get(address), "2 photos added.")
    assert set(Job.objects.values_list("address", flat=True)) == {"https://a.example/1.jpg", "https://a.example/2.jpg"}


def test_a_list_that_is_too_long_is_refused(client: Client, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collections, "MOST_ADDRESSES", 1)
    file = io.BytesIO(b"https://a.example/1.jpg\nhttps://a.example/2.jpg")
    file.name = "list.txt"
    assert client.post(f"{address}add", {"archive": file}).status_code == 303
    assertContains(client.get(address), "This list has more than 1 addresses. Send it in parts.")
    assert not Job.objects.exists()


def test_an_archive_may_be_larger_than_a_photo(
    client: Client, address: str, images: Path, settings: LazySettings
) -> None:
    settings.MAX_UPLOAD_MB = 1
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("junk.txt", bytes(3_000_000))
        packed.write(images / "rocket.jpg", "rocket.jpg")
    file.seek(0)
    file.name = "photos.zip"
    client.post(f"{address}add", {"archive": file})
    assert Job.objects.get().name == "rocket.jpg"


def test_what_is_no_archive_says_so(client: Client, address: str, images: Path) -> None:
    with (images / "rocket.jpg").open("rb") as file:
        client.post(f"{address}add", {"archive": file})
    assertContains(client.get(address), "a zip archive, or it is damaged")


def test_nothing_chosen_is_said_on_the_form(client: Client, address: str) -> None:
    response = client.post(f"{address}add", {})
    assertContains(response, "Choose photos or an archive", status_code=400)


def test_a_script_sends_what_is_not_there(client: Client, address: str, images: Path) -> None:
    data = (images / "rocket.jpg").read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    sums = {"digests": f"{digest} {'0' * 64}"}
    assert client.post(f"{address}known", sums, headers=JSON).json() == {"known": []}
    with (images / "rocket.jpg").open("rb") as file:
        added = client.post(f"{address}add", {"photo": file}, headers=JSON).json()
    assert added == {"new": 1, "known": 0, "refused": [], "is_cut_short": False}
    assert client.post(f"{address}known", sums, headers=JSON).json() == {"known": [digest]}
    assert client.post(f"{address}known", {"digests": "elbow"}, headers=JSON).status_code == 400


def test_a_script_is_told_what_of_an_archive_is_refused(client: Client, address: str, images: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("damaged.jpg", "no photo")
        packed.write(images / "rocket.jpg", "rocket.jpg")
    file.seek(0)
    file.name = "photos.zip"
    added = client.post(f"{address}add", {"archive": file}, headers=JSON).json()
    assert (added["new"], [each["name"] for each in added["refused"]]) == (1, ["damaged.jpg"])
    assert "isn't a supported image" in added["refused"][0]["message"]


def test_a_failed_photo_shows_its_cause_and_opens_to_what_helps(client: Client, address: str, images: Path) -> None:
    add(client, address, images / "rocket.jpg")
    Job.objects.update(status="failed", error_message="The engine is away. Try again later.")
    assertContains(client.get(address), "<span>The engine is away.</span>")
    assertContains(client.get(address), "Try again later.")


def test_a_script_gets_the_error_of_its_photo(client: Client, address: str, settings: LazySettings) -> None:
    response = client.post(f"{address}add", {"photo": io.BytesIO(b"no photo")}, headers=JSON)
    assert (response.status_code, response.json()["error"]["code"]) == (415, "photo_unsupported")
    settings.API_RATE = "1/day"
    client.post(f"{address}add", {"photo": io.BytesIO(b"no photo")}, headers=JSON)
    response = client.post(f"{address}add", {"photo": io.BytesIO(b"no photo")}, headers=JSON)
    assert (response.status_code, response["Retry-After"] > "0") == (429, True)


def test_failed_photos_are_retried(
    client: Client, address: str, images: Path, settings: LazySettings, tmp_path: Path
) -> None:
    add(client, address, images / "astronaut.jpg", images / "rocket.jpg")
    models, settings.MODELS_DIR = settings.MODELS_DIR, tmp_path
    run_all()
    assertContains(client.get(address), "Retry failed (2)")
    settings.MODELS_DIR = models
    first = Job.objects.get(name="astronaut.jpg")
    client.post(f"{address}retry", {"job": str(first.pk)})
    assert list(Job.objects.filter(status="queued")) == [first]
    client.post(f"{address}retry")
    run_all()
    assertContains(client.get(address), "Export 2")


def test_the_rest_is_cancelled(client: Client, address: str, images: Path) -> None:
    add(client, address, images / "rocket.jpg")
    assertContains(client.get(address), "Cancel the rest")
    client.post(f"{address}cancel")
    page = client.get(address)
    assertContains(page, "1 of 1")
    assertNotContains(page, "Cancel the rest")


def test_all_results_are_one_export(client: Client, address: str, images: Path) -> None:
    assert client.get(f"{address}save").status_code == 303
    add(client, address, images / "astronaut.jpg", images / "rocket.jpg")
    run_all()
    assertContains(client.get(f"{address}save"), f'action="{address}export"')
    response = client.get(f"{address}export", {"format": "csv"})
    assert response.status_code == 303
    rows = body(client.get(response["Location"])).decode().splitlines()
    assert len(rows) == 91
    assert client.get(f"{address}export/elbow").status_code == 404


def test_a_deleted_collection_leaves_its_results(client: Client, address: str, images: Path) -> None:
    add(client, address, images / "rocket.jpg")
    run_all()
    assert client.post(f"{address}delete").status_code == 303
    assert client.get(address).status_code == 404
    assert Result.objects.count() == 1


def test_a_browser_that_is_forgotten_with_its_results_leaves_nothing_that_waits(
    client: Client, address: str, images: Path
) -> None:
    add(client, address, images / "rocket.jpg")
    client.post("/results/forget", {"delete": "all"})
    run_all()
    assert not Collection.objects.exists()
    assert not Job.objects.exists()
    assert not Result.objects.exists()


@pytest.mark.parametrize("path", ["", "save", "export", "export/csv", "add", "known", "retry", "cancel", "delete"])
def test_a_collection_is_its_owners_alone(client: Client, address: str, path: str, settings: LazySettings) -> None:
    settings.HISTORY = "shared"
    other = Client()
    method = other.post if path in ("add", "known", "retry", "cancel", "delete") else other.get
    response = method(address + path)
    assertContains(response, "This collection was deleted, or it belongs to another browser", status_code=404)


@pytest.mark.parametrize("query", ["state=elbow", "after=x", "before=-1"])
def test_another_page_is_an_error(client: Client, address: str, query: str) -> None:
    assert client.get(f"{address}?{query}").status_code == 400


def test_a_collection_is_paused_and_resumed(client: Client, address: str, images: Path) -> None:
    add(client, address, images / "rocket.jpg")
    assert client.post(f"{address}pause").status_code == 303
    page = client.get(address)
    assertContains(page, "Paused at 0 of 1")
    assertNotContains(page, "data-running")
    assert job_rows.claim_next() is None
    assertContains(page, f'formaction="{address}resume"')
    assert client.post(f"{address}resume").status_code == 303
    assertContains(client.get(address), f'formaction="{address}pause"')
    assert job_rows.claim_next()
