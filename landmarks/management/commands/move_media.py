"""Takes the photos of a local installation to a bucket."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from landmarks.cli.backup_report import count
from landmarks.cli.move_report import progress_bar
from landmarks.server import bootstrap
from landmarks.services import media_move
from landmarks.storage.backup_errors import BackupError


class Command(BaseCommand):
    help = (
        "Copy photos and thumbnails from the data folder to the bucket of S3_BUCKET. Each copy is read back and "
        "compared. The next run continues an interrupted one. Exit status: 0 when the bucket has every file, else 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--delete", action="store_true", help="afterwards delete the copied files from the data folder"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        bootstrap.make_data_dir()
        try:
            with progress_bar("file") as begin:
                report = media_move.move_media(settings.MEDIA_ROOT, begin)
        except BackupError as exc:
            raise CommandError(exc.message) from exc
        self.stdout.write(
            f"The bucket has {report.copied + report.present:,} of {count(report.named, 'file')}: "
            f"{report.copied:,} copied now, {report.present:,} before."
        )
        if report.missing:
            missing = count(report.missing, "file")
            self.stderr.write(f"{missing} of results missing: neither the data folder nor the bucket has it.")
            sys.exit(1)
        if options["delete"]:
            deleted = media_move.delete_copied(settings.MEDIA_ROOT)
            self.stdout.write(f"{count(deleted, 'file')} deleted from {settings.MEDIA_ROOT}.")
