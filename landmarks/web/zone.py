"""What is said wherever photos are taken in: what is accepted, which engines there are, and what happens to a photo."""

from typing import Any

from django.http import HttpRequest
from django.http.request import split_domain_port

from landmarks import service
from landmarks.intake.formats import ACCEPT_ATTRIBUTE, ACCEPTED_LABELS, ACCEPTED_SUFFIXES
from landmarks.web import consent

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def zone_facts(request: HttpRequest, sent: str | None = None) -> dict[str, Any]:
    """What the drop zone, the choice of engine and the notice say; `sent` is the choice in a form that comes back."""
    domain, _ = split_domain_port(request.get_host())
    place = "computer" if domain in LOOPBACK else "server"
    choices = consent.choices(place, sent or request.session.get(consent.KEY))
    return {
        "accept": ACCEPT_ATTRIBUTE,
        "formats": ACCEPTED_LABELS,
        "endings": " ".join(sorted(ACCEPTED_SUFFIXES)),
        "max_upload_mb": service.max_upload_mb(),
        "choices": choices,
        "engine": next(choice for choice in choices if choice.is_chosen),
        "place": place,
        "is_shared": service.is_history_shared(),
    }
