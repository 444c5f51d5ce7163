"""The secret key in the data folder: made once, and never beside a database that an earlier key signed for."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from landmarks.storage.existing_rows import DatabaseUnreadable, has_rows


def stored_secret_keys(path: Path, database: Mapping[str, Any]) -> list[str]:
    """The keys in that file, one a line: the first signs, the others are still accepted.

    If the file is missing, a key is made, unless `database`, an entry of DATABASES, has rows: their browsers could
    never see them again. Where it can't be made, and where the database can't be read, the key is a temporary one:
    `check` works so, and `serve` doesn't start.
    """
    if os.path.isfile(path):
        return _read_keys(path)
    try:
        if has_rows(database):
            raise ImproperlyConfigured(
                f"The secret key in {path} is missing, but the database has results. A new key would hide them from "
                "the browsers that made them. Put the file back from a backup, or set SECRET_KEY to the key; if it is "
                "lost for good, write a new one into the file."
            )
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return [_new_key(path)]
    except (OSError, DatabaseUnreadable):
        if os.path.isfile(path):  # another process was faster
            return _read_keys(path)
        return [secrets.token_urlsafe(64)]


def _new_key(path: Path) -> str:
    """Written to a file beside it and linked, so that another process sees the whole key or none."""
    key = secrets.token_urlsafe(64)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with open(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return key


def _read_keys(path: Path) -> list[str]:
    try:
        keys = [key for line in path.read_text().splitlines() if (key := line.strip())]
    except (OSError, UnicodeDecodeError) as exc:
        raise ImproperlyConfigured(f"The secret key in {path} cannot be read ({exc}).") from exc
    if not keys:
        raise ImproperlyConfigured(f"The file {path} is empty. Delete it, and a new secret key is created.")
    return keys
