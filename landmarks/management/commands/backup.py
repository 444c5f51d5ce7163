"""Backs up the site, also while it runs."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from landmarks.cli.backup_report import progress_bar, remarks, summary
from landmarks.server import running
from landmarks.services import backups
from landmarks.storage.backup_errors import BackupError


class Command(BaseCommand):
    help = (
        "Write everything that the site cannot make again to one tar file, while it runs: database, photos, thumbnails "
        "and secret key. The file opens every result; keep it as safe as the site."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE.tar", help="where to write it; - is standard output")
        parser.add_argument("--overwrite", action="store_true", help="replace FILE.tar if it exists")

    def handle(self, *args: Any, **options: Any) -> None:
        is_stream = options["file"] == "-"
        if is_stream and sys.stdout.isatty():
            raise CommandError("A backup cannot be written to a terminal. Redirect standard output, or name a file.")
        target = None if is_stream else Path(os.path.abspath(options["file"]))
        # Stopped like this, it cleans up.
        signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
        running.hold()
        try:
            with progress_bar() as begin:
                report = backups.back_up(target, options["overwrite"], begin)
        except BackupError as exc:
            raise CommandError(exc.message) from exc
        out = self.stderr if is_stream else self.stdout
        out.write(f"Backed up {summary(report)}.")
        for sentence in remarks(report.manifest):
            out.write(sentence)
        if target:
            out.write(f"The backup is {target} ({target.stat().st_size / 2**20:.1f} MB). Keep it as safe as the site.")
