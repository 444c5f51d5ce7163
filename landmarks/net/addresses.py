"""The spelling of web addresses: as browsers send them, and otherwise byte for byte as they came."""

import re
import unicodedata
from urllib.parse import quote

ADDRESS = re.compile(r"(?P<scheme>https?)://(?P<authority>[^/?#]*)(?P<path>[^?#]*)(?P<query>\?[^#]*)?", re.IGNORECASE)
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
AROUND = frozenset(("Cf", "Zs", "Zl", "Zp"))
"""Categories of characters that are invisible at the ends of an address: formats and spaces."""

# What browsers percent-encode in a path and in a query (WHATWG URL, 1.3), beside what is not ASCII.
PATH_ENCODED = re.compile(r"[^!$-;=@-\]_a-z|~]")
QUERY_ENCODED = re.compile(r"[^!$-&(-;=?-~]")
HERE, UP = re.compile(r"(?:\.|%2e)", re.IGNORECASE), re.compile(r"(?:\.|%2e){2}", re.IGNORECASE)
HOST_BYTES = re.compile(r"(?:%[89a-f][0-9a-f])+", re.IGNORECASE)


def trimmed(text: str) -> str:
    """The address without what is invisible around it: copied from a document, it brings spaces and marks."""
    start, end = 0, len(text)
    while start < end and _is_invisible(text[start]):
        start += 1
    while end > start and _is_invisible(text[end - 1]):
        end -= 1
    return text[start:end]


def _is_invisible(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in AROUND


def target(path: str, query: str) -> str:
    """What is requested of a host: dots resolved, and percent-encoded only what a request can't contain.

    `%7E`, `%2d` and a lone `%` stay as they are; a server may tell them from other spellings.
    """
    return PATH_ENCODED.sub(_encoded, _without_dots(path) or "/") + QUERY_ENCODED.sub(_encoded, query)


def _without_dots(path: str) -> str:
    """The path after its steps to the same folder and up (WHATWG URL, 4.4)."""
    parts: list[str] = []
    *folders, last = path.split("/")[1:] or [""]
    for part in (*folders, last):
        if UP.fullmatch(part):
            del parts[-1:]
        elif not HERE.fullmatch(part):
            parts.append(part)
    if UP.fullmatch(last) or HERE.fullmatch(last):
        parts.append("")
    return "/" + "/".join(parts)


def _encoded(character: re.Match[str]) -> str:
    return quote(character[0], safe="", errors="replace")


def readable_host(authority: str) -> str:
    """The host with the percent-encoded letters of a name that is not ASCII, in UTF-8, as browsers read them."""
    try:
        return HOST_BYTES.sub(lambda found: bytes.fromhex(found[0].replace("%", "")).decode(), authority)
    except UnicodeDecodeError:
        return authority


def location_text(header: str) -> str:
    """The value of a Location header, of which http.client makes one character a byte: bytes beyond ASCII encoded."""
    return "".join(each if each.isascii() else f"%{ord(each):02X}" for each in header)


def join(address: str, reference: str) -> str:
    """Where a reference on a page or in a redirect leads, with nothing spelled in another way (RFC 3986, 5.2)."""
    base = ADDRESS.match(address)
    if not base or SCHEME.match(reference):
        return reference
    origin = f"{base['scheme']}://{base['authority']}"
    reference = reference.partition("#")[0]
    if reference.startswith("//"):
        return f"{base['scheme']}:{reference}"
    if reference.startswith("/"):
        return origin + reference
    if reference.startswith("?"):
        return origin + base["path"] + reference
    if not reference:
        return origin + base["path"] + (base["query"] or "")
    return origin + (base["path"].rpartition("/")[0] or "") + "/" + reference
