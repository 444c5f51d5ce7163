"""`manage.py serve` as a process of its own, with its defaults and a data folder that is deleted afterwards."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.errors import BenchmarkError
from benchmarks.process import PROJECT
from benchmarks.site import PREFIX

INHERITED = ("PATH", "HOME", "LANG", "PIP_", "MALLOC_")
"""Beginnings of the environment variables that the server gets from this process."""
DEFAULTS = {
    "DATABASE_URL": "",
    "ENGINE": "local",
    "ACEDATA_API_TOKEN": "",
    "ACEDATA_PLATFORM_TOKEN": "",
    "PUBLIC_URL": "",
    "HTTPS": "",
    "HISTORY": "",
    "API_RATE": "off",
    "TASKS": "",
}
"""Set whatever .env says: nothing may be stored in the site's own database or sent to a third party."""
READY = "facesite is ready at "
RUNTIME = "INFO: Created TensorFlow Lite"
"""How the mesh's runtime announces itself on standard error, which cannot be turned off."""
STOP_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A running server; `environment` is that of its process."""

    process: "subprocess.Popen[str]"
    address: str
    environment: Mapping[str, str]
    log_file: Path

    @property
    def log(self) -> list[str]:
        """The lines on its standard error."""
        lines = self.log_file.read_text(encoding="utf-8", errors="replace").splitlines()
        return [line for line in lines if not line.startswith(RUNTIME)]

    def stop(self) -> int:
        """Its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS)

    def create_token(self, name: str) -> str:
        """A token for the API, without a rate limit."""
        command = [sys.executable, "manage.py", "create_token", name, "--rate", "off"]
        done = subprocess.run(
            command, cwd=PROJECT, env=self.environment, check=True, capture_output=True, text=True, encoding="utf-8"
        )
        return done.stdout.splitlines()[-1]


@contextmanager
def serving(models_dir: Path, **more: str) -> Iterator[Server]:
    """Start a server on a free port, with further settings; raise BenchmarkError when it does not start."""
    with TemporaryDirectory(prefix=PREFIX) as folder:
        environment = environment_of(Path(folder), models_dir, **more)
        log_file = Path(folder) / "log"
        with log_file.open("w") as log, _process(environment, log.fileno()) as process:
            yield Server(process, address_of(process, log_file), environment, log_file)


def environment_of(folder: Path, models_dir: Path, **more: str) -> dict[str, str]:
    """That of a server with its data below that folder, with further settings."""
    inherited = {name: value for name, value in os.environ.items() if name.startswith(INHERITED)}
    folders = {"DATA_DIR": f"{folder}/data", "MODELS_DIR": str(models_dir)}
    return inherited | DEFAULTS | folders | more


@contextmanager
def _process(environment: Mapping[str, str], log: int) -> "Iterator[subprocess.Popen[str]]":
    """The process of a server, which is stopped at the end if it is still there."""
    command = [sys.executable, "manage.py", "serve", "--port", "0"]
    with subprocess.Popen(
        command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True
    ) as process:
        try:
            yield process
        finally:
            # Nothing is sent to a process that has ended.
            process.terminate()


def address_of(process: "subprocess.Popen[str]", log_file: Path) -> str:
    """Where it can be reached, once it is ready."""
    for line in process.stdout or ():
        if line.startswith(READY):
            return line.removeprefix(READY).split("/ ")[0]
    raise BenchmarkError(f"The server did not start:\n{log_file.read_text(encoding='utf-8', errors='replace')}")
