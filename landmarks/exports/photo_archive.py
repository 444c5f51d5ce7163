"""An archive of the photos and, beside them, files of any other formats."""

import pickle
from collections.abc import Iterable, Iterator, Mapping
from tempfile import SpooledTemporaryFile

from landmarks.core.analysis import Analysis
from landmarks.exports.archive import Entry, zipped
from landmarks.exports.formats import Format, packed
from landmarks.exports.options import Options
from landmarks.exports.pictures import opened, read

FOLDER = "images/"
"""Where the photos lie in the archive."""
IN_MEMORY = 2**20


def write(analyses: Iterable[Analysis], options: Options, formats: Mapping[str, Format]) -> Iterator[bytes]:
    """Results are read once, with their photos; for the files beside them, they wait in a temporary file."""
    with SpooledTemporaryFile(IN_MEMORY) as kept:
        yield from zipped(entries(analyses, options, formats, kept))


def entries(
    analyses: Iterable[Analysis],
    options: Options,
    formats: Mapping[str, Format],
    kept: "SpooledTemporaryFile[bytes]",
) -> Iterator[Entry]:
    def photo(analysis: Analysis) -> Iterator[Entry]:
        if options.inside:
            pickle.dump(analysis, kept)
        with opened(analysis) as file:
            yield Entry(FOLDER + analysis.file_name, read(file), is_compressed=True)

    yield from packed(analyses, photo)
    for name in options.inside:
        yield from formats[name].inside(name, lambda: again(kept), options)


def again(kept: "SpooledTemporaryFile[bytes]") -> Iterator[Analysis]:
    """The results that were read, once more."""
    kept.seek(0)
    while True:
        try:
            yield pickle.load(kept)  # noqa: S301  written by this very export
        except EOFError:
            return
