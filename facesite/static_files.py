"""Static files, minified and under hashed names, so that browsers load little and may keep it."""

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from django.contrib.staticfiles import storage
from django.core.files.base import ContentFile, File
from django.urls import get_script_prefix
from rcssmin import cssmin
from rjsmin import jsmin
from whitenoise.storage import CompressedManifestStaticFilesStorage

MINIFIERS: dict[str, Callable[[str], str]] = {".css": cssmin, ".js": jsmin}
"""By suffix. They drop comments and space, and rename nothing (docs/decisions/0025-minified-static-files.md)."""
OWN = ("css/", "js/")
"""Folders of our own files. Those of packages are minified already, and larger than this minifier understands."""


class BelowSitePath:
    """The links begin with the path of the site, which is known only when a request comes."""

    def url(self, name: str | None, *args: Any, **options: Any) -> str:
        link: str = super().url(name, *args, **options)  # type: ignore[misc]
        return get_script_prefix().rstrip("/") + link


class StaticFilesStorage(BelowSitePath, CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Also where one script imports another, names are hashed."""

    support_js_module_import_aggregation = True

    def _save(self, name: str, content: "File[Any]") -> str:
        if name.startswith(OWN) and (minifier := MINIFIERS.get(PurePosixPath(name).suffix)):
            content.seek(0)  # it has been read for its hash
            content = ContentFile(minify(content.read(), minifier))
        saved: str = super()._save(name, content)
        return saved


class UnhashedStorage(BelowSitePath, storage.StaticFilesStorage):
    """For DEBUG."""


def minify(content: bytes, minifier: Callable[[str], str]) -> bytes:
    return minifier(content.decode()).encode()
