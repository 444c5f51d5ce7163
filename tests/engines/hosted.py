"""The hosted engine and photos for its tests."""

import json
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from landmarks.core.finding import Options
from landmarks.engines.acedata.client import CallLimits
from landmarks.engines.acedata.engine import AcedataEngine
from landmarks.photos.photo import Photo
from tests.vendor import PLATFORM_TOKEN, TOKEN, Vendor

QUICK = CallLimits(pause=0)
ALL = Options(max_faces=10)

REPLIES = {
    path.stem: json.loads(path.read_text())["response"]
    for path in sorted((Path(__file__).parent.parent / "replies").glob("*.json"))
}
WITH_90_POINTS = {name: reply for name, reply in REPLIES.items() if not name.startswith("lineage88")}
WITH_88_POINTS = {name: reply for name, reply in REPLIES.items() if name.startswith("lineage88")}


def an_engine(vendor: Vendor, limits: CallLimits = QUICK, **others: Any) -> AcedataEngine:
    arguments = {
        "api_url": vendor.url,
        "token": TOKEN,
        "platform_url": vendor.platform_url,
        "platform_token": PLATFORM_TOKEN,
        "publish": None,
    }
    return AcedataEngine(**{**arguments, **others}, limits=limits)


def a_photo(width: int = 300, height: int = 200, **facts: Any) -> Photo:
    """A grey photo, by default one that was sent as a file."""
    known = {"format": "JPEG", "orientation": 1, "byte_count": 1000, **facts}
    return Photo(Image.new("RGB", (width, height), "grey"), **known)


def at_address(vendor: Vendor, width: int = 300, height: int = 200) -> Photo:
    """A photo that was fetched from a URL which the vendor can use as it is."""
    return a_photo(width, height, address=f"{vendor.url}/people.jpg")


def noise(width: int, height: int) -> Image.Image:
    """A picture that JPEG cannot make small."""
    pixels = np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


class Publisher:
    """Stands in for the site's temporary links: serves a photo during a block."""

    def __init__(self, vendor: Vendor) -> None:
        self.vendor = vendor
        self.given: list[bytes] = []
        self.is_open = False

    @contextmanager
    def __call__(self, jpeg: bytes):
        self.given.append(jpeg)
        self.is_open = True
        yield self.vendor.puts("/published.jpg", jpeg)
        self.is_open = False
