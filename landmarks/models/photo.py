"""Photos: upright, re-encoded, one row for all copies that one owner sends."""

import uuid

from django.db import models
from django.utils import timezone


def photo_path(photo: "Photo", filename: str) -> str:
    return f"photos/{photo.id.hex[:2]}/{photo.id}.jpg"


class Photo(models.Model):
    """An upright, re-encoded photo; one row for all copies that the same owner sends."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    """SHA-256 of the bytes as they were sent, by which a copy is recognised."""
    file = models.FileField(upload_to=photo_path)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    format = models.CharField(max_length=16)
    """Format of the file as it was sent."""
    orientation = models.PositiveSmallIntegerField(default=1)
    """EXIF orientation that was applied."""
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "digest"], name="photo_once_an_owner")]

    def __str__(self) -> str:
        return f"{self.format} {self.width} × {self.height}"
