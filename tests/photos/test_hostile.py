"""The 146 hostile and odd files that the project keeps beside its checkout, each with the outcome that it must have."""

import json
import time
from typing import Any

import pytest
from PIL import Image

from landmarks.core.errors import PhotoError
from landmarks.photos.decode import read_photo
from landmarks.photos.encode import encode_photo
from landmarks.photos.photo import PhotoLimits
from tests.conftest import SHARED

HOSTILE = SHARED / "data" / "hostile"
LIMITS = PhotoLimits(max_bytes=20 * 2**20, max_pixels=60_000_000)
SECRETS = (b"SecretCam", b"Jane Private", b"SERIAL-12345678", b"59,20", b"PRIVATE-VIDEO", b"PK\x03\x04", b"<?php")


def entries() -> list[Any]:
    if not HOSTILE.exists():
        return [pytest.param({}, id="none")]
    listed = json.loads((HOSTILE / "hostile.json").read_text())
    return [pytest.param(entry, id=entry["file"]) for entry in listed if entry["category"] != "filename"]


# Pillow warns about some of these files, and no caller can keep it from that without a setting for the whole process.
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("whole", [True, False], ids=["whole", "reduced"])
@pytest.mark.parametrize("entry", entries())
@pytest.mark.usefixtures("shared")
def test_ends_as_expected_and_quickly(entry: dict[str, str], whole: bool) -> None:
    data = (HOSTILE / entry["file"]).read_bytes()
    began = time.process_time()
    try:
        photo = read_photo(data, LIMITS, whole=whole)
    except PhotoError as exc:
        outcome = "clear error"
        assert exc.message.endswith(".")
    else:
        outcome = "works"
        assert type(photo.image) is Image.Image
        assert (photo.image.mode, photo.image.info) == ("RGB", {})
        stored = encode_photo(photo.image)
        assert not [secret for secret in SECRETS if secret in stored]
    assert outcome == entry["expected"] or outcome in entry.get("also_ok", "")
    assert time.process_time() - began < 5
