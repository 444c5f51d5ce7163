"""Registration of the app and of its start-up checks."""

from django.apps import AppConfig
from django.core.checks import register


class LandmarksConfig(AppConfig):
    name = "landmarks"

    def ready(self) -> None:
        # Imported here because settings and models must be there first.
        from landmarks import checks

        for check in checks.ALL:
            register(check)
