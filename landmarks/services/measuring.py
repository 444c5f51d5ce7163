"""The measures of results."""

from dataclasses import dataclass

from landmarks.core.measures import FaceMeasures, measure
from landmarks.models import Result


@dataclass(frozen=True)
class MeasuredFace:
    number: int
    """1 is the largest."""
    measures: FaceMeasures


def measured_faces(result: Result) -> tuple[MeasuredFace, ...]:
    return tuple(MeasuredFace(number, measure(face)) for number, face in enumerate(result.found_faces(), start=1))
