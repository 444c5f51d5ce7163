"""Results made without looking at a photo, for tests of what becomes of them later."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def make_photo(owner: str = "ann") -> Any:
    # Imported here because pytest may read this file before Django is set up.
    from landmarks.models import Photo

    return Photo.objects.create(
        owner=owner, digest=uuid4().hex, file=f"photos/{uuid4()}.jpg", width=4, height=3, format="PNG"
    )


def make_result(**facts: Any) -> Any:
    """A kept result; every fact of it can be given."""
    from landmarks.models import Result

    row = {
        "owner": "ann",
        "name": "photo.jpg",
        "engine": "local",
        "face_model_version": "3.0",
        "created": NOON,
        **facts,
    }
    row = {"thumbnail": f"thumbnails/{uuid4()}.jpg", **row}
    if "photo" not in row:
        row["photo"] = make_photo(row["owner"])
    return Result.objects.create(**row)
