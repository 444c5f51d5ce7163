"""Faces of a result: 90 points each, with the engine's precision."""

from collections.abc import Iterable

from django.db import models

from landmarks.core import faces as values
from landmarks.models.result import Result


class Face(models.Model):
    """One face of a result: its points in the order of the schema, with the engine's precision."""

    result = models.ForeignKey(Result, on_delete=models.CASCADE, related_name="faces")
    number = models.PositiveIntegerField()
    """1 is the largest."""
    points = models.JSONField()
    """[[x, y], …] in pixels of the upright photo."""
    score = models.FloatField(null=True)
    uncertainty = models.JSONField(null=True)
    """A number for each point, in units of the inter-ocular distance."""
    pose = models.JSONField(null=True)
    """A faces.Pose and, below, a faces.Gaze by field; None where the engine does not report it."""
    gaze = models.JSONField(null=True)
    irises = models.JSONField(null=True)
    """[left, right] in pixels; None in results from before they were measured."""
    expressions = models.JSONField(null=True)
    """{name of the blendshape: score}."""
    covered = models.JSONField(null=True)
    """[name of a region, …]."""
    dense = models.JSONField(null=True)
    """[[x, y, depth], …] in pixels, 12 kB; None unless they were requested."""

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["result", "number"], name="face_number_once")]

    def __str__(self) -> str:
        return f"face {self.number}"

    def to_value(self) -> values.Face:
        return values.Face.from_dict(vars(self))


def faces_of(result: Result, found: Iterable[values.Face]) -> list[Face]:
    """Unsaved rows for the faces of a result, numbered in the order given."""
    return [
        Face(
            result=result,
            number=number,
            **face.to_dict(),
        )
        for number, face in enumerate(found, start=1)
    ]
