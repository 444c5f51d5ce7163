"""Registration of the app and of its start-up checks."""

import warnings

from django.apps import AppConfig
from django.core.checks import register


class LandmarksConfig(AppConfig):
    name = "landmarks"

    def ready(self) -> None:
        # Pillow warns of oddities in files, which do not concern the operator; for what it cannot read it raises.
        warnings.filterwarnings("ignore", module=r"PIL\.")
        # Imported here because the checks need the models.
        from landmarks import checks

        for check in checks.ALL:
            register(check)
