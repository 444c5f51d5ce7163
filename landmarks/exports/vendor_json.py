"""The answer of the vendor's API: whole pixels, four keys, nine regions a face."""

import json
from collections.abc import Iterable, Iterator

from landmarks.core.analysis import Analysis
from landmarks.exports.options import Options
from landmarks.wire.acedata import answer_to_wire


def write(analyses: Iterable[Analysis], options: Options) -> Iterator[bytes]:
    """An answer; of several results a list of them, each with its id and the name of the photo before the four keys."""
    if not options.several:
        for analysis in analyses:
            yield json.dumps(answer_to_wire(analysis), indent=1).encode()
        return
    yield b"["
    for number, analysis in enumerate(analyses):
        answer = {"result": analysis.result, "source": analysis.source, **answer_to_wire(analysis)}
        yield f"{',' if number else ''}\n{json.dumps(answer)}".encode()
    yield b"\n]\n"
