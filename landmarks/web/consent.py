"""What each engine does with a photo, said before it is done, and which engine is chosen until somebody chooses."""

from dataclasses import dataclass

from landmarks import choice
from landmarks.web import words

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
    names = choice.engine_names()
    chosen = chosen if chosen in names else preselected()
    return [
        Choice(
            name,
            words.engine_label(name),
            what_happens(name, place),
            limit(name),
            is_hosted=choice.is_hosted(name),
            is_chosen=name == chosen,
        )
        for name in names
    ]


def preselected() -> str:
    """The default engine, but no engine to which a dropped photo cannot be handed over while another could take it."""
    default = choice.default_engine()
    return next((name for name in (default, *choice.engine_names()) if takes_uploads(name)), default)


def takes_uploads(name: str) -> bool:
    return not choice.is_hosted(name) or choice.can_hand_over()


def what_happens(name: str, place: str) -> str:
    if choice.is_hosted(name):
        return f"The photo, or its address, is sent to {words.engine_label(name)}, which bills each call."
    return f"The photo stays on this {place}: no network, no bill."


def warning(name: str) -> str:
    """What to know before a photo that is kept here is run again; empty where it goes nowhere."""
    if choice.is_hosted(name):
        return f"This sends the photo to {words.engine_label(name)}, which bills each call."
    return ""


def limit(name: str) -> str:
    if takes_uploads(name):
        return ""
    return f"Takes addresses only. {SETTINGS}"
