"""A message that is sent to a web address under the same rules as photos are fetched, but without redirects."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPException
from ipaddress import ip_address

import requests
from urllib3.exceptions import HTTPError

from landmarks.core.errors import AddressInvalid, FetchError
from landmarks.net.fetch import causes
from landmarks.net.ssrf_guard import CheckedConnector, Network, WebAddress, is_allowed, parse_address
from landmarks.net.transport import Deadline, TimedAdapter


@dataclass(frozen=True)
class PostLimits:
    """How long one message may take, and which networks may be reached although they are not public."""

    seconds: float = 10.0
    """For everything together: lookup, connection, TLS, and the head of the answer. Its body is not read."""
    allowed_networks: tuple[Network, ...] = ()
    user_agent: str = "facesite"


def check(address: str, limits: PostLimits) -> WebAddress:
    """What can be known without a lookup. Raises AddressInvalid."""
    parsed = parse_address(address)
    try:
        ip_address(parsed.host)
    except ValueError:
        return parsed
    if not is_allowed(parsed.host, parsed.port, limits.allowed_networks):
        raise AddressInvalid("webhook_not_public")
    return parsed


def post(address: str, body: bytes, headers: Mapping[str, str], limits: PostLimits) -> int:
    """The status of the answer, whatever it is. Raises AddressInvalid, Busy or FetchError."""
    parsed = parse_address(address)
    headers = {"Connection": "close", "User-Agent": limits.user_agent, **headers}
    request = requests.Request("POST", parsed.origin + "/", headers=headers, data=body).prepare()
    try:
        with (
            Deadline(limits.seconds) as deadline,
            closing(TimedAdapter(CheckedConnector(deadline, limits.allowed_networks), parsed.target)) as adapter,
            closing(adapter.send(request, stream=True, timeout=deadline.remaining(), verify=True)) as response,
        ):
            return response.status_code
    except (requests.RequestException, HTTPError, HTTPException, OSError) as exc:
        raise FetchError("webhook_unreachable", detail=f"{parsed.host}: {causes(exc)}") from exc
