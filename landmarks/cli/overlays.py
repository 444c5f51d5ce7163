"""Pictures of photos with their points, below a folder."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from landmarks.cli.sources import Source
from landmarks.core.faces import Face
from landmarks.drawing.raster import draw_on
from landmarks.photos.formats import ACCEPTED_SUFFIXES


@dataclass
class OverlayNames:
    """Paths for overlays below a folder: each once, and none of them a photo."""

    folder: Path
    taken: set[Path]
    """Resolved paths that must not be written to."""
    given: set[Path] = field(default_factory=set, init=False)

    def path_for(self, source: Source) -> Path:
        output, number = with_png_suffix(source.output), 1
        path = self.folder / output
        while path in self.given or path.resolve() in self.taken:
            number += 1
            path = self.folder / output.with_name(f"{number}-{output.name}")
        self.given.add(path)
        return path


def with_png_suffix(path: Path) -> Path:
    is_photo = path.suffix.lower() in ACCEPTED_SUFFIXES
    return path.with_suffix(".png") if is_photo else path.with_name(f"{path.name}.png")


def write_overlay(picture: Image.Image, faces: Sequence[Face], path: Path) -> str:
    """Draw on a picture that is not used for anything else, and write it; returns why that failed."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draw_on(picture, faces)
        picture.save(path)
    except OSError as exc:
        return exc.strerror or str(exc)
    return ""
