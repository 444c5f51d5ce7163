"""What an earlier `manage.py analyze` has written, so that another one can go on from there."""

import csv
import json
import os
from collections.abc import Collection
from pathlib import Path

from landmarks.exports.spreadsheet import harmless


def done_sources(path: Path) -> set[str]:
    """The photos that have a line with their points; those with an error are tried again.

    A last line that was not finished is cut off, which is how a run that is killed ends.
    """
    if not path.exists():
        return set()
    with path.open("rb+") as file:
        done, end = set(), 0
        for line in file:
            if not line.endswith(b"\n"):
                break
            end += len(line)
            if source := finished_source(line):
                done.add(source)
        file.truncate(end)
    return done


def finished_source(line: bytes) -> str:
    """The photo of a line with points; empty for any other line."""
    try:
        row = json.loads(line)
    except ValueError:
        return ""
    is_finished = isinstance(row, dict) and "face_shape_set" in row
    return str(row.get("source", "")) if is_finished else ""


def source_of(line: str) -> str:
    """The first column of a row; empty if there is none."""
    return next((row[0] for row in csv.reader([line]) if row), "")


def keep_rows(path: Path, done: Collection[str]) -> None:
    """Remove the rows of all other photos from a table: they may be incomplete, and will be written again."""
    if not path.exists():
        return
    kept = set(map(harmless, done))
    copy = path.with_name(f"{path.name}.part")
    with path.open(encoding="utf-8", newline="") as old, copy.open("w", encoding="utf-8", newline="") as new:
        # Each row is a line, since no source contains a line break.
        new.writelines(line for number, line in enumerate(old) if not number or source_of(line) in kept)
    os.replace(copy, path)
