"""Static files under hashed names, so that browsers may keep them, also where one script imports another."""

from typing import Any

from django.contrib.staticfiles import storage
from django.urls import get_script_prefix
from whitenoise.storage import CompressedManifestStaticFilesStorage


class BelowSitePath:
    """The links begin with the path of the site, which is known only when a request comes."""

    def url(self, name: str | None, *args: Any, **options: Any) -> str:
        link: str = super().url(name, *args, **options)  # type: ignore[misc]
        return get_script_prefix().rstrip("/") + link


class StaticFilesStorage(BelowSitePath, CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    support_js_module_import_aggregation = True


class UnhashedStorage(BelowSitePath, storage.StaticFilesStorage):
    """For DEBUG."""
