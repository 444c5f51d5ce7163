"""How settings are read from the environment: typed, from a file where a name ends in _FILE, refused in a sentence."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

SWITCHES = {"on": True, "true": True, "yes": True, "1": True, "off": False, "false": False, "no": False, "0": False}


class Environment(environ.FileAwareEnv):  # type: ignore[misc]
    """django-environ's reader, whose complaint about a value names the setting."""

    def get_value(self, var: str, cast: Callable[[str], Any] | None = None, **options: Any) -> Any:
        try:
            if self.ENVIRON.get(var) == "" and "default" in options:
                # A line of .env with nothing behind the sign says nothing.
                return options["default"]
            if cast is str and (value := self.ENVIRON.get(var, "")).startswith("$"):
                # django-environ would take it for the name of another variable; a password may begin so.
                return value
            return super().get_value(var, cast=cast, **options)
        except (ValueError, OSError) as exc:
            raise ImproperlyConfigured(
                f"The setting {var} cannot be read ({exc}). Correct it in the environment or in .env; "
                "docs/settings.md tells what it may be."
            ) from exc

    def switch(self, var: str, default: bool) -> bool:
        """on or off; django-environ's own reader would take a misspelt "on" for off."""
        state: bool = self.get_value(var, cast=_read_switch, default=default)
        return state

    def database(self, url: str) -> dict[str, Any]:
        """The database behind a URL, in the form of Django's DATABASES."""
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


def _read_switch(text: str) -> bool:
    word = text.strip().lower()
    if word not in SWITCHES:
        raise ValueError(f"{text!r} is neither on nor off")
    return SWITCHES[word]


def host_of(url: str) -> list[str]:
    """The host of a URL as ALLOWED_HOSTS names it; none where there is none, which is for the checks to tell."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return []
    # A dot or a star at the beginning would let in more than one host.
    if not host or host.startswith((".", "*")):
        return []
    return [f"[{host}]" if ":" in host else host]


def kept_secret_key(path: Path) -> str:
    """The key in that file, which is made if it is missing; a passing key where nothing can be written."""
    if os.path.isfile(path):
        return _read_key(path)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _new_key(path)
    except OSError:
        if os.path.isfile(path):  # another process was faster
            return _read_key(path)
        # `check` runs without a data folder; `serve` refuses to start without one.
        return secrets.token_urlsafe(64)


def _new_key(path: Path) -> str:
    """Written beside and linked into place, so that another process sees the whole key or none."""
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
        raise ImproperlyConfigured(f"The file {path} is empty. Delete it, and a new secret key is made.")
    return key
