"""Keys by which a repeated request is recognised."""

from django.db import models

from landmarks.models.collection import Collection
from landmarks.models.job import Job
from landmarks.models.owner import Owner
from landmarks.models.result import Result


class IdempotencyKey(models.Model):
    """A key that a program sent with a request for a new result, job or collection. It goes with that.

    It holds nothing of the request.
    """

    # The unique constraint below is the index by owner.
    owner = models.ForeignKey(Owner, on_delete=models.CASCADE, related_name="idempotency_keys", db_index=False)
    digest = models.CharField(max_length=64)
    """A keyed hash of the key."""
    fingerprint = models.CharField(max_length=64)
    """A keyed hash of the request."""
    result = models.ForeignKey(Result, on_delete=models.CASCADE, related_name="idempotency_keys", null=True)
    """What the request made; it and the next two are None while the request is being processed."""
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="idempotency_keys", null=True)
    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="idempotency_keys", null=True)
    created = models.DateTimeField(db_index=True)
    renewed = models.DateTimeField(null=True)
    """The last sign of life of the process that has the request; None if it took only seconds."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "digest"], name="idempotency_key_once_an_owner")]

    @property
    def made(self) -> Result | Job | Collection | None:
        return self.result or self.job or self.collection

    def __str__(self) -> str:
        return f"key of {self.owner}"
