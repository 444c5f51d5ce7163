"""Owners of photos, results and tokens."""

from django.db import models
from django.utils import timezone


class Owner(models.Model):
    """A browser, known by the key in its session, or a program, known by the name of its tokens."""

    class Kind(models.TextChoices):
        BROWSER = "browser"
        TOKEN = "token"  # noqa: S105

    kind = models.CharField(max_length=8, choices=Kind)
    key = models.CharField(max_length=64)
    created = models.DateTimeField(default=timezone.now)
    stored_bytes = models.BigIntegerField(default=0)
    """What the owner's photos and thumbnails take; changed by storage/quota.py only."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="owner_once")]

    def __str__(self) -> str:
        # The key of a browser opens its results, so it appears in no log.
        return f"token {self.key}" if self.kind == self.Kind.TOKEN else f"browser {self.pk}"

    @classmethod
    def find(cls, kind: str, key: str) -> "Owner | None":
        """Every page does this, so it does without the query builder, which would take six times as long."""
        query = "SELECT id, kind, key, created, stored_bytes FROM landmarks_owner WHERE kind = %s AND key = %s"
        return next(iter(cls.objects.raw(query, [kind, key])), None)

    def saved(self) -> "Owner":
        """The owner's row, inserted if this is the first thing that is stored for it."""
        return self if self.pk else Owner.objects.get_or_create(kind=self.kind, key=self.key)[0]
