"""Alive and ready, as those who watch the site see it."""

import os
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings, settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertNumQueries

from landmarks.models import Result
from landmarks.services import runs
from landmarks.storage.temporary_files import UPLOADS
from tests.rows import make_result


def test_alive_needs_nothing(client: Client) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.content == b"ok"
    assert response.headers["Content-Type"] == "text/plain"
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_ready_when_database_storage_and_engine_are(client: Client, models_dir: Path) -> None:
    runs.warm_engine()
    response = client.get("/readyz")
    parts = response.json()
    assert response.status_code == 200, parts
    assert parts.pop("free_mb") >= settings.MIN_FREE_MB
    assert parts == {
        "database": True,
        "storage": True,
        "engine": True,
        "expired_results": 0,
        "expired_files": 0,
        "problems": [],
    }


@pytest.mark.django_db
def test_health_checks_write_nothing(client: Client, models_dir: Path, settings: LazySettings, tmp_path: Path) -> None:
    runs.warm_engine()
    settings.MEDIA_ROOT = tmp_path / "media"
    with assertNumQueries(2) as queries:
        client.get("/readyz")
        client.get("/healthz")
    assert all(query["sql"].startswith("SELECT") for query in queries)
    assert not settings.MEDIA_ROOT.exists()


@pytest.mark.django_db
def test_not_ready_where_nothing_can_be_kept(
    client: Client, models_dir: Path, settings: LazySettings, images: Path
) -> None:
    runs.warm_engine()
    settings.MEDIA_ROOT = images / "astronaut.jpg"
    response = client.get("/readyz")
    assert response.status_code == 503
    assert (response.json()["database"], response.json()["storage"]) == (True, False)
    assert response.json()["problems"] == ["The folder of the photos can't be written."]


@pytest.mark.django_db
def test_not_ready_without_its_tables(client: Client, models_dir: Path) -> None:
    runs.warm_engine()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE landmarks_result RENAME TO elsewhere")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] is False
    assert response.json()["expired_results"] is None


@pytest.mark.django_db
def test_not_ready_with_too_little_space(client: Client, models_dir: Path, settings: LazySettings) -> None:
    runs.warm_engine()
    settings.MIN_FREE_MB = 10**9
    response = client.get("/readyz")
    assert response.status_code == 503
    (problem,) = response.json()["problems"]
    assert "MIN_FREE_MB is 1000000000" in problem


@pytest.mark.django_db
@pytest.mark.parametrize("size", [0, 3 * 2**20])
def test_not_ready_without_space_for_an_upload(
    client: Client, models_dir: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    runs.warm_engine()
    ask = shutil.disk_usage
    small = ask("/")._replace(free=size)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: small if path == tempfile.gettempdir() else ask(path))
    response = client.get("/readyz")
    assert response.status_code == 503
    (problem,) = response.json()["problems"]
    assert problem.startswith(f"{size // 2**20} MB are free for temporary files (TMPDIR)")


@pytest.mark.django_db
def test_what_waits_to_be_deleted_is_counted(
    client: Client, models_dir: Path, settings: LazySettings, tmp_path: Path
) -> None:
    runs.warm_engine()
    settings.MEDIA_ROOT = tmp_path
    now = timezone.now()
    for ago in (timedelta(minutes=2), timedelta(seconds=5)):
        Result.objects.filter(pk=make_result().pk).update(deleted=now - ago)
    (tmp_path / UPLOADS.name).mkdir()
    for name, ago in (("old.jpg", UPLOADS.expires + timedelta(minutes=2)), ("new.jpg", UPLOADS.expires)):
        (tmp_path / UPLOADS.name / name).touch()
        os.utime(tmp_path / UPLOADS.name / name, 2 * (int((now - ago).timestamp()),))
    response = client.get("/readyz")
    assert (response.json()["expired_results"], response.json()["expired_files"]) == (1, 1)
    assert response.status_code == 200
