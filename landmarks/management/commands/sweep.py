"""Finishes deletions whose time is over, and removes files that no row names."""

import sys
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from landmarks.core.errors import StorageError
from landmarks.server import bootstrap
from landmarks.storage import deletion, files, orphans, search


class Command(BaseCommand):
    help = (
        "Finish deletions that cannot be undone any more, and remove files that no row names: those older than an "
        "hour, and copies for the hosted engine whose link has expired. The server finishes deletions by itself. "
        "Exit status: 0 when all is gone, 1 otherwise."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only tell what would go")

    def handle(self, *args: Any, **options: Any) -> None:
        bootstrap.make_data_dir()
        bootstrap.migrate(self.stdout.write)
        is_dry = options["dry_run"]
        now = timezone.now()
        try:
            ended = deletion.expired(now).count() if is_dry else deletion.finish_deletions(now)
            if not is_dry:
                search.forget_deleted()
            removed, failed = self.remove_orphans(now, is_dry)
        except StorageError as exc:
            raise CommandError(exc.message) from exc
        except OSError as exc:
            raise CommandError(
                f"{settings.MEDIA_ROOT} cannot be read ({exc.strerror}). Give this user the right to it."
            ) from exc
        would = "would be " if is_dry else ""
        self.stdout.write(f"{count(ended, 'deletion')} {would}finished, {count(removed, 'file')} {would}removed.")
        if failed:
            self.stderr.write(f"{count(failed, 'file')} could not be removed; the log tells which.")
            sys.exit(1)

    def remove_orphans(self, now: Any, is_dry: bool) -> tuple[int, int]:
        """How many are gone, or would be, and how many could not be removed."""
        removed = failed = 0
        for name in orphans.find_orphans(now):
            if is_dry:
                self.stdout.write(name)
            if is_dry or files.remove(default_storage, name):
                removed += 1
            else:
                failed += 1
        return removed, failed


def count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
