"""Counters of how often something was done within a period."""

from django.db import models


class RateCounter(models.Model):
    """How often something was done in the current period, by whoever the key stands for; see storage/counters.py."""

    key = models.CharField(primary_key=True, max_length=64)
    """A keyed hash, which identifies nobody."""
    count = models.PositiveIntegerField()
    expires = models.FloatField(db_index=True)
    """End of the period in seconds since 1970."""

    def __str__(self) -> str:
        return f"{self.count} until {self.expires}"
