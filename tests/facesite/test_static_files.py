"""Static files as they are collected for production: hashed names, also within scripts."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import storages
from django.core.management import call_command
from django.test import override_settings

from tests.conftest import BASE_DIR, missing

IMPORT = re.compile(r'\b(?:import|export)\b(?:[^"]*\bfrom)?\s*\(?"\./([^"]+)"')
HASHED = re.compile(r"\w[\w-]*\.[0-9a-f]{12}\.js")


@pytest.fixture
def scripts(settings: LazySettings, tmp_path: Path) -> Iterator[Path]:
    """The folder of the collected scripts."""
    backend = {"BACKEND": "facesite.static_files.StaticFilesStorage"}
    with override_settings(STATIC_ROOT=tmp_path, STORAGES={**settings.STORAGES, "staticfiles": backend}):
        call_command("collectstatic", interactive=False, verbosity=0)
        yield tmp_path / "js"


def test_scripts_import_one_another_by_hashed_names(scripts: Path) -> None:
    imported = {name for path in scripts.glob("*.*.js") for name in IMPORT.findall(path.read_text())}
    assert len(imported) > 5
    assert all(HASHED.fullmatch(name) and (scripts / name).is_file() for name in imported)
    assert staticfiles_storage.url("js/events.js").rpartition("/")[2] in imported
    assert staticfiles_storage.url("js/dropped.js").rpartition("/")[2] in imported  # on demand


def test_scripts_and_styles_are_served_without_comments(scripts: Path) -> None:
    name = Path(storages["staticfiles"].url("js/viewer.js")).name
    served = (scripts / name).read_text()
    assert "// " in (BASE_DIR / "static/js/viewer.js").read_text()
    assert "// " not in served and "\n  " not in served
    assert "keepInAddress" in served  # nothing is renamed
    styles = scripts.parent / "css" / Path(storages["staticfiles"].url("css/site.css")).name
    assert "/*" not in styles.read_text() and "--paper:#FAF8F4" in styles.read_text()


def test_every_hashed_script_is_the_one_that_pages_name(scripts: Path) -> None:
    storage = storages["staticfiles"]
    named = {Path(storage.url(f"js/{path.name}")).name for path in (BASE_DIR / "static/js").glob("*.js")}
    assert named == {path.name for path in scripts.glob("*.*.js")}


def test_minified_scripts_are_still_scripts(scripts: Path, tmp_path: Path) -> None:
    """The minifier takes a regular expression for a division where it does not follow one of some characters."""
    node = shutil.which("node")
    if node is None:
        missing("node is not installed")
    for script in scripts.glob("*.*.js"):
        module = tmp_path / f"{script.stem}.mjs"  # which is how Node.js knows a module
        shutil.copy(script, module)
        check = subprocess.run([node, "--check", module], capture_output=True, text=True, check=False)
        assert check.returncode == 0, f"{script.name}: {check.stderr[:300]}"


def test_files_of_packages_are_served_as_they_are(scripts: Path) -> None:
    for name in ("swagger-ui-bundle.js", "swagger-ui.css"):
        original = finders.find(f"ninja/{name}")
        assert isinstance(original, str)
        # Only the address of its source map is another.
        assert (scripts.parent / "ninja" / name).stat().st_size == Path(original).stat().st_size
    if (node := shutil.which("node")) is None:
        missing("node is not installed")
    for script in (scripts.parent / "ninja").glob("swagger-ui*.js"):
        check = subprocess.run([node, "--check", script], capture_output=True, text=True, check=False)
        assert check.returncode == 0, f"{script.name}: {check.stderr[-300:]}"
