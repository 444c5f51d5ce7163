"""What each engine does with a photo, said before it is done, and which engine is chosen until somebody chooses."""

from dataclasses import dataclass

from landmarks.access import visibility
from landmarks.models.result import Result, ResultQuerySet
from landmarks.services import engines
from landmarks.web.presenters import text

KEY = "engine"
"""Under which a session keeps the choice."""
SETTINGS = "To change that, whoever runs this site sets ACEDATA_PLATFORM_TOKEN or PUBLIC_URL."


@dataclass(frozen=True)
class Choice:
    """An engine to choose, with what happens to the photo then."""

    name: str
    label: str
    what_happens: str
    limit: str
    """What it cannot take here; empty where it takes everything."""
    is_hosted: bool
    is_chosen: bool


def choices(place: str, chosen: str | None) -> list[Choice]:
    """A row for each engine there is here; `chosen` may be anything that was sent."""
    names = engines.engine_names()
    chosen = chosen if chosen in names else preselected()
    return [
        Choice(
            name,
            text.engine_label(name),
            what_happens(name, place),
            limit(name),
            is_hosted=engines.is_hosted(name),
            is_chosen=name == chosen,
        )
        for name in names
    ]


def preselected() -> str:
    """The default engine, but no engine to which a dropped photo cannot be handed over while another could take it."""
    default = engines.default_engine()
    return next((name for name in (default, *engines.engine_names()) if takes_uploads(name)), default)


def takes_uploads(name: str) -> bool:
    return not engines.is_hosted(name) or engines.can_hand_over()


def what_happens(name: str, place: str) -> str:
    if engines.is_hosted(name):
        return f"The photo, or its address, is sent to {text.engine_label(name)}, which bills each call."
    return f"The photo stays on this {place}: no network, no bill."


def warning(name: str) -> str:
    """What to know before a photo that is kept here is run again; empty where it goes nowhere."""
    if engines.is_hosted(name):
        return f"This sends the photo to {text.engine_label(name)}, which bills each call."
    return ""


def limit(name: str) -> str:
    if takes_uploads(name):
        return ""
    return f"Takes addresses only. {SETTINGS}"


@dataclass(frozen=True)
class Offer:
    """An engine that can look at the photo of a result, or has done so already."""

    engine: str
    the_engine: str
    """Its name within a sentence."""
    warning: str = ""
    """What happens to the photo when it runs; empty where that is nothing."""
    limit: str = ""
    """Why it cannot be given this photo; empty where it can."""
    found: Result | None = None
    """What it made of the photo before: no run is needed."""


def same_again(result: Result) -> Offer | None:
    """The engine of the result once more; None for an engine that is no longer there."""
    return offer(result, result.engine) if result.engine in engines.engine_names() else None


def runs(result: Result) -> list[Offer]:
    """Every engine that is there, to run it with other options."""
    return [offer(result, name) for name in engines.engine_names()]


def others(result: Result, seen: ResultQuerySet) -> list[Offer]:
    """Every other engine that is there, or was there when it looked at this photo."""
    found = found_by_others(result, seen)
    names = dict.fromkeys((*engines.engine_names(), *found))
    return [offer(result, name, found.get(name)) for name in names if name != result.engine]


def both_runs(result: Result, seen: ResultQuerySet) -> tuple[Result, Result] | None:
    """A result and the newest one that its engine made of the photo with other options, the older of the two first."""
    options = {"largest_only": result.largest_only, "rotate": result.rotate}
    other_runs = visibility.results_of_same_photo(result, seen).filter(engine=result.engine, error_code="")
    other = other_runs.exclude(**options).newest_first().first()
    if other is None:
        return None
    return (other, result) if other.created < result.created else (result, other)


def offer(result: Result, name: str, found: Result | None = None) -> Offer:
    if found:
        return Offer(name, text.the_engine(name), found=found)
    is_reachable = takes_uploads(name) or bool(result.address)
    limit = "" if is_reachable else f"{text.engine_label(name)} cannot be given this photo. {SETTINGS}"
    return Offer(name, text.the_engine(name), warning(name), limit)


def found_by_others(result: Result, seen: ResultQuerySet) -> dict[str, Result]:
    """The newest result of each other engine that looked at the same photo in the same way, and did not fail."""
    same = visibility.results_of_same_photo(result, seen).filter(
        error_code="", largest_only=result.largest_only, rotate=result.rotate
    )
    return {each.engine: each for each in same.exclude(engine=result.engine).oldest_first()}
