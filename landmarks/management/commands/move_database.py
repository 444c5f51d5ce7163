"""Takes the rows of a local installation from SQLite to PostgreSQL."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from landmarks.cli.backup_report import count
from landmarks.cli.move_report import progress_bar
from landmarks.core.messages import render
from landmarks.server import bootstrap, running
from landmarks.services import database_move
from landmarks.storage.backup_errors import BackupError


class Command(BaseCommand):
    help = (
        "Copy everything from an SQLite file to the PostgreSQL database of DATABASE_URL, while the site does not run, "
        "and compare both. The file stays as it is. The next run continues an interrupted one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            default=settings.DATA_DIR / "facesite.sqlite3",
            help="the SQLite file (default: %(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        bootstrap.make_data_dir(is_shared=False)
        try:
            with running.alone(), progress_bar("row") as begin:
                call_command("migrate", interactive=False, verbosity=0)
                report = database_move.move_database(options["file"], begin)
        except running.InUse as exc:
            raise CommandError(render("restore_in_use", {"path": str(settings.DATA_DIR)})) from exc
        except BackupError as exc:
            raise CommandError(exc.message) from exc
        self.stdout.write(
            f"Both databases have the same {count(report.rows, 'row')}; {report.copied:,} were copied now. "
            "Keep DATABASE_URL as it is now, and start the site."
        )
