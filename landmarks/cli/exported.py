"""Photos that were analysed, as exports take them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import IO

from landmarks.cli.report import to_analysis
from landmarks.cli.sources import Source, printable
from landmarks.cli.tasks import Answer, Outcome
from landmarks.core.analysis import Analysis


def exported_analyses(outcomes: Iterable[Outcome], names: list[str], uprights: list[Path]) -> Iterator[Analysis]:
    """Those that could be read; `names` are those of the photos' files in the export, `uprights` copies of them."""
    for outcome, name, upright in zip_longest(outcomes, names, uprights):
        if isinstance(outcome.answer, Answer):
            finding = outcome.answer.finding
            yield replace(
                to_analysis(outcome.source.name, outcome.answer),
                file=name,
                engine=finding.engine,
                elapsed_ms=finding.elapsed_ms,
                open_photo=partial(open_upright, upright) if upright else None,
            )


def open_upright(path: Path) -> IO[bytes]:
    return path.open("rb")


def file_names(sources: Iterable[Source], *, is_jpeg: bool) -> list[str]:
    """The path of each photo below the folder that was named; a number comes before one that is there already."""
    names: list[str] = []
    taken: set[str] = set()
    for source in sources:
        path = source.output.with_suffix(".jpg") if is_jpeg else source.output
        number, name = 1, path
        while str(name) in taken:
            number += 1
            name = path.with_name(f"{number}-{path.name}")
        taken.add(str(name))
        names.append(printable(name.as_posix()))
    return names
