"""The log: each failure once and at a fitting level, and nothing in it that opens a result."""

import io
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection
from django.test import Client
from pytest_django import DjangoDbBlocker

from facesite import error_views
from facesite.log_format import LineFormatter
from landmarks.core.errors import StorageError
from landmarks.models import Owner, Result
from landmarks.runtime.concurrency import DRAWING
from landmarks.storage import files
from landmarks.storage.errors import storage_errors
from tests.runtime.limits import full

SCANNED = "evil.example\r\n2026-01-01 ERROR forged"


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[io.StringIO]:
    """What the site writes."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LineFormatter("{levelname} {name}: {message}", style="{"))
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def lines(log: io.StringIO) -> list[str]:
    return log.getvalue().splitlines()


@contextmanager
def locked() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
    connection.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite is locked as a whole")
def test_a_locked_database_is_logged_once(client: Client, astronaut: Result, log: io.StringIO) -> None:
    with locked():
        response = client.post(f"/results/{astronaut.pk}/delete", headers={"Accept": "application/json"})
    assert response.status_code == 503
    assert lines(log) == ["ERROR landmarks.storage.errors: Storage failed: database is locked"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="a table of SQLite is hidden")
def test_a_database_that_cannot_be_read_is_logged_once(client: Client, log: io.StringIO) -> None:
    client.get("/")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE landmarks_owner RENAME TO hidden")
        try:
            assert client.get("/results/").status_code == 503
        finally:
            cursor.execute("ALTER TABLE hidden RENAME TO landmarks_owner")
    (line,) = lines(log)
    assert line.startswith("ERROR landmarks.http.error_responses: Answered 503 storage_failed: no such table")


@pytest.mark.django_db
def test_being_busy_is_a_warning(client: Client, astronaut: Result, log: io.StringIO) -> None:
    with full(DRAWING):
        assert client.get(f"/results/{astronaut.pk}/overlay.png").status_code == 503
    (line,) = lines(log)
    assert line.startswith("WARNING landmarks.http.error_responses: Answered 503 busy")


@pytest.mark.django_db
def test_mistakes_of_clients_are_not_logged(client: Client, log: io.StringIO) -> None:
    assert client.get(f"/results/{uuid4()}/").status_code == 404
    assert client.get("/results/?before=x").status_code == 400
    assert lines(log) == []


# --- what is a failure of the storage --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_broken_constraint_is_no_failure_of_the_storage() -> None:
    Owner.objects.create(kind="browser", key="one")
    with pytest.raises(IntegrityError), storage_errors():
        Owner.objects.create(kind="browser", key="one")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a file of SQLite is damaged")
def test_a_damaged_database_is_one(django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> None:
    damaged = connection.copy()
    damaged.settings_dict = connection.settings_dict | {"NAME": str(tmp_path / "damaged.sqlite3")}
    (tmp_path / "damaged.sqlite3").write_bytes(b"no database, but long enough to be taken for one" * 100)
    with django_db_blocker.unblock(), pytest.raises(StorageError), storage_errors():
        damaged.ensure_connection()


@pytest.mark.django_db
def test_a_stored_photo_that_is_damaged_is_reported(client: Client, astronaut: Result, log: io.StringIO) -> None:
    path = Path(default_storage.path(str(astronaut.photo.file)))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    try:
        response = client.get(f"/results/{astronaut.pk}/overlay.png", headers={"Accept": "application/json"})
    finally:
        path.write_bytes(whole)
    assert (response.status_code, response.json()["error"]["code"]) == (503, "storage_failed")
    (line,) = lines(log)
    assert line.startswith("ERROR landmarks.storage.errors: Storage failed: image file is truncated")


# --- nothing that opens a result -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_file_that_cannot_be_deleted_is_logged_without_its_name(
    log: io.StringIO, settings: LazySettings, tmp_path: Path
) -> None:
    name = f"photos/1f/{uuid4()}.jpg"
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / name / "inner").mkdir(parents=True)
    assert not files.delete(name)
    (line,) = lines(log)
    assert line.startswith("ERROR landmarks.storage.files: A file in photos can't be deleted")
    assert name[-20:] not in line


@pytest.mark.parametrize("path", ["/results/{}/", "/uploads/{}.jpg", "'/srv/media/photos/1f/{}.jpg'", "/face/{}/x.png"])
def test_whatever_is_logged_has_no_address_of_a_result(log: io.StringIO, path: str) -> None:
    id = str(uuid4())
    logging.getLogger("any").error("Failed: %s, trace 7", path.format(id))
    assert id not in log.getvalue()
    assert lines(log)[0].startswith("ERROR any: Failed: ")


# --- host names ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_each_unknown_host_is_logged_once_in_a_while_with_the_setting(
    client: Client, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(error_views, "unknown_hosts", error_views.UnknownHosts())
    for host in ("", SCANNED, "photos.example", "photos.example"):
        response = client.get("/", headers={"Host": host})
        assert response.status_code == 400
        assert "ALLOWED_HOSTS" in response.content.decode()
    scanned, named = lines(log)
    assert scanned.startswith("WARNING facesite.error_views: A request for the host ")
    assert "forged" in scanned
    assert "photos.example" in named and "ALLOWED_HOSTS" in named


@pytest.mark.django_db
def test_few_unknown_hosts_are_logged(client: Client, log: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(error_views, "unknown_hosts", error_views.UnknownHosts())
    for number in range(error_views.MOST_NOTED + 5):
        client.get("/", headers={"Host": f"{number}.example"})
    assert len(lines(log)) == error_views.MOST_NOTED


@pytest.mark.django_db
def test_a_long_host_is_logged_in_short(client: Client, log: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(error_views, "unknown_hosts", error_views.UnknownHosts())
    client.get("/", headers={"Host": "x" * 5000})
    assert len(lines(log)[0]) < 400
