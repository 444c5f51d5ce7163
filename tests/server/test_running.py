"""The lock on the data folder: shared by all that use it, also under other servers, and alone for a restore."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured

from landmarks.server import running
from tests.conftest import BASE_DIR
from tests.sites import Site


@pytest.fixture
def data_dir(settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(running, "_held", [])
    return tmp_path


@contextmanager
def another_process(data_dir: Path, code: str) -> Iterator["subprocess.Popen[str]"]:
    """It has run this code, and lives on."""
    with subprocess.Popen(
        [sys.executable, "-c", f"{code}\nprint('done', flush=True)\ninput()"],
        cwd=BASE_DIR,
        env=Site(data_dir).environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "done\n"
        try:
            yield process
        finally:
            process.kill()


def test_another_wsgi_server_holds_it_until_it_is_killed(data_dir: Path) -> None:
    with another_process(data_dir, "import facesite.wsgi") as server:
        running.hold()
        with pytest.raises(running.InUse), running.alone():
            pass
        server.kill()
    # This process shares it still, which nothing but its end changes.
    with pytest.raises(running.InUse), running.alone():
        pass


def test_nobody_joins_who_is_alone(data_dir: Path) -> None:
    with running.alone(), pytest.raises(ImproperlyConfigured, match="being restored"):
        running.hold()
    running.hold()


def test_without_a_data_folder_there_is_nothing_to_hold(data_dir: Path, settings: LazySettings) -> None:
    settings.DATA_DIR = data_dir / "none"
    running.hold()
    assert not list(data_dir.iterdir())
