"""Finds the points in files, folders and URLs, and writes them as JSON lines, a table or overlays."""

import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from landmarks.cli.report import Report
from landmarks.cli.sources import PassedOver, Source, expand, read_source
from landmarks.core.errors import LandmarksError
from landmarks.core.finding import Options
from landmarks.engines.registry import ENGINES
from landmarks.services import engines, runs


class Command(BaseCommand):
    help = (
        "Find the 90 points of every face in photos. Without an output option a line is printed for each photo. "
        "Of more than MAX_FACES faces the largest are reported. "
        "Exit status: 0 when every photo was read, 1 otherwise, 2 for wrong usage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("photos", nargs="+", metavar="PHOTO|URL|FOLDER", help="folders are walked recursively")
        parser.add_argument("--engine", choices=tuple(ENGINES), help=f"default: {engines.default_engine()}")
        parser.add_argument("--mode", type=int, choices=(0, 1), default=0, help="0: all faces, 1: the largest only")
        parser.add_argument("--rotate", action="store_true", help="also find faces after quarter turns")
        parser.add_argument("--face-model-version", default="3.0", metavar="3.0", help="echoed in the output")
        parser.add_argument("--jsonl", metavar="FILE|-", help="write a JSON line for each photo; - is standard output")
        parser.add_argument("--csv", metavar="FILE|-", help="write a row for each point; - is standard output")
        parser.add_argument("--overlays", metavar="DIR", type=Path, help="write each photo with its points as PNG")

    def handle(self, *args: Any, **options: Any) -> None:
        passed_over = PassedOver()
        sources = list(expand(options["photos"], passed_over))
        check_outputs(options, sources)
        engine = self.prepared(options["engine"] or engines.default_engine())
        run_options = runs.run_options(
            largest_only=options["mode"] == 1,
            rotate=options["rotate"],
            face_model_version=options["face_model_version"],
        )
        try:
            with ExitStack() as outputs:
                report = self.open_report(outputs, options)
                failed = self.analyze(sources, run_options, engine, report)
                if text := str(passed_over):
                    self.warn(text)
                sys.stdout.flush()
        except BrokenPipeError:
            # The reader of the output is gone, so nothing more may be written there, not even at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
        except OSError as exc:
            raise CommandError(f"The output cannot be written: {exc.strerror}.") from exc
        if failed:
            sys.exit(1)

    def prepared(self, engine: str) -> str:
        """The engine's name, if it can run here; missing model files are fetched."""
        if engine not in engines.engine_names():
            raise CommandError(
                f"The engine {engine} needs a token: set ACEDATA_API_TOKEN, or choose --engine local.", returncode=2
            )
        if not engines.is_hosted(engine) and not engines.engine_ready(engine):
            call_command("fetch_models", stdout=self.stderr)
        return engine

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

    def analyze(self, sources: list[Source], run_options: Options, engine: str, report: Report) -> int:
        """One photo after the other; returns the number of those that could not be read or their overlay written."""
        failed = done = faces = 0
        try:
            for source in tqdm(sources, unit="photo", file=sys.stderr, disable=None):
                try:
                    found, is_written = self.analyze_one(source, run_options, engine, report)
                    faces += found
                    failed += not is_written
                except LandmarksError as exc:
                    failed += 1
                    report.add_error(source, exc)
                done += 1
        finally:
            self.warn(f"{done - failed} of {len(sources)} photos done, {faces} face{'' if faces == 1 else 's'} found.")
        return failed

    def analyze_one(self, source: Source, run_options: Options, engine: str, report: Report) -> tuple[int, bool]:
        """The number of its faces, and whether all was written. The picture is gone before the next one is read."""
        read = read_source(source)
        photo, finding = runs.analyze(read.read(), run_options, engine, read.public_address)
        version = finding.face_model_version or run_options.face_model_version
        return len(finding.faces), report.add(source, photo, finding, version)

    # Printed by tqdm, a line does not break the progress bar.

    def say(self, line: str) -> None:
        tqdm.write(line, file=sys.stdout)

    def warn(self, line: str) -> None:
        tqdm.write(line, file=sys.stderr)


def check_outputs(options: dict[str, Any], sources: list[Source]) -> None:
    """Raise CommandError where one output would overwrite another, or a photo."""
    named = [options[name] for name in ("jsonl", "csv") if options[name]]
    paths = [Path(name).resolve() for name in named if name != "-"]
    if len(named) == 2 and (named == ["-", "-"] or len(set(paths)) == 1 < len(paths)):
        raise CommandError("--jsonl and --csv cannot both write to the same file.", returncode=2)
    for path in paths:
        if any(source.path and source.path.resolve() == path for source in sources):
            raise CommandError(f"{path} is one of the photos. Name another file to write to.", returncode=2)
