"""docs/measures.md: every measure with its definition, as the registry has it."""

import pytest

from landmarks.core.measures import MEASURES
from landmarks.core.measures.definition import Measure
from tests.conftest import BASE_DIR

DOCUMENT = BASE_DIR / "docs" / "measures.md"


def line_of(measure: Measure) -> str:
    """Its line of the table, to be pasted where it is missing."""
    sides = "left, right" if measure.has_sides else ""
    return f"| `{measure.name}` | {measure.kind} | {sides} | {measure.formula} | {measure.source} |"


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_is_documented_as_it_is_defined(name: str) -> None:
    assert line_of(MEASURES[name]) in DOCUMENT.read_text().splitlines()


def test_no_other_measure_is_documented() -> None:
    rows = [line for line in DOCUMENT.read_text().splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == list(MEASURES)
