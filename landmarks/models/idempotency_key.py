"""Keys by which a repeated request is recognised."""

from django.db import models

from landmarks.models.owner import Owner
from landmarks.models.result import Result


class IdempotencyKey(models.Model):
    """A key that a program sent with a request for a new result. It goes with that result, and holds nothing of it."""

    # The unique constraint below is the index by owner.
    owner = models.ForeignKey(Owner, on_delete=models.CASCADE, related_name="idempotency_keys", db_index=False)
    digest = models.CharField(max_length=64)
    """A keyed hash of the key."""
    fingerprint = models.CharField(max_length=64)
    """A keyed hash of the request."""
    result = models.ForeignKey(Result, on_delete=models.CASCADE, related_name="idempotency_keys", null=True)
    """None while the request is being processed."""
    created = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "digest"], name="idempotency_key_once_an_owner")]

    def __str__(self) -> str:
        return f"key of {self.owner}"
