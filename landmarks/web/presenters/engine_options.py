"""The engines that a person can choose, for a new photo or for a stored one, and what each does with the photo."""

from dataclasses import dataclass

from landmarks.access import visibility
from landmarks.models import Owner, Result, ResultQuerySet
from landmarks.services import engines, runs
from landmarks.web.presenters import text

SESSION_KEY = "engine"
"""Where a session keeps the chosen engine."""
ADDRESSES_ONLY = "Accepts addresses only, no files."
SURE = 0.9
"""Confidence from which there is hardly a doubt: of what has 0.7 to 0.9, every third is no face (docs/engine.md)."""
HOW_TO_CHANGE = "Whoever runs this site can change this by setting ACEDATA_PLATFORM_TOKEN or PUBLIC_URL."

# --- for a new photo -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class EngineOption:
    name: str
    label: str
    what_happens: str
    """To the photo."""
    limit: str
    """What it cannot analyse here; empty if it can analyse everything."""
    is_hosted: bool
    is_chosen: bool


def engine_options(place: str, chosen: str | None) -> list[EngineOption]:
    """Every available engine; `chosen` may be anything that was sent."""
    names = engines.engine_names()
    chosen = chosen if chosen in names else engines.default_engine()
    return [
        EngineOption(
            name,
            text.engine_label(name),
            what_happens(name, place),
            "" if engines.accepts_files(name) else f"{ADDRESSES_ONLY} {HOW_TO_CHANGE}",
            is_hosted=engines.is_hosted(name),
            is_chosen=name == chosen,
        )
        for name in names
    ]


def what_happens(name: str, place: str) -> str:
    if engines.is_hosted(name):
        return f"The photo, or its address, is sent to {text.engine_label(name)}, which bills each call."
    return f"The photo stays on this {place}: no network, no bill."


# --- for a stored photo ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RunOption:
    """An engine that can analyse the photo of a result, or has done so already."""

    engine: str
    label: str
    """Its name within a sentence."""
    warning: str = ""
    """What happens to the photo; empty if it stays here."""
    limit: str = ""
    """Why it cannot be run on this photo; empty if it can."""
    result: Result | None = None
    """What it has found in the photo, so that no run is needed."""


def retry_option(result: Result, owner: Owner | None) -> RunOption | None:
    """The engine of the result; None if it is no longer available."""
    return run_option(result, result.engine, owner) if result.engine in engines.engine_names() else None


def run_options(result: Result, owner: Owner | None) -> list[RunOption]:
    """Every available engine, to run it with other options."""
    return [run_option(result, name, owner) for name in engines.engine_names()]


def rotation_option(result: Result, visible: ResultQuerySet, owner: Owner | None) -> RunOption | None:
    """The engine of the result with rotation; None if that has been done, cannot be, or has nothing to add.

    Decided by what is stored: nothing is run for it.
    """
    if result.is_failed or result.rotate or result.engine not in engines.engine_names() or not is_doubtful(result):
        return None
    rotated = visibility.results_of_same_photo(result, visible).done().filter(engine=result.engine, rotate=True)
    found = rotated.filter(largest_only=result.largest_only).newest_first().first()
    option = run_option(result, result.engine, owner, found)
    return None if option.limit else option


def is_doubtful(result: Result) -> bool:
    """Whether there is no face of which the engine is sure; one that reports no confidence counts as sure."""
    faces = result.faces.all() if result.face_count else ()
    return all(face.score is not None and face.score < SURE for face in faces)


def other_engines(result: Result, visible: ResultQuerySet, owner: Owner | None) -> list[RunOption]:
    """Every other engine that is available or has analysed this photo."""
    found = results_of_others(result, visible)
    names = dict.fromkeys((*engines.engine_names(), *found))
    return [run_option(result, name, owner, found.get(name)) for name in names if name != result.engine]


def both_runs(result: Result, visible: ResultQuerySet) -> tuple[Result, Result] | None:
    """A result and the newest one of the same engine with other options, the older of the two first."""
    options = {"largest_only": result.largest_only, "rotate": result.rotate}
    other_runs = visibility.results_of_same_photo(result, visible).done().filter(engine=result.engine)
    other = other_runs.exclude(**options).newest_first().first()
    if other is None:
        return None
    return (other, result) if other.created < result.created else (result, other)


def run_option(result: Result, name: str, owner: Owner | None, found: Result | None = None) -> RunOption:
    """What `owner`, who may be somebody else than the result's, can do with this engine."""
    label = text.engine_in_sentence(name)
    if found:
        return RunOption(name, label, result=found)
    if not runs.may_run_again(result, name, owner):
        return RunOption(
            name, label, limit=f"Only whoever sent this photo can send it to {label}, which bills each call."
        )
    warning = f"This sends the photo to {label}, which bills each call." if engines.is_hosted(name) else ""
    takes_photo = engines.accepts_files(name) or bool(result.address)
    limit = "" if takes_photo else f"This photo can’t be sent to {label}. {HOW_TO_CHANGE}"
    return RunOption(name, label, warning, limit)


def results_of_others(result: Result, visible: ResultQuerySet) -> dict[str, Result]:
    """The newest result of each other engine for the same photo and options, unless it failed."""
    same = (
        visibility.results_of_same_photo(result, visible)
        .done()
        .filter(largest_only=result.largest_only, rotate=result.rotate)
    )
    return {each.engine: each for each in same.exclude(engine=result.engine).oldest_first()}
