"""The mean shape of faces as SVG, with an ellipse around each point for its spread."""

from collections.abc import Iterator

from landmarks.core.schema import HALO, REGIONS, SPANS, Region
from landmarks.core.shapes import MeanShape

WIDTH, HEIGHT = 660, 746
ORIGIN = (330, 286)
UNIT = 284
"""Pixels for the eye distance."""
DOT = 2.2
NAMESPACE = "http://www.w3.org/2000/svg"


def draw_mean_shape(shape: MeanShape) -> str:
    """On a dark ground, on which every region's colour is seen."""
    faces = "1 face" if shape.count == 1 else f"{shape.count} faces"
    title = f"Mean shape of {faces}; ellipses are one standard deviation of each point"
    parts = "".join(part for region in REGIONS for part in _region(region, shape))
    return (
        f'<svg xmlns="{NAMESPACE}" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f'<title>{title}</title><rect width="{WIDTH}" height="{HEIGHT}" fill="{HALO}"/>{parts}</svg>'
    )


def _region(region: Region, shape: MeanShape) -> Iterator[str]:
    span = SPANS[region.name]
    places = [(ORIGIN[0] + UNIT * x, ORIGIN[1] + UNIT * y) for x, y in shape.points[span]]
    yield f'<g fill="{region.colour}" stroke="{region.colour}">'
    for (x, y), spread in zip(places, shape.spreads[span], strict=True):
        yield (
            f'<ellipse rx="{UNIT * spread.first:.2f}" ry="{UNIT * spread.second:.2f}" fill-opacity="0.3" stroke="none" '
            f'transform="translate({x:.2f} {y:.2f}) rotate({spread.degrees:.1f})"/>'
        )
    for path in region.paths:
        corners = " ".join(f"{places[index][0]:.2f} {places[index][1]:.2f}" for index in path.indices)
        line = f"M{corners}{'Z' if path.is_closed else ''}"
        yield f'<path d="{line}" fill="none" stroke-width="1.2" stroke-opacity="0.8"/>'
    for x, y in places:
        yield f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{DOT}" stroke="none"/>'
    yield "</g>"
