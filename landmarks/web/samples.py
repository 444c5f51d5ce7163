"""The sample photos, for visitors without one at hand."""

from dataclasses import dataclass
from pathlib import Path

from django.contrib.staticfiles import finders


@dataclass(frozen=True)
class Sample:
    """A photo in static/samples/, where a README states its source and licence."""

    slug: str
    label: str
    width: int
    height: int
    source: str

    @property
    def path(self) -> str:
        return f"samples/{self.slug}.jpg"

    @property
    def thumbnail_path(self) -> str:
        return f"samples/{self.slug}-thumbnail.jpg"


SAMPLES = (
    Sample("astronaut", "Portrait", 512, 512, "NASA"),
    Sample("two_people", "Two people", 1126, 661, "The White House"),
    Sample("solvay1927", "A crowd of 29", 2048, 922, "Benjamin Couprie, Solvay Conference, 1927"),
    Sample("sideways", "Lying on its side", 1213, 970, "The White House"),
)
BY_SLUG = {sample.slug: sample for sample in SAMPLES}


def read_sample(slug: str) -> bytes:
    """Raise KeyError for a sample that does not exist."""
    path = finders.find(BY_SLUG[slug].path)
    if path is None:
        raise FileNotFoundError(f"{BY_SLUG[slug].path} is missing from the static files")
    return Path(path).read_bytes()
