"""The requirements files: what pyproject.toml names, locked with hashes, and no address of an index."""

import re
import tomllib

import pytest

from landmarks.core.version import VERSION
from tests.conftest import BASE_DIR

PROJECT = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())
RUNTIME, TOOLS = PROJECT["project"]["dependencies"], PROJECT["dependency-groups"]["dev"]


def normalized(name: str) -> str:
    """As the index knows it, without extras."""
    return re.sub(r"[-_.]+", "-", name.partition("[")[0]).lower()


def locked(file: str) -> dict[str, str]:
    """Versions by name; each has a hash."""
    entries = re.split(r"\n(?=\S)", (BASE_DIR / file).read_text())
    found = {}
    for entry in entries:
        if match := re.match(r"([A-Za-z0-9._-]+)==(\S+)", entry):
            assert "--hash=sha256:" in entry, entry
            found[normalized(match[1])] = match[2]
    return found


def named(requirements: list[str]) -> dict[str, str]:
    pairs = (requirement.partition(";")[0].strip().split("==") for requirement in requirements)
    return {normalized(name): version for name, version in pairs}


@pytest.mark.parametrize(
    ("file", "requirements"), [("requirements.txt", RUNTIME), ("requirements-dev.txt", RUNTIME + TOOLS)]
)
def test_what_the_project_names_is_locked(file: str, requirements: list[str]) -> None:
    """`bash .ci/requirements` writes them again."""
    assert named(requirements).items() <= locked(file).items()


def test_the_tools_run_with_what_the_site_runs_on() -> None:
    assert locked("requirements.txt").items() <= locked("requirements-dev.txt").items()


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_no_address_is_in_them(file: str) -> None:
    assert not re.search(
        r"https?:|file:|--index|--extra-index|--find-links|--trusted-host", (BASE_DIR / file).read_text()
    )


def test_the_program_knows_its_version() -> None:
    assert PROJECT["project"]["version"] == VERSION
