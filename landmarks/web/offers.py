"""What can be done with a photo that is kept: which engines can look at it (again), and what others made of it."""

from dataclasses import dataclass

from landmarks import choice, service
from landmarks.models import Result, ResultQuerySet
from landmarks.web import consent, words


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
    return offer(result, result.engine) if result.engine in choice.engine_names() else None


def runs(result: Result) -> list[Offer]:
    """Every engine that is there, to run it with other options."""
    return [offer(result, name) for name in choice.engine_names()]


def others(result: Result, seen: ResultQuerySet) -> list[Offer]:
    """Every other engine that is there, or was there when it looked at this photo."""
    found = found_by_others(result, seen)
    names = dict.fromkeys((*choice.engine_names(), *found))
    return [offer(result, name, found.get(name)) for name in names if name != result.engine]


def both_runs(result: Result, seen: ResultQuerySet) -> tuple[Result, Result] | None:
    """A result and the newest one that its engine made of the photo with other options, the older of the two first."""
    options = {"largest_only": result.largest_only, "rotate": result.rotate}
    other_runs = service.results_of_same_photo(result, seen).filter(engine=result.engine, error_code="")
    other = other_runs.exclude(**options).newest_first().first()
    if other is None:
        return None
    return (other, result) if other.created < result.created else (result, other)


def offer(result: Result, name: str, found: Result | None = None) -> Offer:
    if found:
        return Offer(name, words.the_engine(name), found=found)
    is_reachable = consent.takes_uploads(name) or bool(result.address)
    limit = "" if is_reachable else f"{words.engine_label(name)} cannot be given this photo. {consent.SETTINGS}"
    return Offer(name, words.the_engine(name), consent.warning(name), limit)


def found_by_others(result: Result, seen: ResultQuerySet) -> dict[str, Result]:
    """The newest result of each other engine that looked at the same photo in the same way, and did not fail."""
    same = service.results_of_same_photo(result, seen).filter(
        error_code="", largest_only=result.largest_only, rotate=result.rotate
    )
    return {each.engine: each for each in same.exclude(engine=result.engine).oldest_first()}
