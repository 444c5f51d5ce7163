"""Workers: processes that run jobs."""

import uuid

from django.db import models
from django.utils import timezone


class Worker(models.Model):
    """One life of such a process; it says again and again that it is there. For people who look after the site."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    host = models.CharField(max_length=255)
    process = models.PositiveIntegerField()
    """Its number there."""
    executor = models.CharField(max_length=8)
    """`threads` of a server, or `celery`."""
    started = models.DateTimeField(default=timezone.now)
    seen = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"worker {self.process} on {self.host}"
