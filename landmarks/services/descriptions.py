"""The name and the note of a result: their limits, cleaning and saving."""

from landmarks import models
from landmarks.storage import results as storage_results


def describe(result: models.Result, *, name: str | None = None, note: str | None = None) -> None:
    """Give a result another name or note; None leaves it as it is. Raises StorageError."""
    sent = {"name": name, "note": note}
    storage_results.write_words(result, {column: text for column, text in sent.items() if text is not None})


NAME_LENGTH = 255
NOTE_LENGTH = 10_000


def on_one_line(name: str) -> str:
    """A name as it is kept: on one line, as everywhere that it is shown."""
    return " ".join(name.replace("\0", "").split())
