"""Measures the embedded engine on this machine: speed, memory and, with a manifest, accuracy."""

import json
import sys
import tempfile
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.db.utils import DEFAULT_DB_ALIAS, ConnectionHandler
from django.test.utils import override_settings
from tqdm import tqdm

from landmarks import choice, models, service, store
from landmarks.benchmark.album import MANIFEST, Album, bundled_album, first_of, open_album
from landmarks.benchmark.report import Report, to_json
from landmarks.benchmark.run import PARTS, Plan, Run
from landmarks.benchmark.stages import Bench
from landmarks.benchmark.table import to_text
from landmarks.engines import Finding, Options
from landmarks.errors import LandmarksError
from landmarks.intake.photo import Photo, PhotoLimits

MOST_FACES = 100
"""Of a crowd all are to count, whatever MAX_FACES says."""

Thing = TypeVar("Thing")


class Command(BaseCommand):
    help = (
        "Measure the embedded engine on this machine, over the bundled photos or those of a folder: the time of each "
        "stage, threads, start, memory, accuracy where the folder has a manifest.json, and mediapipe and dlib side by "
        "side where they are installed. Nothing is kept. docs/benchmark.md explains each figure. "
        "Exit status: 0 when all was measured, 1 otherwise, 2 for wrong usage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help="default: the bundled photos")
        parser.add_argument("--json", metavar="FILE|-", help="write all figures as JSON; - is standard output")
        parser.add_argument("--only", action="append", choices=PARTS, help="one part of all; may be given repeatedly")
        parser.add_argument("--photos", type=positive, metavar="N", help="only the first N photos")
        parser.add_argument("--rounds", type=positive, metavar="N", help="times to go over the photos")
        parser.add_argument("--memory-photos", type=positive, metavar="N", default=1000, help="(default: %(default)s)")
        parser.add_argument("--rotate", action="store_true", help="also look for faces after quarter turns")

    def handle(self, *args: Any, **options: Any) -> None:
        album = chosen_album(options["folder"], options["photos"])
        parts = frozenset(options["only"] or PARTS)
        if options["only"] and "accuracy" in parts and not album.truths:
            raise CommandError(f"Accuracy needs a folder with a {MANIFEST}; docs/benchmark.md shows it.", returncode=2)
        refuse_place(options["json"], album)
        if not choice.engine_ready("local"):
            call_command("fetch_models", stdout=self.stderr)
        plan = Plan(parts, options["rounds"], options["memory_photos"])
        limits = PhotoLimits(service.max_upload_bytes(), settings.MAX_PIXELS)
        bench = Bench(Path(settings.MODELS_DIR), limits, Options(MOST_FACES, rotate=options["rotate"]))
        self.write(run(album, plan, bench), options["json"])

    def write(self, report: Report, place: str | None) -> None:
        content = json.dumps(to_json(report), indent=1)
        if place == "-":
            self.stdout.write(content)
            return
        self.stdout.write(to_text(report), ending="")
        if place:
            try:
                Path(place).write_text(content + "\n", encoding="utf-8")
            except OSError as exc:
                raise CommandError(f"{place} cannot be written: {exc.strerror}.") from exc


def run(album: Album, plan: Plan, bench: Bench) -> Report:
    try:
        with tempfile.TemporaryDirectory(prefix="facesite-benchmark-") as folder, thrown_away_site(Path(folder)):
            return Run(album, plan, bench, keep, watch).report()
    except LandmarksError as exc:
        raise CommandError(exc.message) from exc
    except KeyboardInterrupt as exc:
        raise CommandError("Stopped; nothing was kept.", returncode=130) from exc


def chosen_album(folder: Path | None, most: int | None) -> Album:
    if folder and not folder.is_dir():
        raise CommandError(f"{folder} is no folder.", returncode=2)
    try:
        album = open_album(folder) if folder else bundled_album()
    except ValueError as exc:
        raise CommandError(str(exc), returncode=2) from exc
    return first_of(album, most) if most else album


def refuse_place(place: str | None, album: Album) -> None:
    """Tell before the run that its figures could not be written, or would be written over a photo or the manifest."""
    if place is None or place == "-":
        return
    path = Path(place)
    if path.resolve() in {each.resolve() for each in (*album.paths, album.folder / MANIFEST)}:
        raise CommandError(f"{path} is one of the photos or their manifest. Name another file.", returncode=2)
    if path.is_dir() or not path.resolve().parent.is_dir():
        raise CommandError(f"{path} cannot be written: it is a folder, or in none that exists.", returncode=2)


def positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"a whole number of at least 1 is needed, not {text!r}")
    return int(text)


def watch(things: Sequence[Thing], what: str) -> Iterable[Thing]:
    bar: Iterable[Thing] = tqdm(things, desc=what, file=sys.stderr, disable=None, leave=False)
    return bar


# --- the stage "store" -----------------------------------------------------------------------------------------------


@contextmanager
def thrown_away_site(folder: Path) -> Iterator[None]:
    """Whatever is stored meanwhile goes into this folder: files, and a database in SQLite as a site has by default."""
    site = connections[DEFAULT_DB_ALIAS]
    options = site.settings_dict["OPTIONS"] if site.vendor == "sqlite" else {}
    place = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "benchmark.sqlite3"), "OPTIONS": options}
    thrown_away = ConnectionHandler({DEFAULT_DB_ALIAS: place})[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = thrown_away
    try:
        with override_settings(MEDIA_ROOT=folder / "media"):
            call_command("migrate", interactive=False, verbosity=0)
            yield
    finally:
        thrown_away.close()
        connections[DEFAULT_DB_ALIAS] = site


def keep(photo: Photo, finding: Finding) -> Callable[[], object]:
    """Store as the site does, each time as somebody else, since a photo that an owner sent before is not kept again."""
    owner = uuid4().hex
    row = models.Result(owner=owner, name="benchmark", engine=finding.engine)
    row.note_finding(finding)
    result = store.keep(row, photo, owner, finding.faces)
    return lambda: store.delete(result)
