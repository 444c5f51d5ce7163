"""What `manage.py analyze` writes: a JSON line, rows of points and a picture for each photo, or a line for people."""

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from landmarks.drawing.overlay import draw_overlay
from landmarks.engines import Finding
from landmarks.errors import LandmarksError
from landmarks.exports import points_csv, vendor_json
from landmarks.exports.sheet import Sheet
from landmarks.intake.photo import Photo
from landmarks.sources import Source


@dataclass
class Report:
    """The places to write to, each of them optional; `say` and `warn` take a line for people."""

    say: Callable[[str], object]
    warn: Callable[[str], object]
    jsonl: TextIO | None = None
    table: TextIO | None = None
    overlays: Path | None = None
    _taken: set[Path] = field(default_factory=set)

    def __post_init__(self) -> None:
        if self.table:
            csv.writer(self.table).writerow(points_csv.COLUMNS)

    @property
    def is_silent(self) -> bool:
        """Whether there is an output, so that nothing needs to be said of photos that went well."""
        return bool(self.jsonl or self.table or self.overlays)

    def add(self, source: Source, photo: Photo, finding: Finding, face_model_version: str) -> None:
        sheet = Sheet(source.name, photo.width, photo.height, face_model_version, finding.faces)
        if self.jsonl:
            facts = {"engine": finding.engine, "elapsed_ms": finding.elapsed_ms}
            self._write_line({"source": source.name, **vendor_json.to_answer(sheet, rounded=False), **facts})
        if self.table:
            csv.writer(self.table).writerows(points_csv.rows(sheet))
        if self.overlays:
            path = self._place_for(source)
            path.parent.mkdir(parents=True, exist_ok=True)
            draw_overlay(photo.image, finding.faces).save(path)
        if not self.is_silent:
            count = len(finding.faces)
            self.say(f"{source.name}: {count} {'face' if count == 1 else 'faces'}, {finding.elapsed_ms:.0f} ms")

    def add_error(self, source: Source, error: LandmarksError) -> None:
        if self.jsonl:
            self._write_line({"source": source.name, "error": {"code": error.code, "message": error.message}})
        self.warn(f"{source.name}: {error.message}")

    def _write_line(self, row: dict[str, object]) -> None:
        assert self.jsonl  # noqa: S101 (the callers have looked)
        self.jsonl.write(json.dumps(row) + "\n")
        # A run that is stopped keeps what it has.
        self.jsonl.flush()

    def _place_for(self, source: Source) -> Path:
        """A path below the folder of overlays that no other photo of this run has."""
        assert self.overlays  # noqa: S101 (the callers have looked)
        place, number = source.place, 1
        while place in self._taken:
            number += 1
            place = source.place.with_name(f"{number}-{source.place.name}")
        self._taken.add(place)
        return self.overlays / f"{place}.png"
