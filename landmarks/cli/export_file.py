"""Files that commands export to: complete ones only, which replace nothing unless that is wanted."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from django.core.management.base import CommandError, CommandParser
from django.http import QueryDict

from landmarks.core.errors import LandmarksError
from landmarks.exports.formats import Exported
from landmarks.exports.options import Options, Shapes
from landmarks.exports.point_sets import POINT_SETS
from landmarks.http.export_query import INSIDE, export_options

STREAM = "-"
OPTIONS = ("scheme", "guessed", "shapes", "formats", "scale")
"""Of the query of an address that commands have too."""


def add_option_arguments(parser: CommandParser) -> None:
    parser.add_argument("--scheme", metavar="NAME", help=f"which points: {', '.join(POINT_SETS)}")
    parser.add_argument(
        "--without-guessed", action="store_const", const="0", dest="guessed", help="leave out points that are guessed"
    )
    parser.add_argument("--shapes", metavar="SHAPES", help=f"for cvat: {' or '.join(Shapes)}")
    parser.add_argument("--formats", metavar="NAMES", help=f"for zip, what it holds beside photos: {', '.join(INSIDE)}")
    parser.add_argument("--scale", metavar="N", help="for png, jpg and svg: whole factor by which they are enlarged")


def read_options(format_name: str, options: dict[str, Any]) -> Options:
    """Raises CommandError."""
    query = QueryDict(mutable=True)
    query.update({name: str(options[name]) for name in OPTIONS if options[name] is not None})
    try:
        return export_options(query, format_name)
    except LandmarksError as exc:
        raise CommandError(exc.message, returncode=2) from exc


def check_target(name: str, *, overwrite: bool) -> None:
    """Raise CommandError where a file would be replaced, or a terminal get what is no text."""
    if name == STREAM:
        if sys.stdout.isatty():
            raise CommandError(
                "An export cannot be written to a terminal. Redirect standard output, or name a file.", returncode=2
            )
    elif Path(name).exists() and not overwrite:
        raise CommandError(f"{name} exists. Replace it by --overwrite, or name another file.", returncode=2)


def write(exported: Exported, name: str) -> None:
    """Write it under another name until it is complete. Raises OSError, and then leaves nothing behind."""
    if name == STREAM:
        write_pieces(exported.pieces, sys.stdout.buffer)
        return
    part = Path(f"{name}.part")
    try:
        with part.open("wb") as file:
            write_pieces(exported.pieces, file)
        os.replace(part, name)
    finally:
        part.unlink(missing_ok=True)


def write_pieces(pieces: Iterable[bytes], file: IO[bytes]) -> None:
    for piece in pieces:
        file.write(piece)
    file.flush()


def remark(exported: Exported, name: str) -> str:
    """What a reader of the file would not expect from its name."""
    if exported.suffix != ".zip" or name == STREAM or name.endswith((".zip", ".npz")):
        return ""
    return f"{name} is a ZIP archive with several files. Rename it to .zip to open it."
