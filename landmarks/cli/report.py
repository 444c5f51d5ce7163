"""What `manage.py analyze` writes: a JSON line, rows of points and a picture for each photo, or a line for people."""

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from landmarks.cli.sources import Source
from landmarks.core.analysis import Analysis
from landmarks.core.errors import LandmarksError
from landmarks.core.finding import Finding
from landmarks.drawing.raster import draw_on
from landmarks.exports import points_csv
from landmarks.photos.photo import Photo
from landmarks.wire.acedata import answer_to_wire


@dataclass
class Report:
    """The places to write to, each of them optional; `say` and `warn` take a line for people."""

    say: Callable[[str], object]
    warn: Callable[[str], object]
    jsonl: TextIO | None
    table: TextIO | None
    overlays: Path | None
    taken: set[Path] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        if self.table:
            csv.writer(self.table).writerow(points_csv.COLUMNS)

    @property
    def has_output(self) -> bool:
        """Whether something is written, so that nothing needs to be said of photos that went well."""
        return bool(self.jsonl or self.table or self.overlays)

    def add(self, source: Source, photo: Photo, finding: Finding, face_model_version: str) -> bool:
        """Whether the picture, too, could be written; the points are written in any case."""
        analysis = Analysis(source.name, photo.width, photo.height, face_model_version, finding.faces)
        if self.jsonl:
            facts = {"engine": finding.engine, "elapsed_ms": finding.elapsed_ms}
            write_line(self.jsonl, {"source": source.name, **answer_to_wire(analysis, rounded=False), **facts})
        if self.table:
            csv.writer(self.table).writerows(points_csv.rows(analysis))
        if not self.has_output:
            self.say(f"{source.name}: {count_faces(finding)}, {finding.elapsed_ms:.0f} ms")
        return self.draw(source, photo, finding, self.overlays) if self.overlays else True

    def add_error(self, source: Source, error: LandmarksError) -> None:
        if self.jsonl:
            write_line(self.jsonl, {"source": source.name, "error": {"code": error.code, "message": error.message}})
        self.warn(f"{source.name}: {error.message}")

    def draw(self, source: Source, photo: Photo, finding: Finding, folder: Path) -> bool:
        path = folder / f"{self.take_place(source)}.png"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            draw_on(photo.image, finding.faces)  # of which nothing else is wanted any more
            photo.image.save(path)
        except OSError as exc:
            self.warn(f"{source.name}: its picture cannot be written to {path}: {exc.strerror or exc}.")
            return False
        return True

    def take_place(self, source: Source) -> Path:
        """A path below the folder of overlays that no other photo of this run has."""
        place, number = source.place, 1
        while place in self.taken:
            number += 1
            place = source.place.with_name(f"{number}-{source.place.name}")
        self.taken.add(place)
        return place


def write_line(file: TextIO, row: dict[str, object]) -> None:
    file.write(json.dumps(row) + "\n")
    # A run that is stopped keeps what it has.
    file.flush()


def count_faces(finding: Finding) -> str:
    count = len(finding.faces)
    if count < finding.face_total:
        return f"the {count} largest of {finding.face_total} faces" if count > 1 else f"1 of {finding.face_total} faces"
    return "1 face" if count == 1 else f"{count} faces"
