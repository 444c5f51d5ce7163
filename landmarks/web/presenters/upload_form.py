"""What pages with an upload form show: accepted files, the engines, and what happens to a photo."""

from typing import Any

from django.http import HttpRequest
from django.http.request import split_domain_port

from landmarks.access import visibility
from landmarks.http.history_query import MOST_RESULTS
from landmarks.photos.folders import SYSTEM_NAMES
from landmarks.photos.formats import ACCEPT_ATTRIBUTE, ACCEPTED_LABELS, ACCEPTED_SUFFIXES, SIGNATURES
from landmarks.services import photos
from landmarks.web.presenters import engine_options

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def upload_context(request: HttpRequest, engine: str | None = None) -> dict[str, Any]:
    """`engine` is the one that was sent with an invalid form."""
    domain, _ = split_domain_port(request.get_host())
    place = "computer" if domain in LOOPBACK else "server"
    options = engine_options.engine_options(place, engine or request.session.get(engine_options.SESSION_KEY))
    return {
        "accept": ACCEPT_ATTRIBUTE,
        "formats": ACCEPTED_LABELS,
        "signatures": SIGNATURES,
        "extensions": " ".join(sorted(ACCEPTED_SUFFIXES)),
        "system_names": "/".join(SYSTEM_NAMES),
        "most_photos": MOST_RESULTS,
        "max_upload_mb": photos.max_upload_mb(),
        "engine_options": options,
        "engine": next(option for option in options if option.is_chosen),
        "place": place,
        "is_shared": visibility.is_history_shared(),
    }
