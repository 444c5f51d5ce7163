"""Registration of the app and of its start-up checks."""

import warnings

from django.apps import AppConfig
from django.core.checks import register


class LandmarksConfig(AppConfig):
    name = "landmarks"

    def ready(self) -> None:
        # What Pillow finds odd in a file is no news to whoever runs the site; what it cannot read it raises.
        warnings.filterwarnings("ignore", module=r"PIL\.")
        # Imported here because settings and models must be there first.
        from landmarks import checks

        for check in checks.ALL:
            register(check)
