"""The database rows."""

from landmarks.models.collection import Collection
from landmarks.models.face import Face, faces_of
from landmarks.models.idempotency_key import IdempotencyKey
from landmarks.models.job import TAKEN_QUEUES, Job, JobQuerySet, JobQueue, JobStatus
from landmarks.models.owner import Owner
from landmarks.models.photo import Photo, photo_path
from landmarks.models.position import PositionField, first_position
from landmarks.models.rate_count import RateCounter
from landmarks.models.result import FaceCountBucket, Outcome, Result, ResultQuerySet, Status, thumbnail_path, truncate
from landmarks.models.token import Token
from landmarks.models.webhook import Delivery, DeliveryStatus, Webhook
from landmarks.models.worker import Worker

__all__ = [
    "TAKEN_QUEUES",
    "Collection",
    "Delivery",
    "DeliveryStatus",
    "Face",
    "FaceCountBucket",
    "Outcome",
    "IdempotencyKey",
    "Job",
    "JobQuerySet",
    "JobQueue",
    "JobStatus",
    "Owner",
    "Photo",
    "PositionField",
    "RateCounter",
    "Result",
    "ResultQuerySet",
    "Status",
    "Token",
    "Webhook",
    "Worker",
    "faces_of",
    "first_position",
    "photo_path",
    "thumbnail_path",
    "truncate",
]
