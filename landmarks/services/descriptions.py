"""The name and the note of a result: their limits and saving; core/text cleans them."""

from landmarks.core.errors import NotFound
from landmarks.core.names import composed
from landmarks.models import Result, truncate
from landmarks.storage.errors import storage_errors

NAME_LENGTH = 255
NOTE_LENGTH = 10_000


def describe(result: Result, *, name: str | None = None, note: str | None = None) -> None:
    """Give a result another name or note; None leaves it as it is.

    Raises NotFound where the result was deleted meanwhile, or StorageError.
    """
    sent = {"name": name, "note": note}
    columns = {column: truncate(column, composed(text)) for column, text in sent.items() if text is not None}
    if not columns:
        return
    with storage_errors():
        is_there = Result.objects.kept().filter(pk=result.pk).update(**columns)
    if not is_there:
        raise NotFound("result_not_found")
    for column, text in columns.items():
        setattr(result, column, text)
