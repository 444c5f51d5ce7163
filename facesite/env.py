"""Typed settings from the environment, or from files by variables that end in _FILE; errors name the setting."""

from collections.abc import Callable
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

    def one_of(self, var: str, values: tuple[str, ...]) -> str:
        """One of a few words; the first is the default."""

        def read(text: str) -> str:
            if text.strip() not in values:
                raise ValueError(f"{text!r} is none of {', '.join(values)}")
            return text.strip()

        value: str = self.get_value(var, cast=read, default=values[0])
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


def split_keys(text: str) -> list[str]:
    """Keys that are separated by commas, or in a file by lines."""
    return [key for part in text.replace(",", "\n").splitlines() if (key := part.strip())]


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
