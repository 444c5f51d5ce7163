"""The steps of the Dockerfile in an empty folder, where no image can be built; python -m tests.dockerfile

They run as an unprivileged user, in a folder in the place of each stage's root, with this machine's Python in that of
the image. Then the site is started as the image starts it, with nothing writable but /data and /tmp, and asked whether
it is ready and healthy. It takes minutes, because it installs all packages.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.ports import free_port

PROJECT = Path(__file__).resolve().parent.parent
OWN = re.compile(r"(?<![\w./])/(?=(?:srv|opt|data|tmp)\b)")
"""Where absolute paths begin that are the image's own, and not the machine's."""
NETWORK = re.compile("pip_|[a-z]+_proxy$|ssl_cert", re.IGNORECASE)
"""Variables that say how packages are reached."""
PORT = "8000"
PATIENCE = 600
USER = "nobody"


@dataclass
class Stage:
    """What stands for the root of a stage, and what its steps so far have set."""

    root: Path
    folder: Path
    variables: dict[str, str] = field(default_factory=dict)
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)

    def own(self, text: str) -> str:
        """With the paths of the image below this root."""
        return OWN.sub(f"{self.root}/", text)

    def path(self, name: str) -> Path:
        return self.root / name.lstrip("/") if name.startswith("/") else self.folder / name

    def environment(self) -> dict[str, str]:
        network = {name: value for name, value in os.environ.items() if NETWORK.match(name)}
        return {**network, "PATH": os.environ["PATH"], "HOME": str(self.root / "tmp"), **self.variables}

    def start(self, command: list[str], **more: str) -> "subprocess.Popen[bytes]":
        who: dict[str, Any] = {"user": USER, "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}
        return subprocess.Popen(command, cwd=self.folder, env=self.environment() | more, **who)

    def run(self, command: list[str]) -> None:
        status = self.start(command).wait(PATIENCE)
        if status:
            sys.exit(f"Exit status {status}: {shlex.join(command)}")


def steps() -> Iterator[tuple[str, str]]:
    """Names and arguments."""
    lines = [line for line in (PROJECT / "Dockerfile").read_text().splitlines() if not line.lstrip().startswith("#")]
    for step in "\n".join(lines).replace("\\\n", " ").splitlines():
        if step.strip():
            name, _, arguments = step.partition(" ")
            yield name, arguments.strip()


def build(folder: Path) -> Stage:
    """The last stage."""
    stages: dict[str, Stage] = {}
    for name, arguments in steps():
        if name == "FROM":
            _, _, called = arguments.partition(" AS ")
            root = folder / (called or "last")
            stages[root.name] = stage = Stage(root, root)
            for each in ("srv", "opt", "tmp"):
                (root / each).mkdir(parents=True)
            give(root)
        else:
            print(name, arguments, flush=True)  # noqa: T201
            take(stage, name, arguments, stages)
    return stage


def take(stage: Stage, name: str, arguments: str, stages: dict[str, Stage]) -> None:
    if name == "WORKDIR":
        stage.folder = stage.path(arguments)
        stage.folder.mkdir(parents=True, exist_ok=True)
        give(stage.folder)
    elif name == "ENV":
        values = dict(word.split("=", 1) for word in shlex.split(arguments))
        stage.variables |= {key: stage.own(value).replace("$PATH", os.environ["PATH"]) for key, value in values.items()}
    elif name == "COPY":
        copy(stage, arguments.split(), stages)
    elif name == "RUN" and arguments.startswith("useradd "):
        # Only root can make a user; there is one already. Its folder is what the image makes for it.
        (stage.root / "data").mkdir(mode=0o700)
        give(stage.root / "data")
    elif name == "RUN":
        stage.run(["sh", "-ec", stage.own(arguments)])
    elif name == "CMD":
        stage.command = json.loads(arguments)
    elif name == "HEALTHCHECK":
        stage.health = json.loads(arguments.partition("CMD ")[2])
    elif name not in ("USER", "VOLUME", "EXPOSE"):
        sys.exit(f"This is a step of the Dockerfile that {__file__} doesn't know: {name}")


def copy(stage: Stage, words: list[str], stages: dict[str, Stage]) -> None:
    *sources, target = [word for word in words if not word.startswith("--")]
    other = next((word.removeprefix("--from=") for word in words if word.startswith("--from=")), "")
    for source in sources:
        to = stage.path(target)
        if source == ".":
            for each in sent():
                copy_one(PROJECT / each, to / each)
        else:
            is_folder = target.endswith((".", "/"))
            start = stages[other].path(source) if other else PROJECT / source
            copy_one(start, to / Path(source).name if is_folder else to)
    give(stage.path(target))


def sent() -> list[str]:
    """What .dockerignore leaves of the project."""
    lines = (PROJECT / ".dockerignore").read_text().split("\n")
    assert "*" in lines and "**/__pycache__" in lines
    return [line[1:] for line in lines if line.startswith("!")]


def copy_one(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, True, shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    else:
        shutil.copy2(source, target)


def give(folder: Path) -> None:
    """To the user who runs the steps."""
    if os.getuid() == 0:
        subprocess.run(["chown", "-R", f"{USER}:nogroup", folder], check=True)  # noqa: S607


def seal(stage: Stage) -> None:
    """As a read-only root; what is written is below /data and /tmp."""
    subprocess.run(["chmod", "-R", "a-w", stage.root / "srv", stage.root / "opt"], check=True)  # noqa: S607


def try_out(stage: Stage) -> None:
    """Start the site, and let it end. Exits where it does not do so as it should."""
    port = str(free_port())
    site = stage.start([*stage.command, "--port", port], ALLOWED_HOSTS="localhost", TMPDIR=str(stage.root / "tmp"))
    try:
        wait_until_ready(site, port)
        stage.run([word.replace(PORT, port) for word in stage.health])
    finally:
        site.terminate()
        status = site.wait(PATIENCE)
    if status:
        sys.exit(f"The site ended with status {status}.")
    print("The site was ready and healthy, and ended in order.")  # noqa: T201


def wait_until_ready(site: "subprocess.Popen[bytes]", port: str) -> None:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/readyz", headers={"Host": "localhost"})  # noqa: S310
    open_directly = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
    end = time.monotonic() + PATIENCE
    while site.poll() is None and time.monotonic() < end:
        try:
            with open_directly(request, timeout=10):
                return
        except OSError:
            time.sleep(0.5)
    sys.exit("The site did not become ready.")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="facesite-image-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        # The image calls it so.
        programs = folder / "bin"
        programs.mkdir()
        python = shutil.which("python3", path="/usr/local/bin:/usr/bin") or sys.executable
        (programs / "python").symlink_to(python)
        os.environ["PATH"] = f"{programs}:/usr/local/bin:/usr/bin:/bin"
        os.umask(0o022)
        stage = build(folder)
        seal(stage)
        try_out(stage)


if __name__ == "__main__":
    main()
