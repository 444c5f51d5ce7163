"""Measures of eyes and brows."""

from landmarks.core.measures.definition import DYNAFACE, EMOTRICS, FARKAS, Group, index, length, tilt
from landmarks.core.measures.geometry import (
    LEFT_PUPIL,
    RIGHT_PUPIL,
    Geometry,
    Shape,
    angle,
    at,
    below,
    down,
    gap,
    landmark,
    other,
    percent,
)

OUTER, INNER = landmark("left_eye", 0), landmark("left_eye", 4)
LOWER_LID, UPPER_LID = landmark("left_eye", 2), landmark("left_eye", 6)
LOWER_LINE = tuple(landmark("left_eye", number) for number in (0, 1, 2, 3, 4))
UPPER_LINE = tuple(landmark("left_eye", number) for number in (0, 7, 6, 5, 4))
BROW_OUTER, BROW_INNER = landmark("left_eye_brow", 0), landmark("left_eye_brow", 4)
BROW_LINE = tuple(landmark("left_eye_brow", number) for number in (0, 7, 6, 5, 4))
"""The upper edge."""

HEIGHT, WIDTH = gap(UPPER_LID, LOWER_LID), gap(INNER, OUTER)
INTERCANTHAL, OUTER_CANTHAL = gap(INNER, other(INNER)), gap(OUTER, other(OUTER))


def _to_the_left(shape: Shape) -> complex:
    """Along the line of the inner corners."""
    return at(shape, INNER) - at(shape, other(INNER))


TILTED = Geometry(WIDTH.points | INTERCANTHAL.points, WIDTH.value, WIDTH.segments)

EYES = (
    length(
        "palpebral_fissure_height",
        "Palpebral fissure height",
        Group.EYES,
        "from the middle of the upper lid (eye 6) to that of the lower lid (eye 2)",
        f"{EMOTRICS}; ps–pi in {FARKAS}",
        HEIGHT,
        has_sides=True,
    ),
    length(
        "palpebral_fissure_width",
        "Palpebral fissure width",
        Group.EYES,
        "from the inner (eye 4) to the outer corner (eye 0)",
        f"en–ex in {FARKAS}",
        WIDTH,
        has_sides=True,
    ),
    index(
        "palpebral_fissure_index",
        "Palpebral fissure index",
        Group.EYES,
        "palpebral fissure height in percent of its width",
        f"ps–pi × 100 / ex–en in {FARKAS}",
        percent(HEIGHT, WIDTH),
        has_sides=True,
    ),
    length(
        "mrd1",
        "Upper lid to pupil (MRD1)",
        Group.EYES,
        "from the pupil straight up to the upper lid (line through eye 0, 7, 6, 5, 4); below 0 if the lid covers it",
        f"marginal reflex distance 1 in {EMOTRICS}; the pupil's centre stands for the light reflex",
        below(LEFT_PUPIL, UPPER_LINE, sign=-1),
        has_sides=True,
    ),
    length(
        "mrd2",
        "Pupil to lower lid (MRD2)",
        Group.EYES,
        "from the pupil straight down to the lower lid (line through eye 0, 1, 2, 3, 4)",
        f"marginal reflex distance 2 in {EMOTRICS}; the pupil's centre stands for the light reflex",
        below(LEFT_PUPIL, LOWER_LINE),
        has_sides=True,
    ),
    tilt(
        "canthal_tilt",
        "Canthal tilt",
        Group.EYES,
        "angle of the line from the inner (eye 4) to the outer corner (eye 0) with the line through both inner "
        "corners; above 0 if the outer corner is higher",
        f"inclination of the eye fissure in {FARKAS}, from the line of the inner corners",
        TILTED,
        angle(TILTED, _to_the_left),
    ),
    length(
        "intercanthal_distance",
        "Between the inner corners",
        Group.EYES,
        "from one inner corner (eye 4) to the other",
        f"en–en in {FARKAS}; {DYNAFACE}",
        INTERCANTHAL,
    ),
    length(
        "interpupillary_distance",
        "Between the pupils",
        Group.EYES,
        "from the centre of one pupil to that of the other",
        f"{DYNAFACE} (pd); less than the distance when looking far away, if the eyes look at a near camera",
        gap(LEFT_PUPIL, RIGHT_PUPIL),
    ),
    length(
        "outer_canthal_distance",
        "Between the outer corners",
        Group.EYES,
        "from one outer corner (eye 0) to the other: the eye distance",
        f"ex–ex in {FARKAS}; {DYNAFACE}",
        OUTER_CANTHAL,
    ),
    index(
        "intercanthal_index",
        "Intercanthal index",
        Group.EYES,
        "distance of the inner corners in percent of that of the outer corners",
        f"en–en × 100 / ex–ex in {FARKAS}",
        percent(INTERCANTHAL, OUTER_CANTHAL),
    ),
)

BROWS = (
    length(
        "brow_height",
        "Brow height",
        Group.BROWS,
        "from the pupil straight up to the upper edge of the brow (line through brow 0, 7, 6, 5, 4)",
        EMOTRICS,
        below(LEFT_PUPIL, BROW_LINE, sign=-1),
        has_sides=True,
    ),
    length(
        "brow_height_inner",
        "Brow height, inner end",
        Group.BROWS,
        "how far the inner end of the brow (brow 4) is above the inner corner of the eye (eye 4)",
        "as brow height, at the inner corner",
        down(BROW_INNER, INNER),
        has_sides=True,
    ),
    length(
        "brow_height_outer",
        "Brow height, outer tip",
        Group.BROWS,
        "how far the outer tip of the brow (brow 0) is above the outer corner of the eye (eye 0)",
        "as brow height, at the outer corner",
        down(BROW_OUTER, OUTER),
        has_sides=True,
    ),
)
