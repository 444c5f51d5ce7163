"""A report as text for people."""

from collections.abc import Iterator, Sequence

from benchmarks.report import Figure, Report, Table

MOST_DETAILS = 12
"""Longer tables of details are only in the JSON."""
SPREAD = ("median", "min", "p95", "max", "unit", "runs")


def to_text(report: Report) -> str:
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield from _columns(_head(report))
    for table in report.tables.values():
        if table.rows and not (table.is_detail and len(table.rows) > MOST_DETAILS):
            yield from ("", table.title, "-" * len(table.title))
            yield from _columns(_cells(table))
    for title, sentences in (("Notes", report.notes), ("Problems", report.problems)):
        if sentences:
            yield from ("", title, "-" * len(title), *sentences)


def _head(report: Report) -> list[list[str]]:
    machine = report.machine
    packages = ", ".join(f"{name} {version or 'missing'}" for name, version in machine.packages.items())
    rows = {
        "benchmark": report.benchmark,
        "date": report.date,
        "processor": f"{machine.processor}, {machine.cores} cores",
        "system": machine.system,
        "Python": machine.python,
        "packages": packages,
        "engine": f"embedded {machine.engine}",
        **report.conditions,
    }
    return [[name, str(value)] for name, value in rows.items()]


def _cells(table: Table) -> list[list[str]]:
    """A column for each name, with medians; where there is one name only, its spread."""
    names = list(dict.fromkeys(name for row in table.rows.values() for name in row))
    if len(names) > 1:
        return _medians(table, names)
    figures = {row: figures[names[0]] for row, figures in table.rows.items()}
    if all(each.runs == 1 for each in figures.values()):
        return [[row, _number(each.median), each.unit] for row, each in figures.items()]
    return [[table.of, *SPREAD], *([row, *_spread(each)] for row, each in figures.items())]


def _medians(table: Table, names: Sequence[str]) -> list[list[str]]:
    units = {name: each.unit for row in table.rows.values() for name, each in row.items()}
    head = [f"{name.replace('_', ' ')} {units[name]}".strip() for name in names]
    rows = (
        [row, *(_number(figures[name].median) if name in figures else "–" for name in names)]
        for row, figures in table.rows.items()
    )
    return [[table.of, *head], *rows]


def _spread(each: Figure) -> list[str]:
    return [*map(_number, (each.median, each.min, each.p95, each.max)), each.unit, str(each.runs)]


def _columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns as wide as their widest cell; numbers on the right, text on the left."""
    columns = list(zip(*rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    sides = [">" if _is_numeric(column) else "<" for column in columns]
    for row in rows:
        cells = (f"{cell:{side}{width}}" for cell, side, width in zip(row, sides, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _is_numeric(column: Sequence[str]) -> bool:
    cells = [cell for cell in column[1:] or column if cell != "–"]
    return all(cell.lstrip("-").replace(".", "", 1).isdecimal() for cell in cells)


def _number(value: float) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)
