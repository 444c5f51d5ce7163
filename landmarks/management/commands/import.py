"""Imports corrected points from a file that was exported here."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from landmarks.core.errors import LandmarksError
from landmarks.server import bootstrap
from landmarks.services.importing import Imported, Outcome, import_file


class Command(BaseCommand):
    help = (
        "Take points that were exported here and corrected in another program: COCO keypoints (.json), CVAT for images "
        "1.1 (.xml), .pts, or a .zip of them. Each photo whose points differ gets a new result with the engine "
        "“import”; photos are known by the result's id in their names, or by their names. Exit status: 0 when "
        "everything was matched, 1 otherwise, 2 for wrong usage."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        bootstrap.make_database(self.stderr.write)
        path: Path = options["file"]
        counts = dict.fromkeys(Outcome, 0)
        has_remarks = False
        try:
            with path.open("rb") as file:
                for photo in import_file(file, path.name):
                    counts[photo.outcome] += 1
                    has_remarks |= bool(photo.remarks)
                    self.report(photo)
        except OSError as exc:
            raise CommandError(f"{path} cannot be read: {exc.strerror}.", returncode=2) from exc
        except LandmarksError as exc:
            raise CommandError(exc.message) from exc
        self.stderr.write(", ".join(f"{count:,} {outcome}" for outcome, count in counts.items()) + ".")
        if has_remarks:
            raise SystemExit(1)

    def report(self, photo: Imported) -> None:
        """A line for each new result on standard output, and one for each remark on standard error."""
        if photo.result:
            self.stdout.write(f"{photo.result.pk} {photo.name}")
        for remark in photo.remarks:
            self.stderr.write(f"{photo.name}: {remark}")
