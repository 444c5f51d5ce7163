"""Results: one engine run over one photo each, with the reason where it failed."""

import uuid
from dataclasses import asdict

from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils import timezone

from landmarks.core import faces as values
from landmarks.core import finding
from landmarks.core.errors import EngineError
from landmarks.core.traits import traits_of
from landmarks.models.owner import Owner
from landmarks.models.photo import Photo
from landmarks.models.position import PositionField
from landmarks.models.text import ComposedName, ComposedText


def thumbnail_path(result: "Result", filename: str = "") -> str:
    """Name of the thumbnail's file in the storage; `filename` is Django's and not used."""
    return f"thumbnails/{result.id.hex[:2]}/{result.id}.jpg"


class Status(models.TextChoices):
    """The state of a run. A run without faces is `done`; one that waits or runs is a Job."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Outcome(models.TextChoices):
    """What a finished run found; empty before it is finished."""

    FOUND = "found", "found"
    NONE = "none", "no face"
    FAILED = "failed", "failed"


class FaceCountBucket(models.TextChoices):
    """How many faces a run found; empty unless it is done."""

    NONE = "0", "none"
    ONE = "1", "1"
    FEW = "2-4", "2–4"
    MANY = "5-", "5+"


IS_KEPT = Q(deleted=None)
IS_DONE = Q(status=Status.DONE)
IS_GUESSED, IS_TURNED = IS_KEPT & Q(has_guessed=True), IS_KEPT & Q(has_turned=True)
IS_SIZED = IS_KEPT & Q(smallest_face__isnull=False)
OUTCOME = Case(
    When(status=Status.FAILED, then=Value(Outcome.FAILED)),
    When(IS_DONE, face_count=0, then=Value(Outcome.NONE)),
    When(IS_DONE, then=Value(Outcome.FOUND)),
    default=Value(""),
)
FACE_COUNT_BUCKET = Case(
    When(~IS_DONE, then=Value("")),
    When(face_count=0, then=Value(FaceCountBucket.NONE)),
    When(face_count=1, then=Value(FaceCountBucket.ONE)),
    When(face_count__lte=4, then=Value(FaceCountBucket.FEW)),
    default=Value(FaceCountBucket.MANY),
)


class ResultQuerySet(models.QuerySet["Result"]):
    def kept(self) -> "ResultQuerySet":
        """All but the deleted ones, which stay until their deletion can no longer be undone."""
        return self.filter(IS_KEPT)

    def done(self) -> "ResultQuerySet":
        """Those with an answer, be it that there is no face."""
        return self.filter(IS_DONE)

    def owned_by(self, owner: Owner) -> "ResultQuerySet":
        return self.filter(owner=owner)

    def newest_first(self) -> "ResultQuerySet":
        return self.order_by("-position")

    def oldest_first(self) -> "ResultQuerySet":
        return self.order_by("position")


class Result(models.Model):
    """One engine run over one photo; a run that failed is kept with its reason."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # The indexes below begin with it.
    owner = models.ForeignKey(Owner, on_delete=models.PROTECT, related_name="results", db_index=False)
    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="results")
    name = ComposedName(max_length=255)
    """Name of the file or the URL that was sent; only for display."""
    created = models.DateTimeField(default=timezone.now)
    position = PositionField(unique=True, editable=False)
    status = models.CharField(max_length=8, choices=Status, default=Status.DONE)
    engine = models.CharField(max_length=16)
    engine_version = models.CharField(max_length=32, blank=True)
    face_model_version = models.CharField(max_length=16)
    """The hosted engine's answer; other engines echo the requested one. Not the version of our engine."""
    requested_face_model_version = models.CharField(max_length=16)
    largest_only = models.BooleanField(default=False)
    rotate = models.BooleanField(default=False)
    dense = models.BooleanField(null=True)
    """Whether the dense points were requested; None before they could be."""
    elapsed_ms = models.FloatField(null=True)
    """Time that the engine took; None where it failed."""
    trace_id = models.CharField(max_length=64, blank=True)
    """The hosted engine's id of this run, also where it failed."""
    attempts = models.JSONField(default=list)
    """The engine's passes over the photo, each a finding.Attempt by field."""
    face_count = models.PositiveIntegerField(default=0)
    has_guessed = models.BooleanField(null=True)
    """This and the next two are the traits.Traits of the faces; None where there are none."""
    has_turned = models.BooleanField(null=True)
    smallest_face = models.PositiveIntegerField(null=True)
    address = models.TextField(blank=True)
    """URL from which the photo was fetched; empty for an upload."""
    remark = models.TextField(blank=True)
    """What a reader of the points should know of this run, as a sentence."""
    error_code = models.CharField(max_length=32, blank=True)
    error_message = models.TextField(blank=True)
    thumbnail = models.FileField(upload_to=thumbnail_path)
    thumbnail_size = models.PositiveBigIntegerField(null=True)
    """In bytes; None as in Photo.file_size."""
    note = ComposedText(blank=True)
    """The owner's own text about it."""
    deleted = models.DateTimeField(null=True)
    """When it was deleted, which can be undone for a while; None for a result that is kept."""

    outcome = models.GeneratedField(expression=OUTCOME, output_field=models.CharField(max_length=8), db_persist=True)
    face_count_bucket = models.GeneratedField(
        expression=FACE_COUNT_BUCKET, output_field=models.CharField(max_length=8), db_persist=True
    )

    objects = ResultQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status=Status.FAILED, error_code__gt="") | Q(~Q(status=Status.FAILED), error_code=""),
                name="result_failed_with_code",
            )
        ]
        # One for each filter by itself, of one owner and of all, so that every page is read in the order of an index.
        indexes = [
            models.Index(fields=["owner", "position"], condition=IS_KEPT, name="result_history"),
            models.Index(fields=["owner", "engine", "position"], condition=IS_KEPT, name="result_engine"),
            models.Index(fields=["owner", "outcome", "position"], condition=IS_KEPT, name="result_outcome"),
            models.Index(fields=["owner", "face_count_bucket", "position"], condition=IS_KEPT, name="result_faces"),
            models.Index(fields=["engine", "position"], condition=IS_KEPT, name="result_shared_engine"),
            models.Index(fields=["outcome", "position"], condition=IS_KEPT, name="result_shared_outcome"),
            models.Index(fields=["face_count_bucket", "position"], condition=IS_KEPT, name="result_shared_faces"),
            models.Index(fields=["owner", "position"], condition=IS_GUESSED, name="result_guessed"),
            models.Index(fields=["owner", "position"], condition=IS_TURNED, name="result_turned"),
            models.Index(fields=["position"], condition=IS_GUESSED, name="result_shared_guessed"),
            models.Index(fields=["position"], condition=IS_TURNED, name="result_shared_turned"),
            # Sizes are read along these, without a look at the rows of larger faces.
            models.Index(fields=["owner", "position", "smallest_face"], condition=IS_SIZED, name="result_sizes"),
            models.Index(fields=["position", "smallest_face"], condition=IS_SIZED, name="result_shared_sizes"),
            models.Index(fields=["deleted"], condition=Q(deleted__isnull=False), name="result_deleted"),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def is_failed(self) -> bool:
        return self.status == Status.FAILED

    @property
    def face_total(self) -> int:
        """All faces that the engine saw, also those beyond the requested number."""
        return max(self.face_count, sum(attempt.face_count for attempt in self.tried()))

    def note_finding(self, finding: finding.Finding) -> None:
        """Everything in it but the faces, which are rows of their own."""
        self.status = Status.DONE
        self.engine_version = truncate("engine_version", finding.engine_version)
        self.elapsed_ms = finding.elapsed_ms
        self.trace_id = truncate("trace_id", finding.trace_id or "")
        self.face_model_version = truncate("face_model_version", finding.face_model_version) or self.face_model_version
        self.remark = truncate("remark", finding.remark)
        self.attempts = [asdict(attempt) for attempt in finding.attempts]
        self.face_count = len(finding.faces)
        if traits := traits_of(finding.faces):
            self.has_guessed, self.has_turned = traits.has_guessed, traits.has_turned
            self.smallest_face = traits.smallest_face

    def note_error(self, error: EngineError) -> None:
        self.status = Status.FAILED
        self.error_code = truncate("error_code", error.code) or EngineError.code
        self.error_message = truncate("error_message", error.message)
        self.trace_id = truncate("trace_id", error.trace_id)

    def found_faces(self) -> tuple[values.Face, ...]:
        return tuple(face.to_value() for face in self.faces.all())

    def tried(self) -> tuple[finding.Attempt, ...]:
        return tuple(finding.Attempt(**attempt) for attempt in self.attempts)


def truncate(column: str, text: str) -> str:
    """As much of a text as a column of Result takes: a long one must not cost an answer that was paid for."""
    longest: int | None = getattr(Result._meta.get_field(column), "max_length", None)
    return text.replace("\0", "")[:longest]
