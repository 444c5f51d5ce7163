"""Pictures on which peers are compared, made from bundled photos: a selfie, a group of ten, nobody, a large photo."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.album import IMAGES, SAMPLES

SELFIE_SIDE = 640
GROUP_OF_TEN = (158, 0, 838, 830)
"""The part of solvay1927.jpg that shows ten of the participants, none of them cut off."""
PORTRAIT = (64, 0, 448, 512)
"""The part of astronaut.jpg that has the proportions of a phone's portrait."""
LARGE = (3000, 4000)
"""Width and height of the portrait as a phone would take it: 12 million pixels."""
GRAIN = 5.0
"""Standard deviation; an enlarged photo is smoother than one from a camera, and would decode too fast."""


@dataclass(frozen=True)
class Scenes:
    selfie: Image.Image
    group: Image.Image
    empty: Image.Image
    """A rocket at its launch pad, 640 px wide."""
    large: bytes


def make_scenes(samples: Path = SAMPLES, images: Path = IMAGES) -> Scenes:
    with (
        Image.open(samples / "astronaut.jpg") as portrait,
        Image.open(samples / "solvay1927.jpg") as group,
        Image.open(images / "rocket.jpg") as empty,
    ):
        return Scenes(
            selfie=portrait.convert("RGB").resize((SELFIE_SIDE, SELFIE_SIDE), Image.Resampling.BICUBIC),
            group=group.convert("RGB").crop(GROUP_OF_TEN),
            empty=empty.convert("RGB"),
            large=_photographed(portrait.convert("RGB").crop(PORTRAIT)),
        )


def _photographed(image: Image.Image) -> bytes:
    pixels = np.asarray(image.resize(LARGE, Image.Resampling.BICUBIC), np.float32)
    # The same grain in every run, and in all channels, as noise in brightness is.
    grain = np.random.default_rng(12).normal(0, GRAIN, (*pixels.shape[:2], 1)).astype(np.float32)
    stream = BytesIO()
    Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8)).save(stream, "JPEG", quality=90)
    return stream.getvalue()
