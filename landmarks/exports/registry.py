"""The formats in which results can be exported."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from landmarks.core.analysis import Analysis
from landmarks.exports import obj, points_csv, vendor_json


@dataclass(frozen=True)
class Format:
    """A file format, and the functions that write it."""

    suffix: str
    content_type: str
    write: Callable[[Analysis], bytes]
    write_many: Callable[[Iterable[Analysis]], Iterator[bytes]]
    """One file for several, piece by piece, so that they need not be in memory together."""


FORMATS = {
    "json": Format(".json", "application/json", vendor_json.write, vendor_json.write_many),
    "csv": Format(".csv", "text/csv; charset=utf-8", points_csv.write, points_csv.write_many),
    "obj": Format(".obj", "model/obj", obj.write, obj.write_many),
}
