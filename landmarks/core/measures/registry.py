"""Every measure, by its name."""

from landmarks.core.measures.eyes import BROWS, EYES
from landmarks.core.measures.lower_face import FACE, NOSE_AND_MOUTH

MEASURES = {measure.name: measure for measure in (*EYES, *BROWS, *NOSE_AND_MOUTH, *FACE)}
"""In the order in which they are shown, by group."""
