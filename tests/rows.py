"""Results made without analyzing a photo, for tests of what becomes of them later."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def make_owner(key: str = "ann", kind: str = "browser") -> Any:
    """The owner of this key, a new one or the same as before."""
    # Imported here because pytest may read this file before Django is set up.
    from landmarks.models import Owner

    return Owner(kind=kind, key=key).saved()


def make_photo(owner: Any = "ann") -> Any:
    """A stored photo of an owner, or of the browser with that key."""
    from landmarks.models import Photo

    owner = make_owner(owner) if isinstance(owner, str) else owner
    return Photo.objects.create(
        owner=owner, digest=uuid4().hex, file=f"photos/{uuid4()}.jpg", width=4, height=3, format="PNG"
    )


def make_result(**facts: Any) -> Any:
    """A kept result of an owner, or of the browser with that key; every fact of it can be given."""
    from landmarks.models import Result, Status

    row = {
        "owner": "ann",
        "name": "photo.jpg",
        "engine": "local",
        "face_model_version": "3.0",
        "created": NOON,
        "status": Status.FAILED if facts.get("error_code") else Status.DONE,
        **facts,
    }
    row = {"thumbnail": f"thumbnails/{uuid4()}.jpg", **row}
    if isinstance(row["owner"], str):
        row["owner"] = make_owner(row["owner"])
    if "photo" not in row:
        row["photo"] = make_photo(row["owner"])
    return Result.objects.create(**row)
