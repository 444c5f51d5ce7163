"""The facts of a result in words: how many faces, when, by which engine, and what was tried."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from django.utils import timezone
from django.utils.formats import date_format

from landmarks.core.errors import EngineUnavailable
from landmarks.core.finding import Attempt
from landmarks.models import Result
from landmarks.services import engines

TODAY, YESTERDAY = "Today", "Yesterday"


def engine_label(name: str) -> str:
    """The engine's name for people; of one that is no longer there, the name it was kept under."""
    try:
        return engines.engine_label(name)
    except EngineUnavailable:
        return name


def engine_word(name: str) -> str:
    """The engine's name where there is little room: "embedded"."""
    label = engine_label(name)
    return label.removesuffix(" engine").lower() if label.endswith(" engine") else label


def the_engine(name: str) -> str:
    """The engine's name within a sentence: "the embedded engine"."""
    label = engine_label(name)
    return f"the {within_line(label)}" if label.endswith(" engine") else label


def within_line(name: str) -> str:
    """An engine's name that is a word and no name of its own, without its capital."""
    return f"{name[0].lower()}{name[1:]}" if name.partition(" ")[2].startswith("engine") else name


def engine_name(result: Result) -> str:
    """The engine with its version; of one that tells none, with the version of the model that it answered by."""
    label = engine_label(result.engine)
    if result.engine_version:
        return f"{label} {result.engine_version}"
    return label if result.is_failed else f"{label}, model {result.face_model_version}"


def facts(result: Result) -> list[str]:
    """The status line of a result."""
    photo = result.photo
    told = [
        *run_facts(result),
        within_line(engine_name(result)),
        f"{photo.width} × {photo.height}",
        "turned by EXIF" if photo.orientation != 1 else "",
        found_turned(result),
        moment_name(result.created),
    ]
    return [fact for fact in told if fact]


def run_facts(result: Result) -> list[str]:
    """What the engine found, and in what time."""
    return [
        face_count(result).capitalize(),
        *([f"{result.elapsed_ms:.0f} ms"] if result.elapsed_ms is not None else []),
    ]


def outcome(result: Result) -> str:
    """What came of a photo, where there is room for a few words."""
    if result.is_failed:
        return "The engine failed"
    return face_count(result).capitalize() if result.face_count else "No face"


def face_count(result: Result) -> str:
    total, count = result.face_total, result.face_count
    if count < total:
        return f"the largest of {total} faces" if count == 1 else f"the {count} largest of {total} faces"
    return "1 face" if count == 1 else f"{count} faces"


def found_turned(result: Result) -> str:
    turns = {attempt.turned for attempt in result.tried() if attempt.turned and attempt.face_count}
    if not turns:
        return ""
    return "found upside down" if turns == {180} else "found after a quarter turn"


def likeliest_spot(result: Result) -> str:
    """What came closest to a face in a photo without any."""
    spots = [(each.score, each.width) for each in result.tried() if each.score is not None and each.width is not None]
    if not spots:
        return "Nothing in it looks like a face to the engine."
    score, width = max(spots)
    return f"The likeliest spot is {width:.0f} px wide and scores {score:.2f}; a closer look shows no face there."


def attempts(result: Result) -> list[tuple[str, str]]:
    """What was tried and what it showed; turns that showed the same at the same sizes share a line."""
    alike = groupby(result.tried(), key=lambda each: (bool(each.turned), each.sizes, spot_name(each)))
    return [(look_name([each.turned for each in group], sizes), spot) for (_, sizes, spot), group in alike]


def look_name(turns: list[int], sizes: Sequence[int]) -> str:
    """Which way up the photo was looked at, and at which sizes where those are known."""
    way = f"Turned by {listed([f'{turn}°' for turn in turns])}" if any(turns) else "As it is"
    return f"{way}, at {listed(list(map(str, sizes)))} px" if sizes else way


def listed(words: list[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def spot_name(attempt: Attempt) -> str:
    if attempt.score is None or attempt.width is None:
        return "no candidate"
    return f"{attempt.width:.0f} px, score {attempt.score:.2f}"


def local_day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def day_name(day: date) -> str:
    today = timezone.localdate()
    if day == today:
        return TODAY
    if day == today - timedelta(days=1):
        return YESTERDAY
    return date_format(day, "l j F" if day.year == today.year else "j F Y")


def moment_name(moment: datetime) -> str:
    """Day and time within a line, with the zone's name, since the server's zone need not be the reader's."""
    day = day_name(local_day(moment))
    return f"{day.lower() if day in (TODAY, YESTERDAY) else day} {timezone.localtime(moment):%H:%M %Z}"


def time_name(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M}"
