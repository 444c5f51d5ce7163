"""Finishes deletions, and deletes what killed processes left behind, as the server does by itself."""

import sys
from datetime import datetime
from itertools import chain
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from landmarks.core.errors import StorageError
from landmarks.server import bootstrap
from landmarks.storage import deletion, erasure, files, orphans, quota


class Command(BaseCommand):
    help = (
        "Finish deletions that can no longer be undone, and erase what was deleted from the database's files. Delete "
        "photos without a result and files that belong to none, if they are older than half an hour, and expired "
        "temporary files. The server does all of this by itself, too. "
        "Exit status: 0 when all is deleted, 1 otherwise."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only report what would be deleted")

    def handle(self, *args: Any, **options: Any) -> None:
        bootstrap.make_data_dir()
        bootstrap.migrate(self.stdout.write)
        is_dry, now = options["dry_run"], timezone.now()
        try:
            finished, photos = self.sweep_rows(now, is_dry)
        except StorageError as exc:
            raise CommandError(exc.message) from exc
        try:
            removed, failed = self.sweep_files(now, is_dry)
        except StorageError as exc:
            raise CommandError(
                f"{settings.MEDIA_ROOT} cannot be read ({exc.detail}). Give this user the right to it."
            ) from exc
        would = "would be " if is_dry else ""
        self.stdout.write(
            f"{count(finished, 'deletion')} {would}finished, "
            f"{count(photos, 'unused photo')} and {count(removed, 'file')} {would}deleted."
        )
        if failed:
            self.stderr.write(f"{count(failed, 'file')} could not be deleted; the log says which.")
            sys.exit(1)

    def sweep_rows(self, now: datetime, is_dry: bool) -> tuple[int, int]:
        """Numbers of finished deletions and of deleted photos, or of those to come."""
        unused = orphans.find_unused_photos(now)
        if is_dry:
            return deletion.expired(now).count(), len(unused)
        finished = deletion.finish_deletions(now)
        deleted = sum(deletion.delete_unused(photo) for photo in unused)
        erasure.compact_search_index()
        erasure.truncate_journal()
        for _ in quota.measure_files():
            pass
        return finished, deleted

    def sweep_files(self, now: datetime, is_dry: bool) -> tuple[int, int]:
        """Numbers of files that are deleted, or would be, and of files that could not be deleted."""
        deleted = failed = 0
        for name in chain.from_iterable(orphans.find_orphans(now)):
            if is_dry:
                self.stdout.write(name)
            if is_dry or files.delete(name):
                deleted += 1
            else:
                failed += 1
        return deleted, failed


def count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
