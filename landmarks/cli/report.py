"""The output of `manage.py analyze`: JSON lines, a CSV table and overlays, or a line for people."""

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, TextIO

from landmarks.cli.tasks import Answer, Failure, Outcome
from landmarks.core.analysis import Analysis
from landmarks.core.finding import Finding
from landmarks.exports import points_csv, spreadsheet
from landmarks.exports.jsonl import extras
from landmarks.exports.options import Options
from landmarks.wire.acedata import answer_to_wire

COLUMNS = (*points_csv.POINT_COLUMNS, "error")
ALL = Options()


@dataclass
class Report:
    """The outputs, each of them optional; `say` and `warn` print a line for people."""

    say: Callable[[str], object]
    warn: Callable[[str], object]
    jsonl: TextIO | None = None
    table: TextIO | None = None
    has_overlays: bool = False
    has_extras: bool = False
    has_export: bool = False
    is_saved: bool = False
    done: Collection[str] = frozenset()
    """Photos that an earlier run has written."""
    known: int = field(default=0, init=False)
    """Photos that were analysed before, and not again."""
    analyzed: int = field(default=0, init=False)
    failed: int = field(default=0, init=False)
    """Photos that could not be read, or their overlay not written."""

    def begin_table(self) -> None:
        assert self.table  # noqa: S101  only called with one
        spreadsheet.write_rows([COLUMNS], self.table)

    @property
    def has_output(self) -> bool:
        """Whether anything is written; otherwise a line is printed for each photo."""
        return bool(self.jsonl or self.table or self.has_overlays or self.has_export or self.is_saved)

    def add(self, outcome: Outcome) -> None:
        """Write one photo; its points are written even if its overlay failed."""
        name, answer = outcome.source.name, outcome.answer
        if name not in self.done:
            self.write(name, answer)
        if isinstance(answer, Failure):
            self.warn(f"{name}: {answer.message}")
            self.failed += 1
            return
        self.known += outcome.is_known
        self.analyzed += not outcome.is_known
        if not self.has_output:
            self.say(f"{name}: {count_faces(answer.finding)}, {answer.finding.elapsed_ms:.0f} ms")
        if outcome.overlay_failure:
            self.warn(f"{name}: its overlay cannot be written: {outcome.overlay_failure}.")
            self.failed += 1

    def write(self, name: str, answer: Answer | Failure) -> None:
        if self.table:
            spreadsheet.write_rows(table_rows(name, answer), self.table)
            self.table.flush()
        # After the table: a photo with a line is done, also for `--resume`.
        if self.jsonl:
            write_line(self.jsonl, self.json_line(name, answer))

    def json_line(self, name: str, answer: Answer | Failure) -> dict[str, Any]:
        if isinstance(answer, Failure):
            return {"source": name, "error": asdict(answer)}
        finding = answer.finding
        line: dict[str, Any] = {"source": name, **answer_to_wire(to_analysis(name, answer), rounded=False)}
        line |= {"engine": finding.engine, "elapsed_ms": finding.elapsed_ms}
        if self.has_extras:
            faces = zip(line["face_shape_set"], finding.faces, strict=True)
            line["face_shape_set"] = [shape | extras(face) for shape, face in faces]
            line["orientation"] = answer.orientation
        for shape, face in zip(line["face_shape_set"], finding.faces, strict=True):
            if face.dense:
                shape["dense"] = face.dense
        return line


def table_rows(name: str, answer: Answer | Failure) -> Iterable[tuple[object, ...]]:
    """A row for each point, or one with face 0 if there is no face, or one with an error."""
    if isinstance(answer, Failure):
        return [(spreadsheet.harmless(name), "", "", "", "", "", answer.code)]
    if not answer.finding.faces:
        return [(spreadsheet.harmless(name), 0, "", "", "", "", "")]
    width = len(points_csv.POINT_COLUMNS)
    return ((*row[:width], "") for row in points_csv.rows(to_analysis(name, answer), ALL))


def to_analysis(name: str, answer: Answer) -> Analysis:
    return Analysis(name, answer.width, answer.height, answer.face_model_version, answer.finding.faces)


def write_line(file: TextIO, row: dict[str, object]) -> None:
    file.write(json.dumps(row) + "\n")
    # If the run is stopped, the lines so far are there.
    file.flush()


def count_faces(finding: Finding) -> str:
    count = len(finding.faces)
    if count < finding.face_total:
        return f"the {count} largest of {finding.face_total} faces" if count > 1 else f"1 of {finding.face_total} faces"
    return "1 face" if count == 1 else f"{count} faces"
