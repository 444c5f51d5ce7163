"""The output of `manage.py analyze`: JSON lines, a CSV table and overlays, or a line for people."""

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
    """The outputs, each of them optional; `say` and `warn` print a line for people."""

    say: Callable[[str], object]
    warn: Callable[[str], object]
    jsonl: TextIO | None
    table: TextIO | None
    overlays: Path | None
    taken: set[Path] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        if self.table:
            points_csv.write_rows([points_csv.COLUMNS], self.table)

    @property
    def has_output(self) -> bool:
        """Whether anything is written; otherwise a line is printed for each photo."""
        return bool(self.jsonl or self.table or self.overlays)

    def add(self, source: Source, photo: Photo, finding: Finding, face_model_version: str) -> bool:
        """Write one photo; False if its overlay could not be written, the points are written in any case."""
        analysis = Analysis(source.name, photo.width, photo.height, face_model_version, finding.faces)
        if self.jsonl:
            run = {"engine": finding.engine, "elapsed_ms": finding.elapsed_ms}
            write_line(self.jsonl, {"source": source.name, **answer_to_wire(analysis, rounded=False), **run})
        if self.table:
            points_csv.write_rows(points_csv.rows(analysis), self.table)
        if not self.has_output:
            self.say(f"{source.name}: {count_faces(finding)}, {finding.elapsed_ms:.0f} ms")
        return self.draw(source, photo, finding, self.overlays) if self.overlays else True

    def add_error(self, source: Source, error: LandmarksError) -> None:
        if self.jsonl:
            write_line(self.jsonl, {"source": source.name, "error": {"code": error.code, "message": error.message}})
        self.warn(f"{source.name}: {error.message}")

    def draw(self, source: Source, photo: Photo, finding: Finding, folder: Path) -> bool:
        path = folder / f"{self.free_name(source)}.png"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            draw_on(photo.image, finding.faces)  # the picture is not used for anything else
            photo.image.save(path)
        except OSError as exc:
            self.warn(f"{source.name}: its overlay cannot be written to {path}: {exc.strerror or exc}.")
            return False
        return True

    def free_name(self, source: Source) -> Path:
        """A path below the folder of overlays that no other photo of this run has."""
        name, number = source.output, 1
        while name in self.taken:
            number += 1
            name = source.output.with_name(f"{number}-{source.output.name}")
        self.taken.add(name)
        return name


def write_line(file: TextIO, row: dict[str, object]) -> None:
    file.write(json.dumps(row) + "\n")
    # If the run is stopped, the lines so far are there.
    file.flush()


def count_faces(finding: Finding) -> str:
    count = len(finding.faces)
    if count < finding.face_total:
        return f"the {count} largest of {finding.face_total} faces" if count > 1 else f"1 of {finding.face_total} faces"
    return "1 face" if count == 1 else f"{count} faces"
