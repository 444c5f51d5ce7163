"""`manage.py analyze` as a person runs it: what tests call, and the photos that they name."""

import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.conftest import BASE_DIR


@pytest.fixture
def analyze(capsys):
    """Run it; the exit status and what was written to standard output and standard error."""

    def run(*arguments: object) -> tuple[int, str, str]:
        status = 0
        try:
            call_command("analyze", *map(str, arguments))
        except SystemExit as stop:
            status = int(stop.code or 0)
        return status, *capsys.readouterr()

    return run


@pytest.fixture
def folder(images, tmp_path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("astronaut.jpg", "rocket.jpg"):
        (folder / name).write_bytes((images / name).read_bytes())
    return folder


def usage(*arguments: object) -> str:
    """The sentence that wrong usage ends with."""
    with pytest.raises(CommandError) as caught:
        call_command("analyze", *map(str, arguments))
    assert caught.value.returncode == 2
    return str(caught.value)


def command(*arguments: object) -> list[str]:
    return [sys.executable, str(BASE_DIR / "manage.py"), "analyze", *map(str, arguments)]
