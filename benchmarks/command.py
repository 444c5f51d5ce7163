"""The command line: one subcommand for each benchmark, one report as text and JSON."""

import json
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from django.core.management import CommandError
from django.db import DatabaseError
from tqdm import tqdm

from benchmarks import (
    altered,
    api,
    collection,
    collection_pages,
    covers,
    durability,
    engine,
    exports,
    history,
    hosts,
    jobs,
    load,
    peers,
    repeatability,
    simulation,
    workers,
)
from benchmarks.album import MANIFEST, Album, open_album
from benchmarks.errors import BenchmarkError, UsageError
from benchmarks.report import Report, to_json
from benchmarks.table import to_text
from benchmarks.timing import Progress
from landmarks.core.errors import LandmarksError

Item = TypeVar("Item")


class Benchmark(Protocol):
    """What each module of a benchmark has."""

    HELP: str

    def default_album(self) -> Album:
        """The photos where no folder is named."""

    def add_arguments(self, parser: ArgumentParser) -> None: ...

    def measure(self, album: Album, options: Namespace, progress: Progress) -> Report: ...


BENCHMARKS: dict[str, Benchmark] = {
    "engine": engine,
    "peers": peers,
    "covers": covers,
    "history": history,
    "load": load,
    "api": api,
    "durability": durability,
    "jobs": jobs,
    "workers": workers,
    "simulation": simulation,
    "hosts": hosts,
    "collection": collection,
    "collection-pages": collection_pages,
    "altered": altered,
    "exports": exports,
    "repeatability": repeatability,
}
DESCRIPTION = """\
Measure facesite on this machine. Nothing is kept: databases and files are deleted afterwards.
Model files are fetched when they are missing. docs/benchmark.md explains each figure."""
EPILOG = "Exit status: 0 when all was measured, 1 otherwise, 2 for wrong usage, 130 after Ctrl+C."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one benchmark; returns the exit status."""
    parser = make_parser()
    options = parser.parse_args(arguments)
    try:
        return run(BENCHMARKS[options.benchmark], options)
    except UsageError as exc:
        return fail(str(exc), 2)
    except LandmarksError as exc:
        return fail(exc.message, 1)
    except (BenchmarkError, CommandError, DatabaseError, OSError) as exc:
        return fail(str(exc), 1)
    except KeyboardInterrupt:
        return fail("Stopped; nothing was kept.", 130)


def make_parser() -> ArgumentParser:
    parser = ArgumentParser(
        "python -m benchmarks", None, DESCRIPTION, EPILOG, formatter_class=RawDescriptionHelpFormatter
    )
    subparsers = parser.add_subparsers(dest="benchmark", required=True, metavar="BENCHMARK")
    for name, benchmark in BENCHMARKS.items():
        each = subparsers.add_parser(name, help=benchmark.HELP, description=f"Measure {benchmark.HELP}.", epilog=EPILOG)
        each.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help="photos (default: bundled ones)")
        each.add_argument(
            "--json", metavar="FILE", help="also write the report as JSON; - writes only that, to standard output"
        )
        benchmark.add_arguments(each)
    return parser


def run(benchmark: Benchmark, options: Namespace) -> int:
    """Raises UsageError before anything is measured."""
    album = open_album(options.folder) if options.folder else benchmark.default_album()
    check_output(options.json, album)
    report = benchmark.measure(album, options, show_progress)
    write(report, options.json)
    return 1 if report.problems else 0


def check_output(name: str | None, album: Album) -> None:
    """Raises UsageError for a file that cannot be written, or that is a photo or the manifest."""
    if name is None or name == "-":
        return
    path = Path(name)
    if path.resolve() in {each.resolve() for each in (*album.paths, album.folder / MANIFEST)}:
        raise UsageError(f"{path} is one of the photos or their manifest. Name another file.")
    if path.is_dir() or not path.resolve().parent.is_dir():
        raise UsageError(f"{path} can't be written: it is a folder, or its folder doesn't exist.")


def write(report: Report, name: str | None) -> None:
    """Raises OSError."""
    content = json.dumps(to_json(report), indent=1) + "\n"
    sys.stdout.write(content if name == "-" else to_text(report))
    if name and name != "-":
        Path(name).write_text(content, encoding="utf-8")


def show_progress(items: Sequence[Item], what: str) -> Iterable[Item]:
    """A bar, or a line where nobody watches."""
    if not sys.stderr.isatty():
        sys.stderr.write(f"{what} …\n")
        return items
    bar: Iterable[Item] = tqdm(items, desc=what, file=sys.stderr, leave=False)
    return bar


def fail(message: str, status: int) -> int:
    sys.stderr.write(f"{message}\n")
    return status
