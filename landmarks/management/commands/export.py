"""Exports results of the site to one file."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.http import QueryDict

from landmarks.cli import export_file
from landmarks.core.errors import LandmarksError
from landmarks.http.history_query import FILTERS
from landmarks.http.selection import IDS, selected_by
from landmarks.models import Owner, Result
from landmarks.services import exporting

SWITCHES = ("has_guessed", "has_turned")


class Command(BaseCommand):
    help = (
        "Write results to one file: everything of the site, or what the options select. Runs that failed are left out, "
        "the newest comes first. Exit status: 0 when the file is complete, 1 otherwise, 2 for wrong usage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        formats = ", ".join(exporting.export_formats())
        parser.add_argument("format", metavar="FORMAT", help=f"one of {formats}")
        parser.add_argument("file", metavar="FILE|-", help="where to write it; - is standard output")
        parser.add_argument("--ids", metavar="ID,…", help="results by their ids, instead of filters")
        parser.add_argument("--owner", metavar="NAME", help="only results of the token with this name")
        for name in FILTERS:
            text = f"as the filter {name} of the history"
            if name in SWITCHES:
                parser.add_argument(option(name), action="store_const", const="1", help=text)
            else:
                parser.add_argument(option(name), metavar=name.upper(), help=text)
        export_file.add_option_arguments(parser)
        parser.add_argument("--overwrite", action="store_true", help="replace FILE if it exists")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = export_file.read_options(options["format"], options)
        export_file.check_target(options["file"], overwrite=options["overwrite"])
        positions = self.selected(options)
        if not positions:
            raise CommandError("There is no result to export. Check the filters, or leave them out.")
        try:
            exported = exporting.export_many(positions, options["format"], chosen)
            export_file.write(exported, options["file"])
        except LandmarksError as exc:
            raise CommandError(exc.message) from exc
        except OSError as exc:
            raise CommandError(f"The export cannot be written: {exc.strerror}.") from exc
        if text := export_file.remark(exported, options["file"]):
            self.stderr.write(text)
        sys.stdout.flush()
        count = len(positions)
        self.stderr.write(f"{count:,} result{'' if count == 1 else 's'} exported as {options['format']}.")

    def selected(self, options: dict[str, Any]) -> "exporting.Positions":
        """Raises CommandError for a filter that is invalid, or an id or owner that does not exist."""
        visible = Result.objects.kept()
        if options["owner"] is not None:
            owner = Owner.find(Owner.Kind.TOKEN, options["owner"])
            if owner is None:
                raise CommandError(f"No token called {options['owner']} has stored anything.", returncode=2)
            visible = visible.owned_by(owner)
        query = QueryDict(mutable=True)
        query.update({name: options[name] for name in (IDS, *FILTERS) if options[name] is not None})
        try:
            return exporting.positions_of(selected_by(query, None, visible))
        except LandmarksError as exc:
            raise CommandError(exc.message, returncode=2) from exc


def option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
