"""Results: one engine run over one photo each, with its reason where it failed."""

import uuid
from dataclasses import asdict

from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils import timezone

from landmarks.core import faces as values
from landmarks.core import finding
from landmarks.core.errors import EngineError
from landmarks.models.photo import Photo
from landmarks.models.position import PlaceField


def thumbnail_path(result: "Result", filename: str) -> str:
    return f"thumbnails/{result.id.hex[:2]}/{result.id}.jpg"


IS_KEPT = Q(deleted=None)


class ResultQuerySet(models.QuerySet["Result"]):
    def kept(self) -> "ResultQuerySet":
        """All but those whose deletion was asked for."""
        return self.filter(IS_KEPT)

    def owned_by(self, owner: str) -> "ResultQuerySet":
        return self.filter(owner=owner)

    def newest_first(self) -> "ResultQuerySet":
        return self.order_by("-place")

    def oldest_first(self) -> "ResultQuerySet":
        return self.order_by("place")


class State(models.TextChoices):
    """What came of a run."""

    FOUND = "found", "found"
    NONE = "none", "no face"
    FAILED = "failed", "failed"


class Crowd(models.TextChoices):
    """How many faces a run found; empty where it failed."""

    NONE = "0", "none"
    ONE = "1", "1"
    FEW = "2-4", "2–4"
    MANY = "5-", "5+"


IS_FAILED = ~Q(error_code="")
STATE = Case(
    When(IS_FAILED, then=Value(State.FAILED)),
    When(face_count=0, then=Value(State.NONE)),
    default=Value(State.FOUND),
)
CROWD = Case(
    When(IS_FAILED, then=Value("")),
    When(face_count=0, then=Value(Crowd.NONE)),
    When(face_count=1, then=Value(Crowd.ONE)),
    When(face_count__lte=4, then=Value(Crowd.FEW)),
    default=Value(Crowd.MANY),
)


class Result(models.Model):
    """One engine run over one photo; a run that failed is kept with its reason."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.CharField(max_length=64)
    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="results")
    name = models.CharField(max_length=255)
    """The file's name or the address as it was sent; only ever shown."""
    created = models.DateTimeField(default=timezone.now)
    place = PlaceField(unique=True, editable=False)
    engine = models.CharField(max_length=16)
    engine_version = models.CharField(max_length=32, blank=True)
    face_model_version = models.CharField(max_length=16)
    """What the hosted engine answered; of other engines the asked one, echoed. Not the version of our engine."""
    asked_face_model_version = models.CharField(max_length=16)
    largest_only = models.BooleanField(default=False)
    rotate = models.BooleanField(default=False)
    elapsed_ms = models.FloatField(null=True)
    """Time that the engine took; None when it failed."""
    trace_id = models.CharField(max_length=64, blank=True)
    """What the hosted engine calls this run by, also where it failed."""
    attempts = models.JSONField(default=list)
    """The looks that the engine took at the photo, as rows of engines.Attempt."""
    face_count = models.PositiveIntegerField(default=0)
    address = models.TextField(blank=True)
    """Where the photo was fetched from; empty for one that was sent."""
    remark = models.TextField(blank=True)
    """What a reader of the points should know of this run, as a sentence."""
    error_code = models.CharField(max_length=32, blank=True)
    error_message = models.TextField(blank=True)
    thumbnail = models.FileField(upload_to=thumbnail_path)
    note = models.TextField(blank=True)
    """What its owner wrote about it."""
    deleted = models.DateTimeField(null=True)
    """When its deletion was asked for, which can be undone for a while; None for a result that is kept."""

    state = models.GeneratedField(expression=STATE, output_field=models.CharField(max_length=8), db_persist=True)
    crowd = models.GeneratedField(expression=CROWD, output_field=models.CharField(max_length=8), db_persist=True)

    objects = ResultQuerySet.as_manager()

    class Meta:
        # One for each filter by itself, of one owner and of all, so that any page is read in the order of the index.
        indexes = [
            models.Index(fields=["owner", "place"], condition=IS_KEPT, name="result_history"),
            models.Index(fields=["owner", "engine", "place"], condition=IS_KEPT, name="result_by_engine"),
            models.Index(fields=["owner", "state", "place"], condition=IS_KEPT, name="result_by_state"),
            models.Index(fields=["owner", "crowd", "place"], condition=IS_KEPT, name="result_by_crowd"),
            models.Index(fields=["engine", "place"], condition=IS_KEPT, name="result_shared_by_engine"),
            models.Index(fields=["state", "place"], condition=IS_KEPT, name="result_shared_by_state"),
            models.Index(fields=["crowd", "place"], condition=IS_KEPT, name="result_shared_by_crowd"),
            models.Index(fields=["deleted"], condition=Q(deleted__isnull=False), name="result_deleted"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_failed(self) -> bool:
        return bool(self.error_code)

    @property
    def face_total(self) -> int:
        """All faces that the engine saw, also those beyond as many as were asked for."""
        return max(self.face_count, sum(attempt.face_count for attempt in self.tried()))

    def note_finding(self, finding: finding.Finding) -> None:
        """Everything of it but the faces, which are rows of their own."""
        self.engine_version = fitting("engine_version", finding.engine_version)
        self.elapsed_ms = finding.elapsed_ms
        self.trace_id = fitting("trace_id", finding.trace_id or "")
        self.face_model_version = fitting("face_model_version", finding.face_model_version) or self.face_model_version
        self.remark = fitting("remark", finding.remark)
        self.attempts = [asdict(attempt) for attempt in finding.attempts]
        self.face_count = len(finding.faces)

    def note_error(self, error: EngineError) -> None:
        self.error_code = fitting("error_code", error.code)
        self.error_message = fitting("error_message", error.message)
        self.trace_id = fitting("trace_id", error.trace_id)

    def found_faces(self) -> tuple[values.Face, ...]:
        return tuple(face.to_value() for face in self.faces.all())

    def tried(self) -> tuple[finding.Attempt, ...]:
        return tuple(finding.Attempt(**attempt) for attempt in self.attempts)


def fitting(column: str, text: str) -> str:
    """As much as a column of Result takes of a text from elsewhere: a long one must not cost a paid answer."""
    longest: int | None = getattr(Result._meta.get_field(column), "max_length", None)
    return text.replace("\0", "")[:longest]
