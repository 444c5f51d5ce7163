"""Alive and ready, as those who watch the site see it."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings

from landmarks.services import runs


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
    assert response.json() == {"database": True, "storage": True, "engine": True}
    assert response.status_code == 200


@pytest.mark.django_db
def test_ready_leaves_no_file_behind(client: Client, models_dir: Path) -> None:
    client.get("/readyz")
    assert not list(settings.MEDIA_ROOT.glob("ready*"))


@pytest.mark.django_db
def test_not_ready_where_nothing_can_be_kept(client: Client, models_dir: Path, images: Path) -> None:
    runs.warm_engine()
    with override_settings(MEDIA_ROOT=images / "astronaut.jpg"):
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"database": True, "storage": False, "engine": True}


@pytest.mark.django_db
def test_not_ready_without_its_tables(client: Client, models_dir: Path) -> None:
    runs.warm_engine()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE landmarks_result RENAME TO elsewhere")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] is False
