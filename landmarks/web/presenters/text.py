"""A result as text: how many faces, when, by which engine, and what was tried."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from django.utils import timezone
from django.utils.formats import date_format

from landmarks.core.errors import EngineUnavailable
from landmarks.core.finding import Attempt
from landmarks.models import Result
from landmarks.services import engines, importing

TODAY, YESTERDAY = "Today", "Yesterday"

# --- engines ---------------------------------------------------------------------------------------------------------


def engine_label(name: str) -> str:
    """The engine's label; of one that is no longer available, its name."""
    if name == importing.ENGINE:
        return "Imported points"
    try:
        return engines.engine_label(name)
    except EngineUnavailable:
        return name


def short_engine_label(name: str) -> str:
    """A short label for tight layouts: "embedded"."""
    label = engine_label(name)
    return label.removesuffix(" engine").lower() if label.endswith(" engine") else label


def engine_in_sentence(name: str) -> str:
    """The label within a sentence: "the embedded engine"."""
    label = engine_label(name)
    return f"the {uncapitalised(label)}" if label.endswith(" engine") else label


def uncapitalised(label: str) -> str:
    """A label without its capital, unless it is a proper name."""
    return f"{label[0].lower()}{label[1:]}" if label.partition(" ")[2].startswith("engine") else label


def engine_with_version(result: Result) -> str:
    """The engine with its version or, if it reports none, with the version of the model."""
    label = engine_label(result.engine)
    if result.engine_version:
        return f"{label} {result.engine_version}"
    return label if result.is_failed else f"{label}, model {result.face_model_version}"


# --- results ---------------------------------------------------------------------------------------------------------


def summary(result: Result) -> list[str]:
    """The line below the title of a result, in parts."""
    photo = result.photo
    parts = [
        *run_summary(result),
        uncapitalised(engine_with_version(result)),
        f"{photo.width} × {photo.height}",
        f"stored at JPEG quality {photo.lowered_quality} to fit the size limit" if photo.lowered_quality else "",
        "rotated by EXIF" if photo.orientation != 1 else "",
        found_rotated(result),
        moment_name(result.created),
    ]
    return [part for part in parts if part]


def run_summary(result: Result) -> list[str]:
    """What the engine found, and in what time."""
    return [
        face_count(result).capitalize(),
        *([f"{result.elapsed_ms:.0f} ms"] if result.elapsed_ms is not None else []),
    ]


def outcome(result: Result) -> str:
    """What an engine found, in two or three words."""
    if result.is_failed:
        return "The engine failed"
    return face_count(result).capitalize() if result.face_count else "No face"


def face_count(result: Result) -> str:
    total, count = result.face_total, result.face_count
    if count < total:
        return f"the largest of {total} faces" if count == 1 else f"the {count} largest of {total} faces"
    return "1 face" if count == 1 else f"{count} faces"


def found_rotated(result: Result) -> str:
    turns = {attempt.turned for attempt in result.tried() if attempt.turned and attempt.face_count}
    if not turns:
        return ""
    return "found upside down" if turns == {180} else "found sideways"


def best_candidate(result: Result) -> str:
    """What came closest to a face in a photo without any."""
    candidates = [
        (each.score, each.width) for each in result.tried() if each.score is not None and each.width is not None
    ]
    if not candidates:
        return "The engine found nothing that looks like a face."
    score, width = max(candidates)
    return f"The best candidate is {width:.0f} px wide with a score of {score:.2f}, but turned out not to be a face."


def attempts(result: Result) -> list[tuple[str, str]]:
    """What was tried and its best candidate; rotations with the same outcome share a line."""
    alike = groupby(result.tried(), key=lambda each: (bool(each.turned), each.sizes, candidate_name(each)))
    return [(attempt_name([each.turned for each in group], sizes), candidate) for (_, sizes, candidate), group in alike]


def attempt_name(turns: list[int], sizes: Sequence[int]) -> str:
    """How the photo was rotated, and its sizes if they are known."""
    rotation = f"Rotated by {joined([f'{turn}°' for turn in turns])}" if any(turns) else "Not rotated"
    return f"{rotation}, at {joined(list(map(str, sizes)))} px" if sizes else rotation


def joined(items: list[str]) -> str:
    *others, last = items
    return f"{', '.join(others)} and {last}" if others else last


def candidate_name(attempt: Attempt) -> str:
    if attempt.score is None or attempt.width is None:
        return "no candidate"
    return f"{attempt.width:.0f} px, score {attempt.score:.2f}"


# --- times -----------------------------------------------------------------------------------------------------------


def local_day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def day_name(day: date) -> str:
    today = timezone.localdate()
    if day == today:
        return TODAY
    if day == today - timedelta(days=1):
        return YESTERDAY
    return date_format(day, "l j F" if day.year == today.year else "j F Y")


def short_day(day: date) -> str:
    this_year = timezone.localdate().year
    return f"{day.day} {day:%b}" if day.year == this_year else f"{day.day} {day:%b %Y}"


def moment_name(moment: datetime) -> str:
    """Day and time within a line, with the time zone, which may not be the reader's."""
    day = day_name(local_day(moment))
    return f"{day.lower() if day in (TODAY, YESTERDAY) else day} {timezone.localtime(moment):%H:%M %Z}"


def time_name(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M}"
