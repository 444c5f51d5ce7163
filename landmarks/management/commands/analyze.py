"""Finds the points in files, folders and URLs, writes them as JSON lines, a table or overlays, or saves them."""

import os
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, TextIO

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from landmarks.cli import export_file, saving
from landmarks.cli.analyze_usage import LIST, check_usage
from landmarks.cli.arguments import owner_name
from landmarks.cli.batch import outcomes
from landmarks.cli.exported import exported_analyses, file_names
from landmarks.cli.overlays import OverlayNames
from landmarks.cli.report import Report
from landmarks.cli.resume import done_sources, keep_rows
from landmarks.cli.sources import PassedOver, Source, expand
from landmarks.cli.tasks import Answer, Failure, Outcome, Saving, Task
from landmarks.core.finding import Options
from landmarks.engines.registry import ENGINES
from landmarks.exports.registry import FORMATS
from landmarks.runtime.concurrency import CORES
from landmarks.server import bootstrap
from landmarks.services import engines, exporting, runs


class Command(BaseCommand):
    help = (
        "Find the 90 points of every face in photos. Without an output option a line is printed for each photo. "
        "Of more than MAX_FACES faces the largest are reported. "
        "Exit status: 0 when every photo was read, 1 otherwise, 2 for wrong usage or when there is no photo."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "photos",
            nargs="+",
            metavar="PHOTO|URL|FOLDER|-",
            help="folders are walked recursively; - reads a list from standard input, one on each line",
        )
        parser.add_argument("--engine", choices=tuple(ENGINES), help=f"default: {engines.default_engine()}")
        parser.add_argument("--mode", type=int, choices=(0, 1), default=0, help="0: all faces, 1: the largest only")
        parser.add_argument("--rotate", action="store_true", help="also find faces after quarter turns")
        parser.add_argument("--face-model-version", default="3.0", metavar="3.0", help="echoed in the output")
        parser.add_argument("--jsonl", metavar="FILE|-", help="write a JSON line for each photo; - is standard output")
        parser.add_argument("--csv", metavar="FILE|-", help="write a row for each point; - is standard output")
        parser.add_argument("--overlays", metavar="DIR", type=Path, help="write each photo with its points as PNG")
        parser.add_argument(
            "--extras",
            action="store_true",
            help="add score, box, pose, uncertainty, guessed points and covered regions of each face, and the "
            "orientation, to --jsonl",
        )
        parser.add_argument(
            "--dense", action="store_true", help="add the 478 dense points of each face, with depth, to --jsonl"
        )
        parser.add_argument(
            "--export", nargs=2, metavar=("FORMAT", "FILE|-"), help=f"write one file: {', '.join(FORMATS)}"
        )
        export_file.add_option_arguments(parser)
        parser.add_argument("--save", action="store_true", help="store photos and results on the site, as a collection")
        parser.add_argument(
            "--owner",
            type=owner_name,
            metavar="NAME",
            help=f"with --save: whose they are, as with create_token NAME (default: {saving.OWNER})",
        )
        parser.add_argument(
            "--collection", metavar="NAME", help="with --save: name of the collection (default: that of the folder)"
        )
        parser.add_argument("--jobs", type=int, default=CORES, metavar="N", help=f"processors to use; here {CORES}")
        earlier = parser.add_mutually_exclusive_group()
        earlier.add_argument(
            "--resume",
            action="store_true",
            help="go on with an earlier --jsonl, or with the collection of an earlier --save",
        )
        earlier.add_argument("--overwrite", action="store_true", help="replace an earlier --jsonl, --csv or --export")

    def handle(self, *args: Any, **options: Any) -> None:
        passed_over = PassedOver()
        sources = list(expand(listed(options["photos"]), passed_over))
        check_usage(options, sources, str(passed_over))
        engine = self.prepared(options["engine"] or engines.default_engine())
        try:
            with ExitStack() as outputs:
                done = done_before(options)
                # What is saved is recognised by its content, not by its name.
                left = sources if options["save"] else [source for source in sources if source.name not in done]
                report = self.open_report(outputs, options, done)
                uprights = upright_paths(len(left), outputs, options)
                saved = self.saved_to(engine, options)
                analyzed = self.analyze(tasks(left, sources, engine, options, uprights, saved), options["jobs"], report)
                if options["export"]:
                    self.export(analyzed, sources, uprights, options)
                else:
                    deque(analyzed, maxlen=0)
                failed = report.failed
                if text := str(passed_over):
                    self.warn(text)
                if saved:
                    self.warn(saving.summary(saved, report))
                sys.stdout.flush()
        except BrokenPipeError:
            # The reader of the output is gone, so nothing more may be written there, not even at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
        except BrokenProcessPool as exc:
            raise CommandError(
                "The system ended a process that analysed photos; memory may have run out. Continue with --resume and "
                "fewer --jobs."
            ) from exc
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

    def saved_to(self, engine: str, options: dict[str, Any]) -> Saving | None:
        """The collection, in a database that is made if it is missing; None if nothing is saved."""
        if not options["save"]:
            return None
        bootstrap.make_database(self.stderr.write)
        return saving.begin(engine, run_options(options), options)

    def open_report(self, outputs: ExitStack, options: dict[str, Any], done: set[str]) -> Report:
        def opened(name: str | None) -> TextIO | None:
            if name is None or name == "-":
                return sys.stdout if name else None
            mode: Literal["a", "w"] = "a" if options["resume"] else "w"
            return outputs.enter_context(Path(name).open(mode, encoding="utf-8", newline=""))

        try:
            if options["overlays"]:
                options["overlays"].mkdir(parents=True, exist_ok=True)
            table = opened(options["csv"])
            report = Report(
                self.say,
                self.warn,
                opened(options["jsonl"]),
                table,
                bool(options["overlays"]),
                options["extras"],
                bool(options["export"]),
                is_saved=options["save"],
                done=done,
            )
        except OSError as exc:
            raise CommandError(f"{exc.filename} cannot be written: {exc.strerror}.", returncode=2) from exc
        if table and not (options["resume"] and table.seekable() and table.tell()):
            report.begin_table()
        return report

    def analyze(self, tasks: list[Task], jobs: int, report: Report) -> Iterator[Outcome]:
        """What became of each photo, after it was reported."""
        done = faces = 0
        try:
            for outcome in tqdm(outcomes(tasks, jobs), total=len(tasks), unit="photo", file=sys.stderr, disable=None):
                report.add(outcome)
                faces += len(outcome.answer.finding.faces) if isinstance(outcome.answer, Answer) else 0
                done += 1
                if outcome.is_last and isinstance(outcome.answer, Failure):
                    raise CommandError(f"{outcome.answer.message} Then go on with --resume.")
                yield outcome
        finally:
            count = f"{done - report.failed} of {len(tasks)} photos done"
            self.warn(f"{count}, {faces} face{'' if faces == 1 else 's'} found.")

    def export(
        self, analyzed: Iterable[Outcome], sources: list[Source], uprights: list[Path], options: dict[str, Any]
    ) -> None:
        """Write the file while photos are analysed, if any of them could be read."""
        format_name, target = options["export"]
        chosen = replace(export_file.read_options(format_name, options), several=len(sources) > 1)
        analyses = exported_analyses(analyzed, file_names(sources, is_jpeg=bool(uprights)), uprights)
        exported = exporting.format_called(format_name).export(analyses, chosen)
        export_file.write(exported, target)
        if text := export_file.remark(exported, target):
            self.warn(text)

    # Printed by tqdm, a line does not break the progress bar.

    def say(self, line: str) -> None:
        tqdm.write(line, file=sys.stdout)

    def warn(self, line: str) -> None:
        tqdm.write(line, file=sys.stderr)


def listed(names: Iterable[str]) -> Iterator[str]:
    """The names with the list from standard input in the place of `-`."""
    for name in names:
        if name == LIST:
            # Names of files may be any bytes.
            lines = (os.fsdecode(line.rstrip(b"\r\n")) for line in sys.stdin.buffer)
            yield from filter(None, lines)
        else:
            yield name


def run_options(options: dict[str, Any]) -> Options:
    return runs.run_options(
        largest_only=options["mode"] == 1,
        rotate=options["rotate"],
        face_model_version=options["face_model_version"],
        dense=options["dense"],
    )


def tasks(
    left: list[Source],
    sources: list[Source],
    engine: str,
    options: dict[str, Any],
    uprights: list[Path],
    saved: Saving | None,
) -> list[Task]:
    photos = {source.path.resolve() for source in sources if source.path}
    names = OverlayNames(options["overlays"], photos) if options["overlays"] else None
    # Also for those that are done: their pictures keep their names.
    overlays = {source: names.path_for(source) if names else None for source in sources}
    how = run_options(options)
    return [
        Task(source, how, engine, overlays[source], upright, saved) for source, upright in zip_longest(left, uprights)
    ]


def upright_paths(count: int, outputs: ExitStack, options: dict[str, Any]) -> list[Path]:
    """Temporary files for the photos, if the export needs them; none otherwise."""
    if not options["export"] or not exporting.format_called(options["export"][0]).needs_photo:
        return []
    folder = Path(outputs.enter_context(TemporaryDirectory(prefix="facesite-")))
    return [folder / f"{number}.jpg" for number in range(count)]


def done_before(options: dict[str, Any]) -> set[str]:
    """The photos that an earlier run has lines of; a table is cut down to those."""
    if not options["resume"] or options["jsonl"] in (None, LIST):
        return set()
    done = done_sources(Path(options["jsonl"]))
    if options["csv"] and options["csv"] != LIST:
        keep_rows(Path(options["csv"]), done)
    return done
