"""One measure of several results as text: its summary, and a row for each result."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import QueryDict

from landmarks.core.measures import MEASURES, Figure
from landmarks.core.measures.report import Unit
from landmarks.http.measure_query import LENGTHS
from landmarks.services.measuring import MOST, UNIT_NAMES, Comparison, Measured
from landmarks.web.presenters.measures import Cell, cell

OPTIONS = ("measure", "unit", "theme")
"""Parameters of the page that do not belong to the selection."""


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class OptionGroup:
    title: str
    options: list[Option]


@dataclass(frozen=True)
class SummaryRow:
    label: str
    count: int
    mean: str
    deviation: str
    least: str
    most: str


@dataclass(frozen=True)
class ResultRow:
    place: int
    id: UUID
    name: str
    created: datetime
    cells: list[Cell | None]


def selection_context(compared: Comparison, length_unit: Unit, query: QueryDict, is_cut: bool) -> dict[str, Any]:
    selection = query.copy()
    for name in OPTIONS:
        selection.pop(name, None)
    chosen = selection.copy()
    chosen.update({"measure": compared.measure.name, "unit": length_unit})
    return {
        "compared": compared,
        "count": len(compared.faces),
        "most": MOST if is_cut else None,
        "groups": option_groups(compared.measure.name),
        "units": [Option(unit, UNIT_NAMES[unit], unit is length_unit) for unit in LENGTHS],
        "selection": [(name, value) for name, values in selection.lists() for value in values],
        "selection_query": selection.urlencode(safe=","),
        "chosen_query": chosen.urlencode(safe=","),
        "sides": [each.label for each in compared.series],
        "summaries": summaries(compared),
        "rows": [result_row(place, face, compared) for place, face in enumerate(compared.faces, start=1)],
    }


def option_groups(chosen: str) -> list[OptionGroup]:
    return [
        OptionGroup(title, [Option(each.name, each.title, each.name == chosen) for each in measures])
        for title, measures in groupby(MEASURES.values(), lambda each: each.group)
    ]


def summaries(compared: Comparison) -> list[SummaryRow]:
    def text(value: float) -> str:
        return cell(Figure(value, None)).value

    return [
        SummaryRow(
            each.label,
            each.count,
            text(each.mean),
            "" if each.deviation is None else text(each.deviation),
            text(each.least),
            text(each.most),
        )
        for each in compared.summaries()
    ]


def result_row(place: int, face: Measured, compared: Comparison) -> ResultRow:
    result = face.result
    figures = (getattr(face.values, side.label.lower(), None) for side in compared.series)
    return ResultRow(place, result.pk, result.name, result.created, [each and cell(each) for each in figures])
