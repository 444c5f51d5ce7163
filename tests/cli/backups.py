"""Sites that are backed up and restored, and what `manage.py backup` and `restore` say."""

import fcntl
import json
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.sites import Site


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "backup.tar"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return Site(tmp_path_factory.mktemp("template") / "site").fill()


@pytest.fixture
def site(template: Site, tmp_path: Path) -> Site:
    """With three results."""
    shutil.copytree(template.data_dir, tmp_path / "one")
    return Site(tmp_path / "one")


@pytest.fixture
def other(tmp_path: Path) -> Site:
    return Site(tmp_path / "two")


def succeed(done: "subprocess.CompletedProcess[str]") -> str:
    """What the command printed."""
    assert done.returncode == 0, done.stderr
    return done.stdout


def fail(done: "subprocess.CompletedProcess[str]") -> str:
    """The one line that says why."""
    assert done.returncode == 1, done.stdout
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr


def listed(archive: Path) -> dict[str, object]:
    """The manifest."""
    with tarfile.open(archive) as tar:
        content = tar.extractfile("manifest.json")
        assert content is not None
        manifest: dict[str, object] = json.load(content)
        return manifest


@contextmanager
def locked(path: Path, kind: int) -> Iterator[None]:
    """As another process would hold it."""
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as file:
        fcntl.flock(file, kind)
        yield
