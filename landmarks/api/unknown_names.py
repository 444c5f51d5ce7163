"""Fields and query parameters that don't exist: errors in our own API, named in a header by the vendor's addresses."""

import re
from collections.abc import Callable, Collection, Iterable
from difflib import get_close_matches
from functools import wraps
from typing import Any, NamedTuple, get_type_hints

from django.http import HttpRequest, HttpResponse, QueryDict
from pydantic import BaseModel

from landmarks.core.errors import RequestInvalid
from landmarks.http.response_headers import set_header

HEADER = "X-Ignored-Fields"
MAX_NAMES, MAX_LENGTH = 10, 40
"""How much of what was sent is returned: names, and characters of each."""
LISTS = ("regions", "faces", "ids", "formats")
"""Query parameters that can be given several times."""
NOT_IN_HEADERS = re.compile(r"[^A-Za-z0-9_.\[\]-]")
SIMILARITY = 0.5
"""From which on a name is taken for a misspelt one; `url` and `image_url` have 0.54."""

View = Callable[..., Any]


class Messages(NamedTuple):
    """Ids of messages: nothing similar exists, something does, nothing is known."""

    unknown: str
    misspelt: str
    not_accepted: str


FIELDS = Messages("fields_unknown", "fields_misspelt", "fields_unknown")
PARAMETERS = Messages("parameters_unknown", "parameters_misspelt", "parameters_not_accepted")


def refuse_unknown_query(view: View) -> View:
    """Only the query parameters in the view's signature are accepted, each once."""
    names = signature_names(view)

    @wraps(view)
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        in_path = request.resolver_match.kwargs if request.resolver_match else {}
        refuse_unknown(request.GET, names - set(in_path), PARAMETERS)
        refuse_repeated(request.GET, LISTS)
        return view(request, *args, **kwargs)

    return respond


def signature_names(view: View) -> frozenset[str]:
    """Names in the path and in the query, of a type each or the fields of one."""
    names: set[str] = set()
    for name, kind in get_type_hints(view).items():
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names |= {field.alias or name for name, field in kind.model_fields.items()}
        elif name != "return" and kind not in (HttpRequest, HttpResponse):
            names.add(name)
    return frozenset(names)


def refuse_unknown(sent: Iterable[str], known: Collection[str], messages: Messages = FIELDS) -> None:
    """Raise RequestInvalid if anything else was sent, with its name and the most similar one that exists."""
    unknown = [name for name in sent if name not in known]
    if not unknown:
        return
    shown = ", ".join(name[:MAX_LENGTH] for name in unknown[:MAX_NAMES])
    similar = [each for name in unknown[:MAX_NAMES] for each in most_similar(name, known)]
    message_id = messages.misspelt if similar else messages.unknown if known else messages.not_accepted
    raise RequestInvalid(
        message_id, unknown=shown, similar=", ".join(dict.fromkeys(similar)), known=", ".join(sorted(known))
    )


def most_similar(name: str, known: Collection[str]) -> list[str]:
    """One name or none; case, hyphens and underscores don't matter."""
    plain = {simplified(each): each for each in known}
    return [plain[found] for found in get_close_matches(simplified(name[:MAX_LENGTH]), plain, 1, SIMILARITY)]


def simplified(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")


def refuse_repeated(sent: QueryDict, lists: Collection[str] = ()) -> None:
    """Raise RequestInvalid if a name, unless it is that of a list, has several values: one would be used."""
    for name, values in sent.lists():
        if len(values) > 1 and name not in lists:
            raise RequestInvalid("field_repeated", field=name)


def report_ignored(request: HttpRequest, sent: Iterable[str], known: Collection[str]) -> None:
    """Name in the response's header what was sent and not used."""
    unknown = [name for name in sent if name not in known]
    if unknown:
        shown = [NOT_IN_HEADERS.sub("?", name[:MAX_LENGTH]) for name in unknown[:MAX_NAMES]]
        set_header(request, HEADER, ", ".join(shown + ["..."] * (len(unknown) > MAX_NAMES)))
