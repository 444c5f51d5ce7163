"""Clients that generators make from the specification, against a running site: each makes the same round trip."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.api.servers import make_token
from tests.conftest import in_turn, missing
from tests.patience import PATIENCE
from tests.server.test_serve import serving

HERE = Path(__file__).parent / "generated"
INSTALL_SECONDS = 300

EXPECTED = {
    "largest": [1, 22],
    "by_file": ["by file", 2, 13],
    "by_address": ["by address", True],
    "table": 181,
    "deleted": 204,
    "error": "not_found",
}

pytestmark = [pytest.mark.clients, pytest.mark.slow]


def install(folder: Path, what: str, *commands: list[object]) -> Path:
    """Run those commands once in each run, in a folder that all workers share."""
    with in_turn(folder.with_suffix(".lock")):
        if not (folder / "is_complete").exists():
            folder.mkdir(exist_ok=True)
            try:
                for command in commands:
                    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=INSTALL_SECONDS)
            except (OSError, subprocess.CalledProcessError, subprocess.TimeoutExpired):
                missing(f"{what} cannot be had from a package index")
            (folder / "is_complete").touch()
    return folder


@pytest.fixture(scope="module")
def python_tools(run_folder: Path) -> Path:
    """Folder of the programs of an environment that has the generators, and what their clients need."""
    folder = run_folder / "generators"
    pip = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--requirement", HERE / "generators.txt"]
    return install(folder, "the generators", [sys.executable, "-m", "venv", folder], pip) / "bin"


@pytest.fixture(scope="module")
def node_modules(run_folder: Path) -> Path:
    if not shutil.which("npm") or not shutil.which("node"):
        missing("npm or Node.js is not installed")
    folder = run_folder / "node-tools"
    folder.mkdir(exist_ok=True)
    shutil.copy(HERE / "package.json", folder)
    npm = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"]
    return install(folder, "openapi-typescript", npm) / "node_modules"


@pytest.fixture(scope="module")
def java() -> str:
    if not (found := shutil.which("java")):
        missing("no Java is installed")
    return found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Iterator[tuple[str, str, Path]]:
    """Its address, a token, and its specification as a file."""
    folder = tmp_path_factory.mktemp("site")
    with serving(folder / "data", models_dir) as running:
        specification = folder / "openapi.json"
        specification.write_bytes(running.get("/api/openapi.json").content)
        yield running.address, make_token(folder / "data", "generated", "--rate", "off"), specification


def run(command: list[object], folder: Path, **environment: str) -> str:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "JAVA_HOME")}
    done = subprocess.run(
        command,
        cwd=folder,
        env={**kept, "NO_PROXY": "*", **environment},
        capture_output=True,
        text=True,
        timeout=3 * PATIENCE,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.fixture
def generate_by_openapi_generator(
    python_tools: Path, java: str, site: tuple[str, str, Path], tmp_path: Path
) -> Callable[[str, str], None]:
    def generate(language: str, *options: str) -> None:
        program = python_tools / "openapi-generator-cli"
        run([program, "generate", "-i", site[2], "-g", language, *options], tmp_path)

    return generate


def round_trip(command: list[object], site: tuple[str, str, Path], photo: Path, folder: Path) -> dict[str, object]:
    address, token, _ = site
    result: dict[str, object] = json.loads(run([*command, address, token, photo], folder))
    return result


def test_openapi_python_client(python_tools: Path, site: tuple[str, str, Path], images: Path, tmp_path: Path) -> None:
    options = ["--output-path", "facesite_client", "--meta", "none", "--fail-on-warning"]
    path = f"{python_tools}{os.pathsep}{os.environ['PATH']}"
    run([python_tools / "openapi-python-client", "generate", "--path", site[2], *options], tmp_path, PATH=path)
    program = shutil.copy(HERE / "openapi_python_client.py", tmp_path)
    assert round_trip([python_tools / "python", program], site, images / "two_people.jpg", tmp_path) == EXPECTED


def test_openapi_generator_for_python(
    python_tools: Path,
    generate_by_openapi_generator: Callable[..., None],
    site: tuple[str, str, Path],
    images: Path,
    tmp_path: Path,
) -> None:
    generate_by_openapi_generator("python", "-o", ".", "--package-name", "facesite_client")
    program = shutil.copy(HERE / "openapi_generator.py", tmp_path)
    assert round_trip([python_tools / "python", program], site, images / "two_people.jpg", tmp_path) == EXPECTED


@pytest.fixture
def compile_and_run(
    node_modules: Path, site: tuple[str, str, Path], images: Path, tmp_path: Path
) -> Callable[[str], dict[str, object]]:
    """Check the types of a program and its client, and run it."""

    def compile_and_run(name: str) -> dict[str, object]:
        (tmp_path / "node_modules").symlink_to(node_modules)
        for file in ("package.json", "tsconfig.json"):
            shutil.copy(HERE / file, tmp_path)
        shutil.copy(HERE / name, tmp_path / "round_trip.ts")
        run([node_modules / ".bin" / "tsc"], tmp_path)
        node = ["node", "out/round_trip.js"]
        return round_trip(node, site, images / "two_people.jpg", tmp_path)

    return compile_and_run


def test_openapi_generator_for_fetch(
    generate_by_openapi_generator: Callable[..., None], compile_and_run: Callable[[str], object]
) -> None:
    generate_by_openapi_generator("typescript-fetch", "-o", "client", "--additional-properties=importFileExtension=.js")
    assert compile_and_run("typescript_fetch.ts") == EXPECTED


def test_openapi_typescript(
    node_modules: Path, site: tuple[str, str, Path], tmp_path: Path, compile_and_run: Callable[[str], object]
) -> None:
    run([node_modules / ".bin" / "openapi-typescript", site[2], "-o", "client/schema.ts"], tmp_path)
    assert compile_and_run("openapi_typescript.ts") == EXPECTED
