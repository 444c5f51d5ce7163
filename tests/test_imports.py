"""The layers of docs/architecture.md hold: no circle, no upward import, and the three nevers."""

import ast
import re
from pathlib import Path

import pytest

from tests.conftest import BASE_DIR
from tests.imports import DJANGO_FREE, ORDER, broken_rules, modules

MOST_LINES = 330
COUNTS_FOR_PROMETHEUS = "landmarks/runtime/metrics.py"
"""Its library is told of other processes by a variable of the environment, and in no other way."""


def test_imports_keep_to_the_layers() -> None:
    assert broken_rules() == []


def test_every_package_belongs_to_a_layer() -> None:
    packages = {path.relative_to(BASE_DIR / "landmarks").with_suffix("").parts[0] for path in modules()}
    assert packages - {"__init__"} == set(ORDER)


@pytest.mark.parametrize("package", DJANGO_FREE)
def test_core_and_tools_exist_as_packages(package: str) -> None:
    assert (BASE_DIR / "landmarks" / package / "__init__.py").is_file()


@pytest.mark.parametrize("module", modules(), ids=lambda path: str(path.relative_to(BASE_DIR)))
def test_a_module_is_short_and_begins_with_one_sentence(module: Path) -> None:
    text = module.read_text()
    assert text.count("\n") <= MOST_LINES
    assert re.search(r"[.:]$", (ast.get_docstring(ast.parse(text)) or "").splitlines()[0])


@pytest.mark.parametrize("module", modules(), ids=lambda path: str(path.relative_to(BASE_DIR)))
def test_only_settings_read_the_environment(module: Path) -> None:
    read = [
        node.attr
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv")
    ]
    assert not read or module.relative_to(BASE_DIR).as_posix() == COUNTS_FOR_PROMETHEUS
