"""Photos: upright, re-encoded, one row for all copies that one owner sends."""

import uuid

from django.db import models
from django.utils import timezone

from landmarks.models.owner import Owner


def photo_path(photo: "Photo", filename: str = "") -> str:
    """Name of the photo's file in the storage; `filename` is Django's and not used."""
    return f"photos/{photo.id.hex[:2]}/{photo.id}.jpg"


class Photo(models.Model):
    """An upright, re-encoded photo; one row for all copies that one owner sends."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # The unique constraint below is the index by owner.
    owner = models.ForeignKey(Owner, on_delete=models.PROTECT, related_name="photos", db_index=False)
    digest = models.CharField(max_length=64)
    """SHA-256 of the bytes as they were sent, by which a copy is recognised."""
    file = models.FileField(upload_to=photo_path)
    file_size = models.PositiveBigIntegerField(null=True)
    """In bytes; None until storage/quota.py has measured a photo that was stored before sizes were."""
    lowered_quality = models.PositiveSmallIntegerField(null=True)
    """Quality of the JPEG where the usual one would have made it larger than an upload may be."""
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
