"""Text that people write and search for, stored with one form of each character."""

from typing import Any

from django.db import models

from landmarks.core.names import composed


class ComposedText(models.TextField):  # type: ignore[type-arg]
    """A text in Unicode's composed form (NFC), however it was sent."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        text = self.get_prep_value(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, text)
        return text

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        # A few characters become two.
        return composed(value)[: self.max_length] if isinstance(value, str) else value

    def deconstruct(self) -> Any:
        """For migrations it is the text that it was before: in the database nothing differs."""
        name, _, args, keywords = super().deconstruct()
        return name, f"django.db.models.{self.plain}", args, keywords

    plain = "TextField"


class ComposedName(ComposedText, models.CharField):  # type: ignore[type-arg]
    """The same on one line, with a limit of characters."""

    plain = "CharField"
