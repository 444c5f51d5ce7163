"""The file behind a web address, fetched so that only public hosts can be reached."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import unquote, urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from landmarks.core.errors import AddressInvalid, FetchError, PhotoTooLarge
from landmarks.core.text import clean_line
from landmarks.net.ssrf_guard import CheckedConnector, Network, WebAddress, parse_address
from landmarks.net.transport import Deadline, TimedAdapter, read_body
from landmarks.runtime.concurrency import FETCHING, Limit

REDIRECTS = (301, 302, 303, 307, 308)
HEADERS = {
    "User-Agent": "facesite",
    "Accept": "image/*,*/*;q=0.5",
    # A compressed response could expand to any size.
    "Accept-Encoding": "identity",
    "Connection": "close",
}


@dataclass(frozen=True)
class FetchLimits:
    """What one fetch may cost, and which networks may be reached although they are not public."""

    max_bytes: int
    seconds: float = 10.0
    """For everything together: lookups, connections, TLS, headers, bodies and redirects."""
    allowed_networks: tuple[Network, ...] = ()
    max_redirects: int = 3


@dataclass(frozen=True)
class Fetched:
    """A file from the web."""

    data: bytes
    name: str
    """For people only: the last part of the path, or the host."""
    address: str = ""
    """As it was requested; empty for an upload, which others need not reach."""
    is_public: bool = False
    """Whether everybody could fetch the file there; False if FetchLimits.allowed_networks was needed on the way."""

    @property
    def public_address(self) -> str:
        """The address, if it may be told to a third party."""
        return self.address if self.is_public else ""


def fetch_photo(address: str, limits: FetchLimits, slots: Limit = FETCHING) -> Fetched:
    """Fetch a file, whatever content type its server declares.

    Raises AddressInvalid for anything but an http or https address, Busy if no slot is free in time, PhotoTooLarge for
    more than `max_bytes`, and FetchError for everything else that can go wrong.
    """
    first = parse_address(address)
    with (
        Deadline(limits.seconds) as deadline,
        slots.slot(timeout=limits.seconds),
        closing(TimedAdapter(connector := CheckedConnector(deadline, limits.allowed_networks))) as adapter,
    ):
        current = first
        for _ in range(limits.max_redirects + 1):
            with _get(adapter, current, deadline) as response:
                if response.status_code not in REDIRECTS:
                    return Fetched(_read(response, limits, deadline), _name(first), first.url, connector.is_public)
                current = _redirect_target(current, response)
    raise FetchError("photo_unreachable", detail=f"more than {limits.max_redirects} redirects")


@contextmanager
def _get(adapter: TimedAdapter, address: WebAddress, deadline: Deadline) -> Iterator[requests.Response]:
    """The response, with its body still to be read; every failure until the block ends is one FetchError."""
    request = requests.Request("GET", address.url, headers=HEADERS).prepare()
    try:
        with closing(adapter.send(request, stream=True, timeout=deadline.remaining(), verify=True)) as response:
            yield response
    except (requests.RequestException, HTTPError, HTTPException, OSError) as exc:
        raise FetchError("photo_unreachable", detail=f"{address.host}: {_causes(exc)}") from exc


def _causes(exc: BaseException) -> str:
    """The kinds of the errors, the first cause first, with what the system says about them.

    Other messages quote what the server sent, up to 64 KB of it, or the address, which may be a key to the photo.
    """
    chain: list[str] = []
    error: BaseException | None = exc
    while error:
        reason = error.strerror if isinstance(error, OSError) else None
        chain.append(f"{type(error).__name__}: {reason}" if isinstance(reason, str) else type(error).__name__)
        error = error.__cause__ or error.__context__
    return ", ".join(reversed(chain))


def _redirect_target(address: WebAddress, response: requests.Response) -> WebAddress:
    """Where a redirect leads, if that is a web address; its IP address is checked when connecting."""
    location = response.headers.get("Location", "")
    try:
        return parse_address(urljoin(address.url, location))
    except (AddressInvalid, ValueError) as exc:  # urljoin raises ValueError for brackets that do not close
        raise FetchError("photo_unreachable", detail=f"{address.host}: a redirect to no web address") from exc


def _read(response: requests.Response, limits: FetchLimits, deadline: Deadline) -> bytes:
    _check_headers(response, limits)
    body = read_body(response, limits.max_bytes, deadline)
    if len(body) > limits.max_bytes:
        raise PhotoTooLarge("fetch_too_large", max_bytes=limits.max_bytes)
    return body


def _check_headers(response: requests.Response, limits: FetchLimits) -> None:
    if response.status_code != 200:
        raise FetchError("fetch_status", http_status=response.status_code)
    coding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in ("", "identity"):
        raise FetchError("fetch_compressed", detail=f"Content-Encoding: {coding[:200]}")
    declared = response.headers.get("Content-Length", "")
    # Numbers of more than 18 digits are too large in any case, and Python refuses to read very long ones.
    if declared.isdecimal() and (len(declared) > 18 or int(declared) > limits.max_bytes):
        raise PhotoTooLarge("fetch_too_large", max_bytes=limits.max_bytes)


def _name(address: WebAddress) -> str:
    last = unquote(urlsplit(address.url).path).rpartition("/")[2]
    return clean_line(last) or address.host
