"""Restores a backup into an empty installation, or in the place of what is there."""

import signal
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from landmarks.cli.backup_report import progress_bar, remarks, summary
from landmarks.core.messages import render
from landmarks.server import bootstrap, running
from landmarks.services import restores
from landmarks.storage.backup_errors import BackupError


class Command(BaseCommand):
    help = (
        "Restore what manage.py backup wrote, on a site that does not run. Everything is checked before anything is "
        "changed. Restore only files that you trust: a database can contain programs."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE.tar", type=Path)
        parser.add_argument("--replace", action="store_true", help="delete the results and photos that are here")

    def handle(self, *args: Any, **options: Any) -> None:
        # Stopped like this, it cleans up.
        signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
        bootstrap.make_data_dir(is_shared=False)
        try:
            with running.alone(), progress_bar() as begin:
                report = restores.restore(options["file"], options["replace"], begin)
                bootstrap.migrate(self.stdout.write)
        except running.InUse as exc:
            raise CommandError(render("restore_in_use", {"path": str(settings.DATA_DIR)})) from exc
        except BackupError as exc:
            raise CommandError(exc.message) from exc
        self.stdout.write(f"Restored the backup of {report.manifest.created}: {summary(report)}.")
        for sentence in remarks(report.manifest):
            self.stdout.write(sentence)
        if report.has_other_key:
            self.stderr.write(
                "SECRET_KEY is set to another key than that of the backup, so browsers will not see their results. "
                f"Set it to the key in {settings.SECRET_KEY_PATH}, or leave it out."
            )
