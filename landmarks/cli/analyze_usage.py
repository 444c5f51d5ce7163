"""Which options of `manage.py analyze` fit together."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from landmarks.cli import export_file
from landmarks.cli.sources import Source
from landmarks.core.text import clean_line
from landmarks.models import Collection

LIST = "-"
"""The name under which a list of photos is read from standard input, and of standard output."""
VERSION_LENGTH = Collection._meta.get_field("face_model_version").max_length or 0


def check_usage(options: dict[str, Any], sources: list[Source], passed_over: str) -> None:
    """Raise CommandError if there is nothing to do, or if one output would overwrite another, or a photo."""
    if not sources:
        raise wrong_usage(f"There is no photo in what was named. {passed_over}".strip())
    if options["jobs"] < 1:
        raise wrong_usage("--jobs must be at least 1.")
    if options["extras"] and not options["jsonl"]:
        raise wrong_usage("--extras is for --jsonl. Add --jsonl FILE.")
    if options["dense"] and not options["jsonl"] and not options["save"]:
        raise wrong_usage("--dense is for --jsonl and --save. Add --jsonl FILE.")
    if options["resume"] and options["jsonl"] in (None, LIST) and not options["save"]:
        raise wrong_usage("--resume goes on with an earlier --jsonl or --save. Add --jsonl FILE.")
    check_saving(options)
    check_export(options)
    named = [options[name] for name in ("jsonl", "csv") if options[name]]
    paths = [Path(name).resolve() for name in named if name != "-"]
    if len(named) == 2 and (named == ["-", "-"] or len(set(paths)) == 1 < len(paths)):
        raise wrong_usage("--jsonl and --csv cannot both write to the same file.")
    for path in paths:
        if any(source.path and source.path.resolve() == path for source in sources):
            raise wrong_usage(f"{path} is one of the photos. Name another file to write to.")
        has_content = path.is_file() and path.stat().st_size > 0
        if has_content and not options["resume"] and not options["overwrite"]:
            raise wrong_usage(f"{path} exists. Go on with it by --resume, or replace it by --overwrite.")


def check_saving(options: dict[str, Any]) -> None:
    """Raise CommandError for options that need --save, or that can't be stored."""
    for name in ("owner", "collection"):
        if options[name] is not None and not options["save"]:
            raise wrong_usage(f"--{name} is for --save. Add --save.")
    if not options["save"]:
        return
    if options["collection"] is not None and not clean_line(options["collection"]):
        raise wrong_usage("--collection needs a name that can be seen.")
    if len(options["face_model_version"]) > VERSION_LENGTH:
        raise wrong_usage(f"With --save, --face-model-version has at most {VERSION_LENGTH} characters.")
    if options["resume"] and options["csv"] not in (None, LIST) and options["jsonl"] in (None, LIST):
        raise wrong_usage(
            "--resume can't tell which rows --csv has. Add --jsonl FILE, or leave out --resume: what is saved is not "
            "analysed again."
        )


def check_export(options: dict[str, Any]) -> None:
    """Raise CommandError for an export that cannot be made."""
    if not options["export"]:
        if given := [name for name in export_file.OPTIONS if options[name] is not None]:
            raise wrong_usage(f"The option {given[0]} is for --export. Add --export FORMAT FILE.")
        return
    format_name, target = options["export"]
    export_file.read_options(format_name, options)
    if options["resume"] and not options["save"]:
        raise wrong_usage("--export writes one file of all photos, so it can't go on with an earlier run.")
    if target == LIST and LIST in (options["jsonl"], options["csv"]):
        raise wrong_usage("--export and another output cannot both write to standard output.")
    export_file.check_target(target, overwrite=options["overwrite"])


def wrong_usage(sentence: str) -> CommandError:
    return CommandError(sentence, returncode=2)
