"""How results leave: one function a format, and the dict of formats."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from landmarks.core.analysis import Analysis
from landmarks.exports import points_csv, vendor_json


@dataclass(frozen=True)
class Format:
    """A form in which a result can be taken away."""

    suffix: str
    content_type: str
    write: Callable[[Analysis], bytes]
    write_several: Callable[[Iterable[Analysis]], Iterator[bytes]]
    """One file for all, a piece for each, so that they need not be in memory together."""


FORMATS = {
    "json": Format(".json", "application/json", vendor_json.write, vendor_json.write_several),
    "csv": Format(".csv", "text/csv; charset=utf-8", points_csv.write, points_csv.write_several),
}
