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
from landmarks.services.measuring import MOST, UNIT_NAMES, Comparison, Relation
from landmarks.web.presenters.measures import Cell, cell

OPTIONS = ("measure", "y", "x", "unit", "theme")
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


@dataclass(frozen=True)
class Column:
    """Of the table of results."""

    title: str
    cells: list[Cell | None]


@dataclass(frozen=True)
class CorrelationRow:
    label: str
    count: int
    coefficient: str


def selection_context(
    compared: Comparison, across: Comparison | None, length_unit: Unit, query: QueryDict, is_cut: bool
) -> dict[str, Any]:
    """`across` is the measure on the horizontal axis, if it is not the order of the results."""
    selection = query.copy()
    for name in OPTIONS:
        selection.pop(name, None)
    chosen = selection.copy()
    chosen.update({"measure": compared.measure.name, "unit": length_unit})
    if across:
        chosen["x"] = across.measure.name
    shown = [compared, across] if across else [compared]
    columns = [column for each in shown for column in columns_of(each, is_alone=len(shown) == 1)]
    return {
        "compared": compared,
        "across": across,
        "title": Relation(across, compared).title if across else compared.title,
        "count": len(compared.faces),
        "most": MOST if is_cut else None,
        "groups": option_groups(compared.measure.name),
        "across_groups": option_groups(across.measure.name if across else ""),
        "units": [Option(unit, UNIT_NAMES[unit], unit is length_unit) for unit in LENGTHS],
        "selection": [(name, value) for name, values in selection.lists() for value in values],
        "selection_query": selection.urlencode(safe=","),
        "chosen_query": chosen.urlencode(safe=","),
        "columns": columns,
        "summaries": [row for each in shown for row in summaries(each, is_alone=len(shown) == 1)],
        "correlations": correlations(Relation(across, compared)) if across else [],
        "rows": [
            ResultRow(place, face.result.pk, face.result.name, face.result.created, list(cells))
            for place, (face, *cells) in enumerate(
                zip(compared.faces, *(column.cells for column in columns), strict=True), start=1
            )
        ],
    }


def option_groups(chosen: str) -> list[OptionGroup]:
    return [
        OptionGroup(title, [Option(each.name, each.title, each.name == chosen) for each in measures])
        for title, measures in groupby(MEASURES.values(), lambda each: each.group)
    ]


def label_of(compared: Comparison, side: str, *, is_alone: bool) -> str:
    """Of a row or column: the side; beside another measure, with the name of this one."""
    if is_alone:
        return side
    return f"{compared.measure.title}, {side.lower()}" if compared.measure.has_sides else compared.measure.title


def columns_of(compared: Comparison, *, is_alone: bool) -> list[Column]:
    return [
        Column(
            label_of(compared, side.capitalize(), is_alone=is_alone),
            [cell(each) if each else None for each in compared.figures(side)],
        )
        for side in compared.sides
    ]


def correlations(relation: Relation) -> list[CorrelationRow]:
    return [
        CorrelationRow(label, count, "–" if value is None else cell(Figure(value, None), digits=2).value)
        for label, count, value in relation.correlations()
    ]


def summaries(compared: Comparison, *, is_alone: bool) -> list[SummaryRow]:
    def text(value: float) -> str:
        return cell(Figure(value, None)).value

    return [
        SummaryRow(
            label_of(compared, each.label, is_alone=is_alone),
            each.count,
            text(each.mean),
            "" if each.deviation is None else text(each.deviation),
            text(each.least),
            text(each.most),
        )
        for each in compared.summaries()
    ]
