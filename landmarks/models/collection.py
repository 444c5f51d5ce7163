"""Collections: photos that were sent together, each a job."""

import uuid

from django.db import models
from django.utils import timezone

from landmarks.models.owner import Owner
from landmarks.models.text import ComposedName


class Collection(models.Model):
    """A name, and how faces are detected in all of its photos."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(Owner, on_delete=models.PROTECT, related_name="collections", db_index=False)
    name = ComposedName(max_length=255)
    created = models.DateTimeField(default=timezone.now)
    engine = models.CharField(max_length=16)
    largest_only = models.BooleanField(default=False)
    rotate = models.BooleanField(default=False)
    dense = models.BooleanField(default=False)
    face_model_version = models.CharField(max_length=16)
    is_paused = models.BooleanField(default=False, db_default=False)
    """Whether its jobs wait in a queue of their own until it goes on."""
    total = models.IntegerField(default=0, db_default=0)
    done = models.IntegerField(default=0, db_default=0)
    none = models.IntegerField(default=0, db_default=0)
    failed = models.IntegerField(default=0, db_default=0)
    cancelled = models.IntegerField(default=0, db_default=0)
    """Its photos, and how many of them are over and how: changed by storage/collection_counts only. `none` are those
    that are done and have no face."""

    class Meta:
        indexes = [models.Index(fields=["owner", "-created"], name="collection_newest")]

    def __str__(self) -> str:
        return str(self.name)
