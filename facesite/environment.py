"""How settings are read from the environment: typed, from a file where a name ends in _FILE, refused in a sentence."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured


class Environment(environ.FileAwareEnv):  # type: ignore[misc]
    """django-environ's reader, whose complaint about a value names the setting."""

    def get_value(self, var: str, cast: Callable[[str], Any] | None = None, **options: Any) -> Any:
        try:
            return super().get_value(var, cast=cast, **options)
        except (ValueError, OSError) as exc:
            raise ImproperlyConfigured(
                f"The setting {var} cannot be read ({exc}). Correct it in the environment or in .env; "
                "docs/settings.md tells what it may be."
            ) from exc


def kept_secret_key(path: Path) -> str:
    """The key in that file, which is made if it is missing; a passing key where nothing can be written."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _new_key(path)
    except OSError:
        if os.path.isfile(path):
            return _read_key(path)
        # `check` runs without a data folder; `serve` refuses to start without one.
        return secrets.token_urlsafe(64)


def _new_key(path: Path) -> str:
    key = secrets.token_urlsafe(64)
    with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(key)
    return key


def _read_key(path: Path) -> str:
    try:
        key = path.read_text().strip()
    except OSError as exc:
        raise ImproperlyConfigured(f"The secret key in {path} cannot be read ({exc.strerror}).") from exc
    if not key:
        raise ImproperlyConfigured(f"The file {path} is empty. Delete it, and a new secret key is made.")
    return key
