"""The machine and the versions that a run was made with, without which its times say nothing."""

import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")
PACKAGES = ("opencv-python-headless", "ai-edge-litert", "numpy", "pillow", "django")


@dataclass(frozen=True)
class Machine:
    processor: str
    cores: int
    """Those that this process may use."""
    system: str
    python: str
    engine: str
    """Version of the embedded engine."""
    packages: dict[str, str | None]
    """Version of each package that the engine runs on; None for one that is not installed."""


def this_machine(engine_version: str) -> Machine:
    return Machine(
        processor=processor_name(),
        cores=core_count(),
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        python=platform.python_version(),
        engine=engine_version,
        packages={name: package_version(name) for name in PACKAGES},
    )


def core_count() -> int:
    # Linux knows which cores a container was given; elsewhere all are.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def package_version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def processor_name() -> str:
    if sys.platform == "darwin":
        name = _said_by(["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"])
    else:
        name = _in_cpuinfo("model name")
    return name or platform.processor() or platform.machine()


def _in_cpuinfo(key: str) -> str:
    try:
        lines = CPUINFO.read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(key)), "")


def _said_by(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603 (constant)
    except (OSError, subprocess.SubprocessError):
        return ""
