"""The answer of the vendor's API: whole pixels, four keys, nine regions a face."""

import json
from collections.abc import Iterable, Iterator

from landmarks.core.analysis import Analysis
from landmarks.wire.acedata import to_answer


def write(sheet: Analysis) -> bytes:
    return json.dumps(to_answer(sheet), indent=1).encode()


def write_several(sheets: Iterable[Analysis]) -> Iterator[bytes]:
    """A list of answers, each with the id of its result and the photo's name before the four keys."""
    yield b"["
    for number, sheet in enumerate(sheets):
        answer = {"result": sheet.result, "source": sheet.source, **to_answer(sheet)}
        yield f"{',' if number else ''}\n{json.dumps(answer)}".encode()
    yield b"\n]\n"
