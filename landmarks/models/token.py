"""API tokens, kept as hashes."""

from django.db import models
from django.utils import timezone


class Token(models.Model):
    """What a program shows to use the API. It was shown once when it was made; only its hash is kept."""

    name = models.CharField(max_length=64)
    """Of whom or what it is for; the owner of all results that are made with it."""
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the token."""
    prefix = models.CharField(max_length=16)
    """Its first characters, to tell it from others by."""
    scope = models.CharField(max_length=16)
    rate = models.CharField(max_length=32, blank=True)
    """Requests in a time, such as 100/hour; empty for that of the site."""
    created = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField(null=True)
    last_used = models.DateTimeField(null=True)
    """To the minute: not every request writes it."""
    revoked = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
