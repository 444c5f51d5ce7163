"""The answer of the vendor's API: whole pixels, four keys, nine regions a face."""

import json
from collections.abc import Iterable, Iterator

from landmarks.core.analysis import Analysis
from landmarks.wire.acedata import answer_to_wire


def write(analysis: Analysis) -> bytes:
    return json.dumps(answer_to_wire(analysis), indent=1).encode()


def write_many(analyses: Iterable[Analysis]) -> Iterator[bytes]:
    """A list of answers, each with the id of its result and the name of the photo before the four keys."""
    yield b"["
    for number, analysis in enumerate(analyses):
        answer = {"result": analysis.result, "source": analysis.source, **answer_to_wire(analysis)}
        yield f"{',' if number else ''}\n{json.dumps(answer)}".encode()
    yield b"\n]\n"
