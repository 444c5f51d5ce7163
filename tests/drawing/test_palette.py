"""The regions' colours keep apart in four kinds of colour vision, and stand out from their halo."""

import math
import re
from itertools import combinations, groupby
from pathlib import Path

import pytest
from PIL import ImageColor

from landmarks.core.schema import HALO, REGIONS, Region
from landmarks.drawing.colour import FACE_COLOURS, PLAIN, STEPS

Triple = tuple[float, float, float]

# Machado, Oliveira and Fernandes 2009, "A Physiologically-based Model for Simulation of Color Vision Deficiency",
# severity 1.0, for linear RGB.
VISIONS: dict[str, tuple[Triple, Triple, Triple]] = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
LINEAR_RGB_TO_XYZ: tuple[Triple, Triple, Triple] = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
WHITE: Triple = (0.95047, 1.0, 1.08883)
DOCUMENT = Path(__file__).parents[2] / "docs" / "points.md"


def to_linear(colour: str) -> Triple:
    """sRGB to linear light, IEC 61966-2-1."""
    levels = [level / 255 for level in ImageColor.getrgb(colour)[:3]]
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in levels)
    return red, green, blue


def multiply(matrix: tuple[Triple, Triple, Triple], vector: Triple) -> Triple:
    x, y, z = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return x, y, z


def to_lab(linear: Triple) -> Triple:
    xyz = multiply(LINEAR_RGB_TO_XYZ, linear)
    x, y, z = (
        ratio ** (1 / 3) if ratio > 216 / 24389 else (24389 / 27 * ratio + 16) / 116
        for ratio in (value / white for value, white in zip(xyz, WHITE, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def seen(colour: str, vision: str) -> Triple:
    """The colour in CIELAB as that vision sees it, cut to what a screen can show."""
    red, green, blue = (min(max(value, 0.0), 1.0) for value in multiply(VISIONS[vision], to_linear(colour)))
    return to_lab((red, green, blue))


def ciede2000(one: Triple, other: Triple) -> float:
    """Sharma, Wu and Dalal 2005, equations 2 to 22."""
    mean_c7 = ((math.hypot(*one[1:]) + math.hypot(*other[1:])) / 2) ** 7
    stretch = 1 + 0.5 * (1 - math.sqrt(mean_c7 / (mean_c7 + 25**7)))
    (c1, h1), (c2, h2) = (_polar(lab[1] * stretch, lab[2]) for lab in (one, other))
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    hue = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))
    mean_h = (h1 + turn / 2) % 360 if c1 * c2 else h1 + h2
    mean_c, mean_l = (c1 + c2) / 2, (one[0] + other[0]) / 2
    weight_l = 1 + 0.015 * (mean_l - 50) ** 2 / math.sqrt(20 + (mean_l - 50) ** 2)
    weight_c, weight_h = 1 + 0.045 * mean_c, 1 + 0.015 * mean_c * _hue_term(mean_h)
    rotation = 60 * math.exp(-(((mean_h - 275) / 25) ** 2))
    bend = -2 * math.sqrt(mean_c**7 / (mean_c**7 + 25**7)) * math.sin(math.radians(rotation))
    dl, dc, dh = (other[0] - one[0]) / weight_l, (c2 - c1) / weight_c, hue / weight_h
    return math.sqrt(dl**2 + dc**2 + dh**2 + bend * dc * dh)


def _polar(a: float, b: float) -> tuple[float, float]:
    return math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def _hue_term(hue: float) -> float:
    terms = ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63))
    return 1 + sum(weight * math.cos(math.radians(times * hue + shift)) for weight, times, shift in terms)


def contrast(one: str, other: str) -> float:
    """Ratio of luminances, WCAG 2."""
    dark, light = sorted(multiply(LINEAR_RGB_TO_XYZ, to_linear(colour))[1] for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def nearest(colour: str, vision: str) -> float:
    others = [region.colour for region in REGIONS if region.colour != colour]
    return min(ciede2000(seen(colour, vision), seen(other, vision)) for other in others)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.5, 0.0), (58.0, 24.0, 15.0), 19.4535),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_distance_is_that_of_the_published_examples(one: Triple, other: Triple, expected: float) -> None:
    assert ciede2000(one, other) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("vision", VISIONS)
def test_any_two_regions_are_distinguishable(vision: str) -> None:
    for one, other in combinations(REGIONS, 2):
        assert ciede2000(seen(one.colour, vision), seen(other.colour, vision)) >= 12, (one.name, other.name)


@pytest.mark.parametrize("region", REGIONS, ids=lambda region: region.name)
def test_every_colour_stands_out_from_its_halo(region) -> None:
    assert contrast(region.colour, HALO) >= 4.8


@pytest.mark.parametrize("vision", VISIONS)
def test_any_two_faces_are_distinguishable(vision: str) -> None:
    for one, other in combinations(FACE_COLOURS, 2):
        assert ciede2000(seen(one, vision), seen(other, vision)) >= 19, (one, other)


def test_the_first_faces_are_the_farthest_apart() -> None:
    """A photo with few faces gets the best of the palette."""

    def least(colours: tuple[str, ...]) -> float:
        return min(
            ciede2000(seen(one, vision), seen(other, vision))
            for vision in VISIONS
            for one, other in combinations(colours, 2)
        )

    gaps = [least(FACE_COLOURS[:count]) for count in range(2, len(FACE_COLOURS) + 1)]
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[0] > 38


@pytest.mark.parametrize("vision", VISIONS)
def test_steps_of_error_keep_apart_and_grow_darker(vision: str) -> None:
    steps = [seen(step.colour, vision) for step in STEPS]
    for one, other in combinations(steps, 2):
        assert ciede2000(one, other) >= 12
    assert [step[0] for step in steps] == sorted((step[0] for step in steps), reverse=True)


@pytest.mark.parametrize("colour", [*FACE_COLOURS, *(step.colour for step in STEPS), PLAIN])
def test_every_other_colour_stands_out_from_its_halo(colour: str) -> None:
    assert contrast(colour, HALO) >= 4.8


def test_every_region_has_a_mark_of_its_own() -> None:
    assert len({region.mark for region in REGIONS}) == len(REGIONS)


def test_at_most_two_colours_are_without_hue() -> None:
    assert sum(math.hypot(*seen(region.colour, "normal")[1:]) < 10 for region in REGIONS) <= 2


def test_the_document_gives_the_least_distance_and_contrast() -> None:
    text = " ".join(DOCUMENT.read_text(encoding="utf-8").split())
    distance = min(nearest(region.colour, vision) for region in REGIONS for vision in VISIONS)
    assert f"any two regions differ by at least {distance:.1f} (CIEDE2000)" in text
    assert f"is at least {min(contrast(region.colour, HALO) for region in REGIONS):.1f}." in text


def test_the_document_gives_the_other_colours() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert f"Faces: {' · '.join(FACE_COLOURS)}" in text
    for step in STEPS:
        assert f"| {step.label} | {step.colour} | {contrast(step.colour, HALO):.1f} |" in text


def test_the_document_gives_every_region_and_point() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    for region in REGIONS:
        assert f"| {region.name} | {region.label} | {region.colour} | {region.mark} | {region.count} |" in text
        assert re.search(rf"^- .*\*\*{region.name}\*\*.*: {re.escape(listed(region))}$", text, re.MULTILINE)


def listed(region: Region) -> str:
    """Index and meaning of each point; those of a series, such as 1/10 to 9/10, as one."""
    series = groupby(enumerate(region.meanings), key=lambda point: re.sub(r"\d/10", "", point[1]))
    return " · ".join(shown(list(points)) for _, points in series)


def shown(points: list[tuple[int, str]]) -> str:
    (first, meaning), (last, _) = points[0], points[-1]
    if first == last:
        return f"{first} {meaning}"
    return f"{first}–{last} {meaning.replace('1/10 to', '1/10 to 9/10 of the way to')}"
