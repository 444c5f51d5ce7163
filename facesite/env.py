"""Typed settings from the environment, or from files by variables that end in _FILE; errors name the setting."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BOOLEANS = {"on": True, "true": True, "yes": True, "1": True, "off": False, "false": False, "no": False, "0": False}


class Environment(environ.FileAwareEnv):  # type: ignore[misc]
    """django-environ's reader; its errors name the setting, and empty values count as missing."""

    def get_value(self, var: str, cast: Callable[[str], Any] | None = None, **options: Any) -> Any:
        try:
            if self.ENVIRON.get(var) == "" and "default" in options:
                # A line of .env without a value is the same as no line.
                return options["default"]
            if cast is str and (value := self.ENVIRON.get(var, "")).startswith("$"):
                # django-environ would take it for the name of another variable, but a password may begin like this.
                return value
            return super().get_value(var, cast=cast, **options)
        except (ValueError, OSError) as exc:
            raise ImproperlyConfigured(
                f"The setting {var} cannot be read ({exc}). Correct it in the environment or in .env; "
                "docs/settings.md lists its values."
            ) from exc

    def on_off(self, var: str, default: bool) -> bool:
        """on or off; django-environ's own reader would take a misspelt "on" for off."""
        value: bool = self.get_value(var, cast=_read_on_off, default=default)
        return value

    def int_or_off(self, var: str, default: int) -> int | None:
        """A whole number, or None for off."""
        value: int | None = self.get_value(var, cast=_read_int_or_off, default=default)
        return value

    def database(self, url: str) -> dict[str, Any]:
        """The database of a URL, in the form of Django's DATABASES."""
        try:
            config: dict[str, Any] = self.db_url_config(url)
        except (ValueError, ImproperlyConfigured):
            config = {}
        if "ENGINE" not in config:
            raise ImproperlyConfigured(
                "DATABASE_URL does not begin with sqlite:// or postgres://. Correct it in the environment or in .env; "
                "docs/settings.md has examples."
            )
        return config


def _read_on_off(text: str) -> bool:
    word = text.strip().lower()
    if word not in BOOLEANS:
        raise ValueError(f"{text!r} is neither on nor off")
    return BOOLEANS[word]


def _read_int_or_off(text: str) -> int | None:
    return None if text.strip().lower() == "off" else int(text)


def host_of(url: str) -> list[str]:
    """The host of a URL in the form of ALLOWED_HOSTS; none if there is none, which is for the checks to report."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return []
    # A dot or a star at the beginning would allow more than one host.
    if not host or host.startswith((".", "*")):
        return []
    return [f"[{host}]" if ":" in host else host]


def stored_secret_key(path: Path) -> str:
    """The key in that file, which is created if it is missing; a temporary key if it can't be."""
    if os.path.isfile(path):
        return _read_key(path)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _new_key(path)
    except OSError:
        if os.path.isfile(path):  # another process was faster
            return _read_key(path)
        # `check` works without a data folder; `serve` doesn't start without one.
        return secrets.token_urlsafe(64)


def _new_key(path: Path) -> str:
    """Written to a file beside it and linked, so that another process sees the whole key or none."""
    key = secrets.token_urlsafe(64)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with open(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(key)
        os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return key


def _read_key(path: Path) -> str:
    try:
        key = path.read_text().strip()
    except OSError as exc:
        raise ImproperlyConfigured(f"The secret key in {path} cannot be read ({exc.strerror}).") from exc
    if not key:
        raise ImproperlyConfigured(f"The file {path} is empty. Delete it, and a new secret key is created.")
    return key
