"""A server of its own, whatever the site's own settings are."""

import pytest
import requests

from benchmarks.errors import BenchmarkError
from benchmarks.server import serving
from tests.patience import PATIENCE


def get(address: str) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.get(address, timeout=PATIENCE)


def test_starts_in_a_folder_of_its_own_and_stops(models_dir):
    with serving(models_dir) as server:
        assert get(f"{server.address}/readyz").json()["engine"] is True
        assert len(server.create_token("test")) > 20
        folder = server.log_file.parent
        assert (folder / "data" / "facesite.sqlite3").is_file()
        assert (server.stop(), server.log) == (0, [])
    assert not folder.exists()


def test_takes_no_setting_from_the_environment(models_dir, monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", "photos.example.org")
    monkeypatch.setenv("DATABASE_URL", "sqlite:////nowhere/there.sqlite3")
    with serving(models_dir, ALLOWED_HOSTS="") as server:
        assert server.environment["DATABASE_URL"] == ""


def test_a_server_that_does_not_start_is_an_error(models_dir):
    with (
        pytest.raises(BenchmarkError, match=r"The server did not start:\n.*DATABASE_URL"),
        serving(models_dir, DATABASE_URL="sqlite:////none/there.sqlite3"),
    ):
        pass
