"""Files in a bucket behave like files on a disk, with a server that speaks S3."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client, override_settings

from landmarks.core.errors import StorageError
from landmarks.models import Result
from landmarks.storage import deletion, files, temporary_files
from tests.patience import PATIENCE
from tests.ports import free_port
from tests.s3 import Bucket

BACKEND = "landmarks.storage.object_storage.ObjectStorage"


def using(options: dict[str, object]) -> override_settings:
    from django.conf import settings

    return override_settings(STORAGES={**settings.STORAGES, "default": {"BACKEND": BACKEND, "OPTIONS": options}})


@pytest.fixture
def in_bucket(bucket: Bucket) -> Iterator[Bucket]:
    with using(bucket.options):
        yield bucket


def test_a_file_is_saved_read_listed_and_deleted(in_bucket: Bucket) -> None:
    name = files.save("photos/1f/name.jpg", ContentFile(b"content"))
    assert name == "photos/1f/name.jpg"
    assert in_bucket.contents() == {name: b"content"}
    assert files.exists(name)
    assert files.read(name) == b"content"
    assert files.size(name) == 7
    assert files.list_folder("") == (["photos"], [])
    assert files.list_folder("photos/1f") == ([], ["name.jpg"])
    assert abs((files.modified(name) or datetime.min) - datetime.now(UTC)) < timedelta(seconds=PATIENCE)
    assert files.delete(name)
    assert in_bucket.contents() == {}
    assert files.root() is None


def test_a_missing_file_is_an_error_of_its_own(in_bucket: Bucket) -> None:
    for read in (files.read, files.open_file):
        with pytest.raises(files.FileMissing):
            read("missing.jpg")
    assert files.modified("missing.jpg") is None
    assert files.size("missing.jpg") is None
    assert not files.exists("missing.jpg")
    assert files.list_folder("missing") == ([], [])
    assert files.delete("missing.jpg")


@pytest.mark.parametrize("name", ["../outside.jpg", "/etc/passwd"])
def test_nothing_outside_is_reached(in_bucket: Bucket, name: str) -> None:
    with pytest.raises((StorageError, files.FileMissing)):
        files.read(name)


def test_an_opened_file_needs_the_bucket_no_more(in_bucket: Bucket) -> None:
    content = bytes(range(256)) * 10_000
    files.save("large.jpg", ContentFile(content))
    with files.open_file("large.jpg") as file:
        files.delete("large.jpg")
        assert file.read() == content


@pytest.mark.parametrize("missing", ["bucket", "server"])
def test_a_bucket_that_fails_is_an_error_of_the_storage(bucket: Bucket, missing: str) -> None:
    wrong = {"bucket": {"bucket_name": "nobodys"}, "server": {"endpoint_url": f"http://127.0.0.1:{free_port()}"}}
    with using({**bucket.options, **wrong[missing]}):
        for access in (lambda: files.save("name.jpg", ContentFile(b"content")), lambda: files.list_folder("")):
            with pytest.raises(StorageError) as caught:
                access()
            assert caught.value.code in ("storage_failed", "file_missing")
            assert "name.jpg" not in caught.value.detail


def test_links_end_within_two_minutes_and_others_get_nothing(in_bucket: Bucket) -> None:
    files.save("name.jpg", ContentFile(b"content"))
    link = default_storage.url("name.jpg")
    assert requests.get(link, timeout=PATIENCE).content == b"content"
    query = parse_qs(urlsplit(link).query)
    assert int(query["X-Amz-Expires"][0]) <= 120
    assert requests.get(link.partition("?")[0], timeout=PATIENCE).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_a_photo_is_analyzed_seen_and_deleted(
    client: Client, in_bucket: Bucket, images: Path, models_dir: Path
) -> None:
    with (images / "two_people.jpg").open("rb") as photo:
        address = client.post("/", {"photo": photo, "engine": "local"})["Location"]
    result = Result.objects.get()
    assert set(in_bucket.contents()) == {str(result.photo.file), str(result.thumbnail)}
    for file in ("photo", "thumbnail", "overlay.png"):
        response = client.get(f"{address}{file}")
        assert response.status_code == 200
        assert b"".join(response) if response.streaming else response.content  # type: ignore[arg-type]
        response.close()
    assert client.get("/readyz").json()["storage"] is True
    deletion.delete(result)
    assert in_bucket.contents() == {}


def test_temporary_files_are_seen_by_every_machine(in_bucket: Bucket) -> None:
    name = temporary_files.UPLOADS.save(ContentFile(b"content"))
    assert in_bucket.contents() == {f"uploads/{name}.jpg": b"content"}
    assert temporary_files.UPLOADS.expired_paths(timedelta()) == []
