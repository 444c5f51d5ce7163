"""SVG: the points and lines alone, in the size of the photo."""

from collections.abc import Iterator

from landmarks.core.analysis import Analysis
from landmarks.drawing.svg import draw_standalone_svg
from landmarks.exports.archive import Entry
from landmarks.exports.options import Options
from landmarks.exports.pictures import enlarged


def files(analysis: Analysis, options: Options) -> Iterator[Entry]:
    yield Entry(f"{analysis.stem}.svg", pieces(analysis, options))


def pieces(analysis: Analysis, options: Options) -> Iterator[bytes]:
    width, height = analysis.width * options.scale, analysis.height * options.scale
    yield draw_standalone_svg(width, height, enlarged(analysis.faces, options.scale), options.drawn).encode()
