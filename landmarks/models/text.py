"""Text that people write and search for, stored with one form of each character."""

from typing import Any

from django.db import models

from landmarks.core.names import composed


class Composed:
    """Makes a field store Unicode's composed form (NFC) of a text, however it was sent."""

    attname: str
    max_length: int | None
    plain: str
    """The field that it is for migrations: in the database nothing differs."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        text = self.get_prep_value(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, text)
        return text

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)  # type: ignore[misc]
        # A few characters become two.
        return composed(value)[: self.max_length] if isinstance(value, str) else value

    def deconstruct(self) -> Any:
        name, _, args, keywords = super().deconstruct()  # type: ignore[misc]
        return name, self.plain, args, keywords


class ComposedText(Composed, models.TextField):  # type: ignore[type-arg]
    """A text of any length."""

    plain = "django.db.models.TextField"


class ComposedName(Composed, models.CharField):  # type: ignore[type-arg]
    """A text with a limit of characters."""

    plain = "django.db.models.CharField"
