"""Finds the points in files, folders and addresses, and writes them as lines, a table or pictures."""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from landmarks import service
from landmarks.engines import Options
from landmarks.errors import LandmarksError
from landmarks.report import Report
from landmarks.sources import Source, expand


class Command(BaseCommand):
    help = (
        "Find the 90 points of every face in photos. Without an output option a line a photo is printed. "
        "Exit status: 0 when every photo was read, 1 otherwise, 2 for wrong usage."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("photos", nargs="+", metavar="PHOTO|URL|FOLDER", help="folders are walked recursively")
        parser.add_argument("--engine", choices=service.engine_names(), default=service.default_engine())
        parser.add_argument("--mode", type=int, choices=(0, 1), default=0, help="0: all faces, 1: the largest only")
        parser.add_argument("--rotate", action="store_true", help="also look for faces after quarter turns")
        parser.add_argument("--face-model-version", default="3.0", metavar="3.0", help="echoed in the output")
        parser.add_argument("--jsonl", metavar="FILE|-", help="write a JSON line a photo; - is standard output")
        parser.add_argument("--csv", metavar="FILE|-", help="write a row a point; - is standard output")
        parser.add_argument("--overlays", metavar="DIR", type=Path, help="write each photo with its points as PNG")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["jsonl"] == "-" == options["csv"]:
            raise CommandError("--jsonl and --csv cannot both write to standard output.", returncode=2)
        if not service.engine_ready():
            call_command("fetch_models", stdout=self.stderr)
        asked = service.ask(
            largest_only=options["mode"] == 1,
            rotate=options["rotate"],
            face_model_version=options["face_model_version"],
        )
        with ExitStack() as outputs:
            report = self.open_report(outputs, options)
            failed = self.analyze(list(expand(options["photos"])), asked, options["engine"], report)
        if failed:
            sys.exit(1)

    def open_report(self, outputs: ExitStack, options: dict[str, Any]) -> Report:
        def opened(name: str | None) -> TextIO | None:
            if name is None or name == "-":
                return sys.stdout if name else None
            return outputs.enter_context(Path(name).open("w", encoding="utf-8", newline=""))

        try:
            if options["overlays"]:
                options["overlays"].mkdir(parents=True, exist_ok=True)
            return Report(self.say, self.warn, opened(options["jsonl"]), opened(options["csv"]), options["overlays"])
        except OSError as exc:
            raise CommandError(f"{exc.filename} cannot be written: {exc.strerror}.", returncode=2) from exc

    def analyze(self, sources: list[Source], asked: Options, engine: str, report: Report) -> int:
        """Look at one photo after the other; the number of those that could not be read."""
        failed = faces = 0
        for source in tqdm(sources, unit="photo", file=self.stderr, disable=None):
            try:
                photo, finding = service.look(service.read_source(source), asked, engine)
            except LandmarksError as exc:
                failed += 1
                report.add_error(source, exc)
            else:
                faces += len(finding.faces)
                report.add(source, photo, finding, asked.face_model_version)
        self.stderr.write(f"{len(sources) - failed} of {len(sources)} photos read, {faces} faces found.")
        return failed

    # tqdm's way to print keeps its bar in one piece.

    def say(self, line: str) -> None:
        tqdm.write(line, file=sys.stdout)

    def warn(self, line: str) -> None:
        tqdm.write(line, file=sys.stderr)
