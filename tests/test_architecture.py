"""The rooms of landmarks/ import what docs/architecture.md allows them, and nothing else."""

import ast
import re
import sys
from pathlib import Path

import pytest

from tests.conftest import BASE_DIR

HOUSE = BASE_DIR / "landmarks"
MODULES = sorted(path for path in HOUSE.rglob("*.py") if "migrations" not in path.parts)
ROW = re.compile(r"^\| `(?P<room>[^`]+)` \| (?P<what>.+?) \| (?P<may>.*?) \|$", re.MULTILINE)
DJANGO_FREE = ("schema", "errors", "faces", "intake", "engines", "drawing", "exports")


def table() -> dict[str, set[str]]:
    """What each room may import, in the order of the document: rooms by their names, packages by theirs."""
    text = (BASE_DIR / "docs/architecture.md").read_text()
    return {room_name(row["room"]): set(re.findall(r"`([^`]+)`", row["may"])) for row in ROW.finditer(text)}


def room_name(shown: str) -> str:
    """`intake/` and `errors.py` as the document shows them become `intake` and `errors`."""
    return shown.rstrip("/").removesuffix(".py")


def room_of(module: Path) -> str:
    parts = module.relative_to(HOUSE).with_suffix("").parts
    return "management/commands" if parts[0] == "management" else parts[0]


def imports(module: Path) -> set[str]:
    """What a module imports: dotted names, without the standard library."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return {name for name in names if name.split(".")[0] not in sys.stdlib_module_names}


def arrow(name: str) -> str:
    """The room or package that an imported name belongs to, as the table calls it."""
    package, _, rest = name.partition(".")
    return rest.split(".")[0] if package == "landmarks" else package


def arrows(room: str) -> set[str]:
    found = {arrow(name) for module in MODULES if room_of(module) == room for name in imports(module)}
    return found - {room, ""}


def test_every_room_is_in_the_table_and_every_row_is_a_room() -> None:
    rooms = {room_of(module) for module in MODULES} - {"__init__"}
    assert set(table()) == rooms


@pytest.mark.parametrize("room", table())
def test_a_room_imports_what_the_table_says(room: str) -> None:
    assert arrows(room) == table()[room]


@pytest.mark.parametrize("room", table())
def test_a_room_uses_only_what_lies_above_it(room: str) -> None:
    above = list(table())[: list(table()).index(room)]
    inside = {name for name in table()[room] if (HOUSE / name).is_dir() or (HOUSE / f"{name}.py").is_file()}
    assert inside <= set(above)


@pytest.mark.parametrize("room", DJANGO_FREE)
def test_the_core_knows_no_django(room: str) -> None:
    assert "django" not in table()[room]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_a_module_begins_with_one_sentence(module: Path) -> None:
    docstring = ast.get_docstring(ast.parse(module.read_text()))
    if docstring is None:
        assert module.name == "__init__.py" and not module.read_text().strip(), "no docstring"
    else:
        assert re.search(r"[.:]$", docstring.splitlines()[0])


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_only_settings_read_the_environment(module: Path) -> None:
    read = [
        node.attr
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv")
    ]
    assert not read
