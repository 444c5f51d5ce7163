"""Counters of how often something was done within a span of time."""

from django.db import models


class Tally(models.Model):
    """How often something was done in a span of time, by whoever has a key; see rates.py."""

    key = models.CharField(primary_key=True, max_length=64)
    """A keyed hash, from which nobody can be known."""
    count = models.PositiveIntegerField()
    ends = models.FloatField(db_index=True)
    """Seconds since 1970."""

    def __str__(self) -> str:
        return f"{self.count} until {self.ends}"
