"""Measures of nose, mouth and the whole face."""

from landmarks.core.measures.definition import DYNAFACE, EMOTRICS, FARKAS, Group, index, length, tilt
from landmarks.core.measures.eyes import BROW_INNER, INNER, OUTER
from landmarks.core.measures.geometry import (
    PUPILS,
    Shape,
    across,
    angle,
    direction,
    down,
    from_midline,
    gap,
    landmark,
    other,
    percent,
)

WING, ROOT, SUBNASALE = landmark("nose", 5), landmark("nose", 1), landmark("nose", 7)
CORNER, UPPER_LIP = landmark("mouth", 0), landmark("mouth", 9)
LOWER_LIP_LINE = tuple(landmark("mouth", number) for number in range(7))
"""The outer edge of the lower lip, from corner to corner."""
STOMION = landmark("mouth", 14, 19)
"""Where the lips meet, or the middle between them."""
SIDE, CHIN = landmark("face_profile", 0), landmark("face_profile", 10)
GLABELLA = other(BROW_INNER, other(BROW_INNER))
"""The middle between the brows' inner ends."""

NOSE_WIDTH, NOSE_HEIGHT = gap(WING, other(WING)), gap(ROOT, SUBNASALE)
FACE_WIDTH, FACE_HEIGHT = gap(SIDE, other(SIDE)), gap(ROOT, CHIN)
WHOLE_WIDTH = across(SIDE, other(SIDE))
MIDDLE_THIRD, LOWER_THIRD = down(GLABELLA, SUBNASALE), down(SUBNASALE, CHIN)
EXCURSION = from_midline(LOWER_LIP_LINE, CORNER)
_SLOPE = angle(EXCURSION, lambda shape: -direction(shape))


def _smile_angle(shape: Shape) -> float:
    return 90 + _SLOPE(shape)


NOSE_AND_MOUTH = (
    length(
        "nose_width",
        "Nose width",
        Group.NOSE_AND_MOUTH,
        "from one wing of the nose (nose 5) to the other (nose 9)",
        f"al–al in {FARKAS}; {DYNAFACE}",
        NOSE_WIDTH,
    ),
    length(
        "nose_height",
        "Nose height",
        Group.NOSE_AND_MOUTH,
        "from the root (nose 1) to the middle of the base (nose 7)",
        f"n–sn in {FARKAS}",
        NOSE_HEIGHT,
    ),
    index(
        "nasal_index",
        "Nasal index",
        Group.NOSE_AND_MOUTH,
        "width of the nose in percent of its height",
        f"al–al × 100 / n–sn in {FARKAS}",
        percent(NOSE_WIDTH, NOSE_HEIGHT),
    ),
    length(
        "philtrum_length",
        "Philtrum",
        Group.NOSE_AND_MOUTH,
        "from the middle of the base of the nose (nose 7) to the dip of the upper lip (mouth 9)",
        f"sn–ls in {FARKAS}",
        gap(SUBNASALE, UPPER_LIP),
    ),
    length(
        "mouth_width",
        "Mouth width",
        Group.NOSE_AND_MOUTH,
        "from one corner of the mouth (mouth 0) to the other (mouth 6)",
        f"ch–ch in {FARKAS}; {DYNAFACE}",
        gap(CORNER, other(CORNER)),
    ),
    length(
        "commissure_height",
        "Corner of the mouth below the pupils",
        Group.NOSE_AND_MOUTH,
        "how far the corner of the mouth (mouth 0 or 6) is below the line through the pupils",
        f"commissure height in {EMOTRICS}, which gives its difference only",
        down(PUPILS, CORNER),
        has_sides=True,
    ),
    length(
        "commissure_to_midline",
        "Corner of the mouth to the midline",
        Group.NOSE_AND_MOUTH,
        "from the corner of the mouth (mouth 0 or 6) along the line of the pupils to the midline, which runs across "
        "their middle",
        f"midline as in {EMOTRICS}",
        across(CORNER, PUPILS),
        has_sides=True,
    ),
    length(
        "commissure_excursion",
        "Commissure excursion",
        Group.NOSE_AND_MOUTH,
        "from where the midline, which runs across the middle between the pupils, crosses the outer edge of the lower "
        "lip (line through mouth 0 to 6) to the corner of the mouth (mouth 0 or 6)",
        f"{EMOTRICS}; {DYNAFACE} takes the middle of the lower lip instead of the midline",
        EXCURSION,
        has_sides=True,
    ),
    tilt(
        "smile_angle",
        "Smile angle",
        Group.NOSE_AND_MOUTH,
        "angle between the midline downwards and the line of the commissure excursion: above 90 if the corner of the "
        "mouth is higher than the lower lip at the midline",
        EMOTRICS,
        EXCURSION,
        _smile_angle,
    ),
)

FACE = (
    length(
        "face_width",
        "Face width at the eyes",
        Group.FACE,
        "from one end of the contour (contour 0) to the other (contour 20), at eye height",
        f"near zy–zy in {FARKAS}, which is at the cheekbones",
        FACE_WIDTH,
    ),
    length(
        "face_height",
        "Nose root to chin",
        Group.FACE,
        "from the root of the nose (nose 1) to the bottom of the chin (contour 10)",
        f"n–gn in {FARKAS}",
        FACE_HEIGHT,
    ),
    index(
        "facial_index",
        "Facial index",
        Group.FACE,
        "nose root to chin in percent of the width of the face at the eyes",
        f"n–gn × 100 / zy–zy in {FARKAS}, with the width at the eyes",
        percent(FACE_HEIGHT, FACE_WIDTH),
    ),
    length(
        "middle_third",
        "Middle third",
        Group.FACE,
        "how far the base of the nose (nose 7) is below the middle between the inner ends of the brows (brow 4)",
        f"near g–sn in {FARKAS}; there is no point at the hairline, so the upper third is not measured",
        MIDDLE_THIRD,
    ),
    length(
        "lower_third",
        "Lower third",
        Group.FACE,
        "how far the bottom of the chin (contour 10) is below the base of the nose (nose 7)",
        f"sn–gn in {FARKAS}",
        LOWER_THIRD,
    ),
    index(
        "thirds_index",
        "Lower to middle third",
        Group.FACE,
        "lower third in percent of the middle third",
        "neoclassical canon of equal thirds, after Farkas et al. 1985",
        percent(LOWER_THIRD, MIDDLE_THIRD),
    ),
    index(
        "upper_lip_share",
        "Upper lip in the lower third",
        Group.FACE,
        "how far the middle between the lips (mouth 14, 19) is below the base of the nose (nose 7), in percent of the "
        "lower third",
        f"sn–sto × 100 / sn–gn in {FARKAS}",
        percent(down(SUBNASALE, STOMION), LOWER_THIRD),
    ),
    index(
        "outer_fifth",
        "Outer fifth",
        Group.FACE,
        "from the end of the contour (contour 0 or 20) to the outer corner (eye 0) along the line of the pupils, in "
        "percent of the width of the face",
        "rule of fifths",
        percent(across(SIDE, OUTER), WHOLE_WIDTH),
        has_sides=True,
    ),
    index(
        "eye_fifth",
        "Fifth of the eye",
        Group.FACE,
        "from the outer (eye 0) to the inner corner (eye 4) along the line of the pupils, in percent of the width of "
        "the face",
        "rule of fifths",
        percent(across(OUTER, INNER), WHOLE_WIDTH),
        has_sides=True,
    ),
    index(
        "middle_fifth",
        "Middle fifth",
        Group.FACE,
        "from one inner corner (eye 4) to the other along the line of the pupils, in percent of the width of the face",
        "rule of fifths",
        percent(across(INNER, other(INNER)), WHOLE_WIDTH),
    ),
)
