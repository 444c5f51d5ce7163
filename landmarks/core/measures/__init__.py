"""What is measured on the 90 points: `MEASURES` is the registry, `measure` gives all of a face with their errors."""

from landmarks.core.measures.openness import eye_openness, inter_ocular_distance, mouth_openness, openness
from landmarks.core.measures.propagation import Figure
from landmarks.core.measures.registry import MEASURES
from landmarks.core.measures.report import FaceMeasures, Row, measure

__all__ = [
    "MEASURES",
    "FaceMeasures",
    "Figure",
    "Row",
    "eye_openness",
    "inter_ocular_distance",
    "measure",
    "mouth_openness",
    "openness",
]
