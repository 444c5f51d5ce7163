"""What is said wherever photos are taken in: what is accepted, which engines there are, and what happens to a photo."""

from typing import Any

from django.http import HttpRequest
from django.http.request import split_domain_port

from landmarks.access import visibility
from landmarks.photos.formats import ACCEPT_ATTRIBUTE, ACCEPTED_LABELS, ACCEPTED_SUFFIXES
from landmarks.services import photos
from landmarks.web.presenters import engine_options

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def zone_facts(request: HttpRequest, sent: str | None = None) -> dict[str, Any]:
    """What the drop zone, the choice of engine and the notice say; `sent` is the choice in a form that comes back."""
    domain, _ = split_domain_port(request.get_host())
    place = "computer" if domain in LOOPBACK else "server"
    choices = engine_options.choices(place, sent or request.session.get(engine_options.KEY))
    return {
        "accept": ACCEPT_ATTRIBUTE,
        "formats": ACCEPTED_LABELS,
        "endings": " ".join(sorted(ACCEPTED_SUFFIXES)),
        "max_upload_mb": photos.max_upload_mb(),
        "choices": choices,
        "engine": next(choice for choice in choices if choice.is_chosen),
        "place": place,
        "is_shared": visibility.is_history_shared(),
    }
