"""Photos: upright, re-encoded, one row for all copies that one owner sends."""

import uuid

from django.db import connection, models
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

    # Both are read for every photo that is sent, so they do without the query builder, as Owner.find does.

    @classmethod
    def find(cls, owner: Owner, digest: str) -> "Photo | None":
        """The photo as this owner, who need not have a row yet, sent it before."""
        query = """
            SELECT landmarks_photo.* FROM landmarks_photo
            JOIN landmarks_owner ON landmarks_owner.id = landmarks_photo.owner_id
            WHERE landmarks_owner.kind = %s AND landmarks_owner.key = %s AND digest = %s
        """
        return next(iter(cls.objects.raw(query, [owner.kind, owner.key, digest])), None)

    @classmethod
    def lock(cls, id: uuid.UUID) -> "Photo | None":
        """The row, which nobody else can delete or give a result before this transaction ends; None if it is deleted.

        SQLite has no locks of rows, and a transaction that writes is alone anyway.
        """
        lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
        query = f"SELECT * FROM landmarks_photo WHERE id = %s{lock}"  # noqa: S608
        key = cls._meta.pk.get_db_prep_value(id, connection)
        return next(iter(cls.objects.raw(query, [key])), None)
