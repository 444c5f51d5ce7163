"""Who imports whom in the application: `python -m tests.imports` prints the layers, and what breaks their rules."""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

BASE_DIR = Path(__file__).resolve().parent.parent
LAYERS = (
    ("core", ("core", "wire")),
    ("tools", ("runtime", "net", "photos", "engines", "drawing", "exports", "imports")),
    ("application", ("models", "storage", "access", "services")),
    ("entry points", ("http", "web", "api", "cli", "server", "checks", "apps", "management")),
)
"""From the lowest to the highest. Within a layer, a package imports only those before it."""
ORDER = [package for _, packages in LAYERS for package in packages]
DJANGO_FREE = LAYERS[0][1] + LAYERS[1][1]
ENTRY_POINTS = ("web", "api", "cli", "server")
STARTERS = ("management", "apps")
"""Commands run `cli` and `server`; the app registers `checks`. Nothing imports these two."""


class Arrow(NamedTuple):
    """One import: the importing module and its package, and the imported name and its package."""

    module: str
    package: str
    name: str
    imported: str


def modules() -> list[Path]:
    return sorted(path for path in (BASE_DIR / "landmarks").rglob("*.py") if "migrations" not in path.parts)


def imported_names(path: Path) -> Iterator[str]:
    """Dotted names of all imports, also those inside functions and for types."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def arrows() -> list[Arrow]:
    """Every import of a module of `landmarks` that leaves its package."""
    found = []
    for path in modules():
        parts = path.relative_to(BASE_DIR).with_suffix("").parts
        for name in imported_names(path):
            top, _, rest = name.partition(".")
            imported = rest.partition(".")[0] if top == "landmarks" else top
            if imported != parts[1]:
                found.append(Arrow(".".join(parts), parts[1], name, imported))
    return found


def broken_rules() -> list[str]:
    """A sentence for each import that goes upwards or breaks one of the three nevers, and for each circle."""
    found = [reason for arrow in arrows() if (reason := broken_rule(arrow))]
    graph = defaultdict(set)
    for arrow in arrows():
        if arrow.name.startswith("landmarks."):
            graph[arrow.package].add(arrow.imported)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as exc:
        found.append(f"packages import one another in a circle: {' → '.join(exc.args[1])}")
    return found


def broken_rule(arrow: Arrow) -> str:
    if arrow.imported in ("facesite", "benchmarks"):
        return f"{arrow.module} imports {arrow.imported}"
    if arrow.imported == "django" and arrow.package in DJANGO_FREE:
        return f"{arrow.module} imports Django"
    if not arrow.name.startswith("landmarks."):
        return ""
    if arrow.imported in ENTRY_POINTS and arrow.package in ENTRY_POINTS:
        return f"{arrow.module} imports {arrow.name}: an entry point imports another"
    if arrow.package not in STARTERS and ORDER.index(arrow.imported) > ORDER.index(arrow.package):
        return f"{arrow.module} imports {arrow.name}: an upward import"
    return ""


def main() -> int:
    inside = [arrow for arrow in arrows() if arrow.name.startswith("landmarks.")]
    pairs = {(arrow.package, arrow.imported) for arrow in inside}
    for layer, packages in LAYERS:
        print(f"{layer}: {' '.join(packages)}")
    entries = [path for path in (BASE_DIR / "landmarks").iterdir() if path.name != "__pycache__"]
    print(f"{len(entries)} entries in landmarks/, {len(pairs)} pairs of packages, {len(inside)} imports between them")
    rules = broken_rules()
    print("\n".join(rules) or "no circle, no upward import, the three nevers hold")
    return 1 if rules else 0


if __name__ == "__main__":
    sys.exit(main())
