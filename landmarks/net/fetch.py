"""The file behind a web address, fetched so that only public hosts can be reached."""

import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from tempfile import SpooledTemporaryFile
from typing import IO, NoReturn, Self
from urllib.parse import unquote_to_bytes

import requests
from urllib3.exceptions import HTTPError

from landmarks.core.disk_errors import upload_failure
from landmarks.core.errors import AddressInvalid, FetchError, PhotoTooLarge
from landmarks.core.names import composed, decode_name
from landmarks.core.text import clean_line
from landmarks.net import found
from landmarks.net.addresses import join, location_text, trimmed
from landmarks.net.content_encoding import codings, decoded
from landmarks.net.found import Found
from landmarks.net.share_links import file_address
from landmarks.net.ssrf_guard import CheckedConnector, Network, WebAddress, parse_address
from landmarks.net.transport import Deadline, TimedAdapter, read_body, read_chunks
from landmarks.runtime.concurrency import FETCHING
from landmarks.runtime.limit import Limit

TAKEN, PARTIAL = (200, 201, 203), 206
CONTENT_RANGE = re.compile(r"bytes 0-(?P<last>\d{1,18})/(?P<size>\d{1,18}|\*)")
REDIRECTS = (301, 302, 303, 307, 308)
HEADERS = {
    "Accept": "image/*,*/*;q=0.5",
    # What is compressed all the same is decoded within the limit of bytes.
    "Accept-Encoding": "identity",
    "Connection": "close",
}
IN_MEMORY = 2**19
"""Bytes of a file from which on it is kept on disk."""


@dataclass(frozen=True)
class FetchLimits:
    """What one fetch may cost, and which networks may be reached although they are not public."""

    max_bytes: int
    seconds: float = 10.0
    """For everything together: lookups, connections, TLS, headers, bodies and redirects."""
    allowed_networks: tuple[Network, ...] = ()
    max_redirects: int = 5
    user_agent: str = "facesite"


@dataclass(frozen=True)
class Fetched:
    """A file from the web, to be closed by reading it or by a `with` block."""

    file: IO[bytes]
    """On disk if it is large, because many may wait until they are read."""
    name: str
    """For people only: the last part of the path, or the host."""
    address: str = ""
    """As it was requested; empty for an upload, which others need not reach."""
    is_public: bool = False
    """Whether everybody could fetch the file there; False if FetchLimits.allowed_networks was needed on the way."""

    content_type: str = ""
    """As its server declared it."""
    final_address: str = ""
    """After the redirects."""

    @property
    def public_address(self) -> str:
        """The address, if it may be told to a third party."""
        return self.address if self.is_public else ""

    def read(self) -> bytes:
        """All of it, once."""
        with self.file:
            self.file.seek(0)
            return self.file.read()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()


def fetch_photo(address: str, limits: FetchLimits, slots: Limit = FETCHING) -> Fetched:
    """Fetch a file, whatever content type its server declares.

    A share link leads to its file. Raises AddressInvalid for anything but an http or https address, Busy if no slot is
    free in time, PhotoTooLarge for more than `max_bytes`, StorageError, and FetchError for everything else that can go
    wrong. The time for a fetch begins with its slot. At most a share of the slots is given to one client or host.
    """
    typed = parse_address(address)
    first = parse_address(file_address(trimmed(address)))
    with slots.slot(keys=(f"host {first.host}",)), Deadline(limits.seconds) as deadline:
        connector, current = CheckedConnector(deadline, limits.allowed_networks), first
        for _ in range(limits.max_redirects + 1):
            with _get(connector, current, deadline, limits.user_agent) as response:
                if response.status_code not in REDIRECTS:
                    file = _save(response, current, limits, deadline)
                    content_type = response.headers.get("Content-Type", "")
                    return Fetched(file, name_in(typed), first.url, connector.is_public, content_type, current.url)
                current = _redirect_target(current, response)
    raise FetchError("photo_unreachable", detail=f"more than {limits.max_redirects} redirects")


@contextmanager
def _get(
    connector: CheckedConnector, address: WebAddress, deadline: Deadline, user_agent: str
) -> Iterator[requests.Response]:
    """The response, with its body still to be read; every failure until the block ends is one FetchError."""
    headers = {**HEADERS, "User-Agent": user_agent}
    request = requests.Request("GET", address.origin + "/", headers=headers).prepare()
    try:
        with (
            closing(TimedAdapter(connector, address.target)) as adapter,
            closing(adapter.send(request, stream=True, timeout=deadline.remaining(), verify=True)) as response,
        ):
            yield response
    except (requests.RequestException, HTTPError, HTTPException, OSError) as exc:
        raise FetchError("photo_unreachable", detail=f"{address.host}: {causes(exc)}") from exc


def causes(exc: BaseException) -> str:
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
    location = location_text(response.headers.get("Location", "").strip())
    try:
        return parse_address(join(address.url, location))
    except AddressInvalid as exc:
        raise FetchError("photo_unreachable", detail=f"{address.host}: a redirect to no web address") from exc


def _save(response: requests.Response, address: WebAddress, limits: FetchLimits, deadline: Deadline) -> IO[bytes]:
    """The body, decoded. Raises FetchError with what came with another status, PhotoTooLarge or StorageError."""
    status, headers = response.status_code, response.headers
    if status not in TAKEN and not (status == PARTIAL and _is_whole(headers.get("Content-Range", ""))):
        _report_status(response, address, deadline)
    declared = headers.get("Content-Length", "")
    # Numbers of more than 18 digits are too large in any case, and Python refuses to read very long ones.
    if declared.isdecimal() and (len(declared) > 18 or int(declared) > limits.max_bytes):
        raise PhotoTooLarge("fetch_too_large", max_bytes=limits.max_bytes)
    file = _file_of(read_chunks(response, limits.max_bytes, deadline), limits)
    coding = headers.get("Content-Encoding", "")
    if not codings(coding):
        return file
    with file:
        file.seek(0)
        return _file_of([decoded(file.read(), coding, limits.max_bytes)], limits)


def _file_of(chunks: Iterable[bytes], limits: FetchLimits) -> IO[bytes]:
    with ExitStack() as undo:
        file = undo.enter_context(SpooledTemporaryFile(IN_MEMORY))
        for chunk in chunks:
            _write(file, chunk)
        if file.tell() > limits.max_bytes:
            raise PhotoTooLarge("fetch_too_large", max_bytes=limits.max_bytes)
        undo.pop_all()
    return file


def _write(file: IO[bytes], chunk: bytes) -> None:
    try:
        file.write(chunk)
    except OSError as exc:
        raise upload_failure(exc) from exc


def _is_whole(content_range: str) -> bool:
    """Whether a partial answer has the whole file; where the size is unknown, decoding will tell."""
    part = CONTENT_RANGE.fullmatch(content_range.strip().lower())
    return bool(part and (part["size"] == "*" or int(part["last"]) + 1 == int(part["size"])))


def _report_status(response: requests.Response, address: WebAddress, deadline: Deadline) -> NoReturn:
    """Raise FetchError with the status, and with what came with it where that says more."""
    status = response.status_code
    what: Found | None = None
    with suppress(requests.RequestException, HTTPError, HTTPException, OSError, FetchError, PhotoTooLarge):
        body = read_body(response, found.READ, deadline)
        body = decoded(body[: found.READ], response.headers.get("Content-Encoding", ""), found.READ)
        what = found.find(body, response.headers.get("Content-Type", ""), address.url)
    detail = f"{address.host}: status {status}"
    if what and what.kind == found.STORE:
        raise FetchError("fetch_status_store", http_status=status, store_code=what.code, detail=detail)
    if what and what.kind == found.LOGIN:
        raise FetchError("fetch_status_login", http_status=status, detail=detail)
    if what and what.title:
        raise FetchError("fetch_status_page", http_status=status, title=what.title, detail=detail)
    raise FetchError("fetch_status", http_status=status, detail=detail)


def name_in(address: WebAddress) -> str:
    """Of the file: the last part of the path, decoded; the host where that is empty. A query may hold a key."""
    last = decode_name(unquote_to_bytes(address.target.partition("?")[0].rpartition("/")[2]))
    return composed(clean_line(last)) or address.host
