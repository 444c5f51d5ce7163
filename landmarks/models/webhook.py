"""Webhooks: addresses to which the end of a job or a collection is reported, and each report to them."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from landmarks.models.collection import Collection
from landmarks.models.job import Job
from landmarks.models.token import Token

IS_ARMED = Q(is_armed=True)


class Webhook(models.Model):
    """The address that was given with a job or a collection, and whether there is still an end to report."""

    # Nobody looks for all webhooks of a token, and tokens are not deleted.
    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="webhooks", db_index=False)
    """With whose secret reports are signed."""
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="webhook", null=True)
    collection = models.OneToOneField(Collection, on_delete=models.CASCADE, related_name="webhook", null=True)
    """One of the two."""
    address = models.TextField()
    site = models.TextField()
    """The site as the program reached it, without a slash at the end: addresses in reports begin like that."""
    is_armed = models.BooleanField(default=False)
    """Whether the next end is to be reported; that of a collection is armed again by each photo."""
    due = models.DateTimeField(default=timezone.now)
    """Before which an end is not looked for."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(job__isnull=True, collection__isnull=False) | Q(job__isnull=False, collection__isnull=True),
                name="webhook_of_job_or_collection",
            )
        ]
        indexes = [models.Index(fields=["due"], condition=IS_ARMED, name="webhook_armed")]

    def __str__(self) -> str:
        return f"webhook of {self.job or self.collection}"


class DeliveryStatus(models.TextChoices):
    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


IS_PENDING = Q(status=DeliveryStatus.PENDING)


class Delivery(models.Model):
    """One report, sent until the address has taken it or the attempts are used up."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    """The same at each attempt, so that a receiver recognises a report that came twice."""
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    body = models.TextField()
    """What is sent: ids, numbers and addresses of this site, nothing of photos or people."""
    created = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=9, choices=DeliveryStatus, default=DeliveryStatus.PENDING)
    due = models.DateTimeField(default=timezone.now)
    """When the next attempt may begin; while one is going on, when somebody else may make the next."""
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True)
    """Identifies the attempt that is going on; only who makes it may note what came of it."""
    finished = models.DateTimeField(null=True)
    error = models.CharField(max_length=32, blank=True)
    """Id of the message about the last attempt that failed."""
    http_status = models.PositiveSmallIntegerField(null=True)
    """That the address answered with at the last attempt."""

    class Meta:
        indexes = [
            models.Index(fields=["due"], condition=IS_PENDING, name="delivery_due"),
            models.Index(fields=["finished"], condition=Q(finished__isnull=False), name="delivery_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.status} delivery {self.pk}"
