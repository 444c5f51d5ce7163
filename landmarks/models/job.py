"""Jobs: analyses that are not answered at once. The row is the truth; whoever runs it must have claimed it."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from landmarks.models.collection import Collection
from landmarks.models.owner import Owner
from landmarks.models.photo import Photo
from landmarks.models.position import PositionField
from landmarks.models.result import Result
from landmarks.models.text import ComposedName, ComposedText


class JobStatus(models.TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobQueue(models.IntegerChoices):
    """The lower number goes first: somebody waits for it."""

    INTERACTIVE = 0
    BATCH = 1
    PAUSED = 2
    """Nobody takes those of a collection that is paused."""


TAKEN_QUEUES = (JobQueue.INTERACTIVE, JobQueue.BATCH)


IS_COLLECTED = Q(collection__isnull=False)
IS_OPEN = Q(finished=None)
"""Queued or running. Written like this because SQLite takes an index with a condition only for what says literally the
same, and doesn't see that one status is among two."""


class JobQuerySet(models.QuerySet["Job"]):
    def open(self) -> "JobQuerySet":
        """Those that are not over; with their statuses, by which the other indexes are read."""
        return self.filter(IS_OPEN, status__in=[JobStatus.QUEUED, JobStatus.RUNNING])

    def owned_by(self, owner: Owner) -> "JobQuerySet":
        return self.filter(owner=owner)


class Job(models.Model):
    """One engine run over one stored photo, to be done by whoever claims it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(Owner, on_delete=models.PROTECT, related_name="jobs")
    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="jobs", null=True)
    """None before it is fetched from the address, and for a job that was cancelled: the photo went with it."""
    name = ComposedName(max_length=255)
    note = ComposedText(blank=True)
    address = models.TextField(blank=True)
    """Name, note and address that the result gets."""
    engine = models.CharField(max_length=16)
    largest_only = models.BooleanField(default=False)
    rotate = models.BooleanField(default=False)
    dense = models.BooleanField(default=False)
    face_model_version = models.CharField(max_length=16)
    queue = models.PositiveSmallIntegerField(choices=JobQueue, default=JobQueue.INTERACTIVE)
    status = models.CharField(max_length=9, choices=JobStatus, default=JobStatus.QUEUED)
    created = models.DateTimeField(default=timezone.now)
    request_id = models.CharField(max_length=64, null=True)  # noqa: DJ001  null adds the column to full tables at once
    """Of the request that queued it, under which the log has it, too."""
    due = models.DateTimeField(default=timezone.now)
    """Of a queued job, when it may be claimed, or sent to a worker again; of a running one, when its lease ends."""
    turn = models.BigIntegerField(default=0, db_default=0)
    """Of a queue's jobs, the lowest is next: those of one owner have one number after the other, from the one that is
    next when they come, so that owners take turns. Given by storage/turns."""
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True)
    """Identifies the claim; only who knows it may finish the job. None unless it is running."""
    worker = models.UUIDField(null=True)
    """Who claimed it last, to be shown; without a constraint, because workers come and go."""
    finished = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=32, blank=True)
    error_message = models.TextField(blank=True)
    result = models.ForeignKey(Result, on_delete=models.CASCADE, related_name="jobs", null=True)
    """Also of an engine that failed; None for a job that failed otherwise. A photo that is in several collections is
    analysed once, so their jobs have the same one."""
    has_faces = models.BooleanField(null=True)
    """Of a job that is done."""
    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="jobs", null=True, db_index=False)
    position = PositionField(null=True, editable=False)
    """In the collection; None for a job that is in none."""

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collection", "photo"], name="job_once_a_photo_in_a_collection"),
            models.CheckConstraint(
                condition=Q(status=JobStatus.RUNNING, lease__isnull=False)
                | Q(~Q(status=JobStatus.RUNNING), lease__isnull=True),
                name="job_running_with_lease",
            ),
            models.CheckConstraint(
                condition=~Q(status=JobStatus.DONE) | Q(result__isnull=False), name="job_done_with_result"
            ),
        ]
        indexes = [
            # The pages of a collection, of all its photos and of those in one state; and their numbers.
            models.Index(fields=["collection", "position"], condition=IS_COLLECTED, name="job_collection"),
            models.Index(
                fields=["collection", "status", "has_faces", "position"], condition=IS_COLLECTED, name="job_state"
            ),
            # What is due is read along these, however many jobs there are: the next one, and the ends of leases.
            models.Index(fields=["status", "queue", "turn", "due"], condition=IS_OPEN, name="job_turn"),
            models.Index(fields=["status", "queue", "due"], condition=IS_OPEN, name="job_due"),
            models.Index(fields=["owner", "queue", "turn"], condition=IS_OPEN, name="job_turn_of_owner"),
            models.Index(fields=["finished"], condition=Q(finished__isnull=False), name="job_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.status} job {self.pk}"

    @property
    def is_over(self) -> bool:
        return self.status not in (JobStatus.QUEUED, JobStatus.RUNNING)
