"""The machine and the versions that a benchmark ran on, without which its figures mean nothing."""

import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from landmarks.engines.local.engine import LocalEngine

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
    """Versions of what the engine and the site run on; None for a package that is not installed."""


def this_machine() -> Machine:
    return Machine(
        processor=processor_name(),
        cores=core_count(),
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        python=platform.python_version(),
        engine=LocalEngine.version,
        packages={name: package_version(name) for name in PACKAGES},
    )


def core_count() -> int:
    # Linux knows which cores a container may use; elsewhere all of them.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def package_version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def processor_name() -> str:
    if sys.platform == "darwin":
        name = _output_of(["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"])
    else:
        name = _in_cpuinfo("model name")
    return name or platform.processor() or platform.machine()


def _in_cpuinfo(key: str) -> str:
    try:
        lines = CPUINFO.read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(key)), "")


def _output_of(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""
