"""The bytes behind a web address, asked for so that nothing but a public host is ever reached."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import unquote, urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from landmarks.core.errors import AddressInvalid, FetchError, PhotoTooLarge
from landmarks.net.ssrf_guard import Address, CheckedConnector, Network, parse_address
from landmarks.net.transport import Deadline, TimedAdapter, read_body
from landmarks.runtime.concurrency import Slots

REDIRECTS = (301, 302, 303, 307, 308)
PLACES = Slots(3, 2.0, "busy_fetching")
"""Of this process, fewer than it has threads: hosts that answer slowly must not hold them all."""
HEADERS = {
    "User-Agent": "facesite",
    "Accept": "image/*,*/*;q=0.5",
    # A compressed answer could unfold to any size.
    "Accept-Encoding": "identity",
    "Connection": "close",
}


@dataclass(frozen=True)
class FetchLimits:
    """How much one fetch may cost, and which networks may be reached although they are not public."""

    max_bytes: int
    seconds: float = 10.0
    """For everything together: look-ups, connections, TLS, headers, bodies and redirects."""
    allowed_networks: tuple[Network, ...] = ()
    max_redirects: int = 3


@dataclass(frozen=True)
class Fetched:
    """What was behind an address."""

    data: bytes
    name: str
    """For people only: the last part of the path, or the host."""
    address: str = ""
    """In the spelling in which it was asked for; empty for what nobody else could fetch there."""


def fetch_photo(address: str, limits: FetchLimits, places: Slots = PLACES) -> Fetched:
    """Fetch a file, whatever type its server declares for it.

    Raises AddressInvalid for what is no http or https address, Busy when too many others are fetched, PhotoTooLarge for
    more than `max_bytes`, and FetchError for everything else that can go wrong.
    """
    asked = parse_address(address)
    with (
        Deadline(limits.seconds) as deadline,
        places.place(limits.seconds),
        closing(_adapter(deadline, limits)) as adapter,
    ):
        place = asked
        for _ in range(limits.max_redirects + 1):
            with _answer(adapter, place, deadline) as response:
                if response.status_code not in REDIRECTS:
                    return Fetched(_body(response, limits, deadline), _name(asked), asked.url)
                place = _next_place(place, response)
    raise FetchError("photo_unreachable", detail=f"more than {limits.max_redirects} redirects")


def _adapter(deadline: Deadline, limits: FetchLimits) -> TimedAdapter:
    return TimedAdapter(CheckedConnector(deadline, limits.allowed_networks))


@contextmanager
def _answer(adapter: TimedAdapter, place: Address, deadline: Deadline) -> Iterator[requests.Response]:
    """The head of the answer, with its body still to be read; whatever breaks on the way is one FetchError."""
    request = requests.Request("GET", place.url, headers=HEADERS).prepare()
    try:
        with closing(adapter.send(request, stream=True, timeout=deadline.remaining(), verify=True)) as response:
            yield response
    except (requests.RequestException, HTTPError, HTTPException, OSError) as exc:
        raise FetchError("photo_unreachable", detail=f"{place.host}: {_causes(exc)}") from exc


def _causes(exc: BaseException) -> str:
    """The kinds of the errors, the first cause first, with what the system says of them.

    Other messages quote what the server sent, up to 64 KB of it, or the address, which may be a key to the photo.
    """
    chain: list[str] = []
    error: BaseException | None = exc
    while error:
        said = error.strerror if isinstance(error, OSError) else None
        chain.append(f"{type(error).__name__}: {said}" if isinstance(said, str) else type(error).__name__)
        error = error.__cause__ or error.__context__
    return ", ".join(reversed(chain))


def _next_place(place: Address, response: requests.Response) -> Address:
    """Where a redirect leads, judged anew like an address that was typed."""
    location = response.headers.get("Location", "")
    try:
        return parse_address(urljoin(place.url, location))
    except (AddressInvalid, ValueError) as exc:  # urljoin raises ValueError for brackets that do not close
        raise FetchError("photo_unreachable", detail=f"{place.host}: a redirect that leads to no web address") from exc


def _body(response: requests.Response, limits: FetchLimits, deadline: Deadline) -> bytes:
    _check_head(response, limits)
    body = read_body(response, limits.max_bytes, deadline)
    if len(body) > limits.max_bytes:
        raise PhotoTooLarge("fetch_too_large", max_bytes=limits.max_bytes)
    return body


def _check_head(response: requests.Response, limits: FetchLimits) -> None:
    if response.status_code != 200:
        raise FetchError("fetch_status", http_status=response.status_code)
    coding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in ("", "identity"):
        raise FetchError("fetch_compressed", detail=f"Content-Encoding: {coding[:200]}")
    declared = response.headers.get("Content-Length", "")
    # Longer numbers than 18 digits are too large in any case, and Python refuses to read very long ones.
    if declared.isdecimal() and (len(declared) > 18 or int(declared) > limits.max_bytes):
        raise PhotoTooLarge("fetch_too_large", max_bytes=limits.max_bytes)


def _name(asked: Address) -> str:
    last = unquote(urlsplit(asked.url).path).rpartition("/")[2]
    return "".join(character for character in last if character.isprintable()).strip() or asked.host
