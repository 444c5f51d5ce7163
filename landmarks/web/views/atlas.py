"""The atlas: every point numbered on an average face, with its name and its counterparts in other schemes."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, TypedDict

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from landmarks.core.schema import BY_NAME, HALO, POINT_COUNT, POINT_NAMES, REGIONS, Region
from landmarks.core.schemes import (
    COUNTERPARTS,
    PROJECTIONS,
    SCHEMES,
    Counterpart,
    Counterparts,
    Projection,
    Quality,
)
from landmarks.drawing.reference_face import HEAD, HEIGHT, MEAN_FACE, WIDTH, Plan, plan_detail, plan_face
from landmarks.drawing.svg import draw_swatch, draw_symbols
from landmarks.http.file_responses import FILE_POLICY
from landmarks.http.methods import require_safe

FIRST_DETAIL = "mouth"
"""Enlarged if no region is chosen; its points are the closest together."""
LONGEST_SEARCH = 100
LEFT_RIGHT = (
    "Left and right are sides of the image. On an unmirrored photo left_eye is the person's right eye, on a mirrored "
    "selfie the left one."
)
UNIT = "outer eye corners at (-0.5, 0) and (0.5, 0); x to the right, y down"


@dataclass(frozen=True)
class Row:
    """A point in the tables."""

    name: str
    """Also its fragment in the page's address."""
    index: int
    meaning: str
    cells: tuple[str, ...]
    """Its counterparts, in the order of the schemes."""
    search_text: str
    """All that it is found by."""

    def matches(self, search: str) -> bool:
        return all(word in self.search_text for word in search.lower().split())


@dataclass(frozen=True)
class Section:
    """A region: the table of its points, and its enlarged drawing."""

    region: Region
    swatch: str
    rows: tuple[Row, ...]
    detail: Plan


class PointJson(TypedDict):
    name: str
    index: int
    meaning: str
    mean: tuple[float, float]
    counterparts: dict[str, Any]


class ProjectedJson(TypedDict):
    """A point of another scheme as a blend of the 90."""

    name: str
    blend: list[dict[str, Any]]


class ProjectionJson(TypedDict):
    count: int
    title: str
    accuracy: dict[str, Any]
    points: list[ProjectedJson]


class RegionJson(TypedDict):
    name: str
    label: str
    colour: str
    mark: str
    points: list[PointJson]


# --- pages -----------------------------------------------------------------------------------------------------------


@require_safe
def atlas(request: HttpRequest) -> HttpResponse:
    """`q` searches all regions, `region` chooses one; an unknown region is ignored."""
    search = request.GET.get("q", "")[:LONGEST_SEARCH].strip()
    region = BY_NAME.get(request.GET.get("region", "")) if not search else None
    found = {row.name for section in sections() for row in section.rows if row.matches(search)}
    shown = {section.region.name for section in sections() if any(row.name in found for row in section.rows)}
    context = {
        "sections": sections(),
        "search": search,
        "found": found,
        "shown": {region.name} if region else shown,
        "region": region,
        "detail": region.name if region else detail_of(shown),
        "total": POINT_COUNT,
        "schemes": SCHEMES,
        "projections": PROJECTIONS.values(),
        "symbols": draw_symbols(),
    }
    return render(request, "landmarks/atlas.html", context | face())


def detail_of(shown: set[str]) -> str:
    return next(iter(shown)) if len(shown) == 1 else FIRST_DETAIL


@require_safe
def atlas_svg(request: HttpRequest) -> HttpResponse:
    context = {"symbols": draw_symbols(), "height": HEIGHT, **face()}
    response = render(request, "landmarks/atlas_points.svg", context, content_type="image/svg+xml")
    return named(request, response, "facesite-points.svg")


@require_safe
def atlas_json(request: HttpRequest) -> HttpResponse:
    response = JsonResponse(
        {
            "left_right": LEFT_RIGHT,
            "unit": UNIT,
            "schemes": [{"name": each.name, "count": each.count, "title": each.title} for each in SCHEMES],
            "regions": [region_json(region) for region in REGIONS],
            "projections": {scheme: projection_json(each) for scheme, each in PROJECTIONS.items()},
        },
        json_dumps_params={"indent": 1},
    )
    return named(request, response, "facesite-points.json")


def named(request: HttpRequest, response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Security-Policy"] = FILE_POLICY
    response["Content-Disposition"] = content_disposition_header("download" in request.GET, name) or "inline"
    return response


# --- content ---------------------------------------------------------------------------------------------------------


@cache
def sections() -> tuple[Section, ...]:
    return tuple(
        Section(region, draw_swatch(region.name), tuple(rows(region)), plan_detail(region.name)) for region in REGIONS
    )


@cache
def face() -> dict[str, Any]:
    return {"plan": plan_face(), "head": HEAD, "width": WIDTH, "halo": HALO}


def rows(region: Region) -> Iterator[Row]:
    for index, meaning in enumerate(region.meanings):
        counterparts = COUNTERPARTS[region.name, index]
        cells = tuple(cell(counterparts[scheme.name]) for scheme in SCHEMES)
        search_text = f"{region.label} {region.name} {index} {meaning}".lower()
        yield Row(f"{region.name}-{index}", index, meaning, cells, search_text)


def cell(counterpart: Counterpart | None) -> str:
    """`48` is the same point, `≈ 59` one close to it, `91 · 181` are two that it lies between."""
    if counterpart is None:
        return "none"
    numbers = " · ".join(str(number) for number, _ in counterpart.blend)
    is_close = counterpart.quality is not Quality.EXACT and len(counterpart.blend) == 1
    return f"≈ {numbers}" if is_close else numbers


def region_json(region: Region) -> RegionJson:
    return {
        "name": region.name,
        "label": region.label,
        "colour": region.colour,
        "mark": region.mark,
        "points": [point_json(region, index) for index in range(region.count)],
    }


def point_json(region: Region, index: int) -> PointJson:
    return {
        "name": f"{region.name}-{index}",
        "index": index,
        "meaning": region.meanings[index],
        "mean": MEAN_FACE[region.name][index],
        "counterparts": counterparts_json(COUNTERPARTS[region.name, index]),
    }


def counterparts_json(counterparts: Counterparts) -> dict[str, Any]:
    return {
        scheme: each and {"quality": each.quality, "blend": [{"number": n, "weight": w} for n, w in each.blend]}
        for scheme, each in counterparts.items()
    }


def projection_json(projection: Projection) -> ProjectionJson:
    return {
        "count": projection.scheme.count,
        "title": projection.scheme.title,
        "accuracy": asdict(projection.accuracy),
        "points": [
            {"name": name, "blend": [{"point": POINT_NAMES[index], "weight": weight} for index, weight in blend]}
            for name, blend in zip(projection.names, projection.blends, strict=True)
        ],
    }
