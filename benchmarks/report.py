"""The one form of report: tables of figures with unit and spread, and the machine they were measured on."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from benchmarks.machine import Machine, this_machine


@dataclass(frozen=True)
class Figure:
    """One quantity over all its runs; for a count, or what was measured once, all four numbers are the same."""

    unit: str
    min: float
    median: float
    p95: float
    max: float
    runs: int


Row = Mapping[str, Figure]
"""Figures of one thing by name; one that is not known is left out."""


@dataclass(frozen=True)
class Table:
    """Rows by name."""

    title: str
    of: str
    """What a row stands for: stage, photo, page, …"""
    rows: Mapping[str, Row]
    is_detail: bool = False
    """Whether people want it only when it is short."""


@dataclass(frozen=True)
class Report:
    """What one benchmark measured."""

    benchmark: str
    date: str
    machine: Machine
    conditions: Mapping[str, str | int | float]
    """What was measured on, and the options that matter."""
    tables: Mapping[str, Table]
    notes: Sequence[str]
    problems: Sequence[str]
    """Sentences; any of them makes the exit status 1."""


def figure(values: Sequence[float], unit: str) -> Figure:
    """Raises ValueError for no values."""
    if not values:
        raise ValueError("nothing was measured")
    least, median, p95, most = (round(float(each), 3) for each in np.percentile(values, (0, 50, 95, 100)))
    return Figure(unit, least, median, p95, most, len(values))


def milliseconds(seconds: Sequence[float]) -> Figure:
    """Raises ValueError for no times."""
    return figure([each * 1000 for each in seconds], "ms")


def single(value: float, unit: str = "") -> Figure:
    return Figure(unit, value, value, value, value, 1)


def make_report(
    benchmark: str,
    conditions: Mapping[str, str | int | float],
    tables: Mapping[str, Table],
    notes: Sequence[str] = (),
    problems: Sequence[str] = (),
) -> Report:
    date = datetime.now(UTC).isoformat(timespec="seconds")
    return Report(benchmark, date, this_machine(), conditions, tables, notes, problems)


def to_json(report: Report) -> dict[str, Any]:
    """The report without its titles; a figure is found at figures.TABLE.ROW.NAME."""
    return {
        "benchmark": report.benchmark,
        "date": report.date,
        "machine": asdict(report.machine),
        "conditions": dict(report.conditions),
        "figures": {name: _to_rows(table) for name, table in report.tables.items()},
        "notes": list(report.notes),
        "problems": list(report.problems),
    }


def _to_rows(table: Table) -> dict[str, dict[str, Any]]:
    return {name: {key: asdict(each) for key, each in row.items()} for name, row in table.rows.items()}
