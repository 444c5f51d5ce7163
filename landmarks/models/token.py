"""API tokens, stored as hashes."""

from django.db import models
from django.utils import timezone

from landmarks.models.owner import Owner


class Token(models.Model):
    """A token that a program sends to use the API. It was shown once when it was made; only its hash is stored."""

    owner = models.ForeignKey(Owner, on_delete=models.PROTECT, related_name="tokens")
    """Whose results it makes and sees."""
    name = models.CharField(max_length=64)
    """What it is listed as."""
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the token."""
    prefix = models.CharField(max_length=16)
    """Its first characters, by which it is listed and revoked."""
    scope = models.CharField(max_length=16)
    rate = models.CharField(max_length=32, blank=True)
    """Requests in a period, such as 100/hour; empty for API_RATE."""
    created = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField(null=True)
    last_used = models.DateTimeField(null=True)
    """To the minute: not every request writes it."""
    revoked = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
