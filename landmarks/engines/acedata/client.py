"""One service of the vendor: requests within a deadline, repeated only if the vendor cannot have received them."""

import math
import time
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPException

import requests
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    InvalidHeader,
    MaxRetryError,
    ProtocolError,
)
from urllib3.util.retry import RequestHistory, Retry

from landmarks.core.errors import HostedError
from landmarks.core.messages import Parameter, parameters_of
from landmarks.engines.acedata import client_errors
from landmarks.engines.acedata.api_errors import failure_of, quote
from landmarks.engines.acedata.circuit_breaker import CircuitBreaker
from landmarks.engines.acedata.client_errors import Failure
from landmarks.engines.acedata.redaction import Redaction
from landmarks.engines.acedata.response import LOGGED, Response
from landmarks.net.transport import CHUNK, Connector, Deadline, TimedAdapter, read_body

TRANSIENT_STATUSES = frozenset((429, 500, 502, 503, 504))
"""Statuses of failures that may be over a moment later."""


@dataclass(frozen=True)
class CallLimits:
    """The limits of one engine run."""

    seconds: float = 60.0
    """In all: upload, every try, pauses."""
    connect_seconds: float = 10.0
    """Of one try, for DNS lookup and connection."""
    tries: int = 3
    pause: float = 1.0
    """Seconds before the second try; doubled before each further one, plus up to as much again at random."""
    retry_after_max: int = 20
    """Longest Retry-After, in seconds, that is respected."""
    max_bytes: int = 2 * 2**20
    """Of a response; ten faces take 40 kB."""


class CallFailed(Exception):
    """A try that failed: its row of the table, and the response or error behind it."""

    def __init__(self, failure: Failure, *, response: Response | None = None, error: HTTPError | None = None) -> None:
        super().__init__(failure.event)
        self.failure = failure
        self.response = response
        self.error = error
        """For urllib3's retry policy, if there was no response."""

    @property
    def is_outage(self) -> bool:
        return self.failure.is_outage and (self.response is None or self.response.status >= 500)


class Service:
    """A base URL with its token, the names of their settings, and a circuit breaker of its own."""

    def __init__(self, url: str, token: str, settings: tuple[str, str], redact: Redaction, limits: CallLimits) -> None:
        self._url = url.rstrip("/")
        self._token = token
        self._url_setting, self._token_setting = settings
        self._redact = redact
        self._limits = limits
        self._breaker = CircuitBreaker()

    def post(
        self,
        path: str,
        deadline: Deadline,
        *,
        json: object = None,
        file: bytes | None = None,
        form: dict[str, str] | None = None,
        fetches_elsewhere: bool = False,
    ) -> Response:
        """The response of status 2xx; raise HostedError for everything else.

        With `fetches_elsewhere`, when the vendor has to fetch something from another server first, a timeout does not
        count as an outage of the vendor.
        """
        files = {"file": ("photo.jpg", file, "image/jpeg")} if file else _parts(form)
        request = requests.Request("POST", self._url + path, headers=self._headers(), json=json, files=files)
        policy: Retry | None = self._policy()
        while True:
            if not deadline.left():
                raise self.error(client_errors.TIMED_OUT)
            if seconds := self._breaker.acquire():
                raise self._stopped(seconds)
            try:
                return self._try(request, deadline, fetches_elsewhere=fetches_elsewhere)
            except CallFailed as failed:
                policy = policy and self._next(policy, failed)
                pause = _pause(policy, failed) if policy else math.inf
                if pause >= deadline.left():
                    raise self.error(failed.failure, failed.response, str(failed.error or "")) from failed
            time.sleep(pause)

    def raise_if_stopped(self) -> None:
        """Raise HostedError while calls are stopped, before anything is prepared for one."""
        if seconds := self._breaker.seconds_open():
            raise self._stopped(seconds)

    def error(
        self, failure: Failure, response: Response | None = None, reason: str = "", seconds: float = 0
    ) -> HostedError:
        """The error for users, by the row of the table; `reason` and the response go to the log."""
        quoted = quote(response) if response and failure.quoting_id else ""
        message_id = failure.quoting_id if quoted else failure.message_id
        known: dict[str, Parameter] = {
            "token_setting": self._token_setting,
            "url_setting": self._url_setting,
            "quote": quoted,
            "http_status": response.status if response else 0,
            "seconds": round(seconds) or 1,
        }
        return HostedError(
            message_id,
            code=failure.code,
            status=failure.status,
            detail="; ".join(filter(None, (self._redact(reason)[:LOGGED], response.summary if response else ""))),
            trace_id=response.trace_id if response else "",
            **{name: known[name] for name in parameters_of(message_id)},
        )

    def _stopped(self, seconds: float) -> HostedError:
        return self.error(client_errors.CIRCUIT_OPEN, seconds=seconds)

    def _headers(self) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self._token}",
            "Accept": "application/json",
            # A compressed response could unpack to any size.
            "Accept-Encoding": "identity",
            "Connection": "close",
            "User-Agent": "facesite",
        }

    def _policy(self) -> Retry:
        """urllib3's retry policy. Its own loop is not used: it knows no deadline, no circuit breaker and no bodies."""
        return Retry(
            total=self._limits.tries - 1,
            read=0,
            other=0,
            redirect=0,
            allowed_methods=["POST"],
            status_forcelist=TRANSIENT_STATUSES,
            backoff_factor=self._limits.pause / 2,
            backoff_jitter=self._limits.pause,
            retry_after_max=self._limits.retry_after_max,
            # One entry more than there were tries, because urllib3 would send the second one without a pause.
            history=(RequestHistory("POST", None, None, None, None),),
        )

    def _next(self, policy: Retry, failed: CallFailed) -> Retry | None:
        """The policy after one more failure; None if there is to be no further try."""
        if not failed.failure.is_retried or self._breaker.seconds_open():
            return None
        if failed.response and not policy.is_retry("POST", failed.response.status):
            return None
        try:
            return policy.increment("POST", error=failed.error)
        except MaxRetryError:
            return None

    def _try(self, request: requests.Request, deadline: Deadline, *, fetches_elsewhere: bool) -> Response:
        try:
            response = self._exchange(request, deadline)
            if not 200 <= response.status < 300 or response.has_error:
                raise CallFailed(failure_of(response), response=response)
        except CallFailed as failed:
            if not (fetches_elsewhere and failed.failure.code == client_errors.TIMED_OUT.code):
                self._breaker.record(is_failure=failed.is_outage)
            raise
        self._breaker.record(is_failure=False)
        return response

    def _exchange(self, request: requests.Request, deadline: Deadline) -> Response:
        """One request on a connection of its own, and its response, whatever it is; raise CallFailed without one."""
        connector = Connector(deadline, self._limits.connect_seconds)
        try:
            with closing(TimedAdapter(connector)) as adapter:
                seconds = deadline.remaining()
                with closing(adapter.send(request.prepare(), stream=True, timeout=seconds, verify=True)) as received:
                    return self._read(received, deadline)
        except (requests.RequestException, HTTPError, HTTPException, OSError) as exc:
            raise _no_response(exc, deadline, may_be_received=connector.is_connected) from exc

    def _read(self, received: requests.Response, deadline: Deadline) -> Response:
        body = read_body(received, self._limits.max_bytes, deadline)
        is_too_large = len(body) > self._limits.max_bytes
        response = Response(
            received.status_code,
            body[: CHUNK if is_too_large else None].decode(errors="replace"),
            self._redact,
            received.headers.get("X-Trace-Id", ""),
            received.headers.get("Retry-After", ""),
        )
        if is_too_large:
            raise CallFailed(client_errors.RESPONSE_TOO_LARGE, response=response)
        if received.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
            raise CallFailed(client_errors.RESPONSE_COMPRESSED, response=response)
        return response


def _parts(form: dict[str, str] | None) -> dict[str, tuple[None, str]] | None:
    """The fields of a form without a file, in the format of one with a file."""
    return {name: (None, value) for name, value in form.items()} if form else None


def _no_response(exc: Exception, deadline: Deadline, *, may_be_received: bool) -> CallFailed:
    reason = f"{type(exc).__name__}: {exc}"
    if not deadline.left() or (may_be_received and isinstance(exc, requests.Timeout)):
        return CallFailed(client_errors.TIMED_OUT, error=ProtocolError(reason))
    if may_be_received:
        return CallFailed(client_errors.RESPONSE_LOST, error=ProtocolError(reason))
    if isinstance(exc, requests.exceptions.SSLError):
        return CallFailed(client_errors.TLS_FAILED, error=ProtocolError(reason))
    return CallFailed(client_errors.UNREACHABLE, error=ConnectTimeoutError(reason))


def _pause(policy: Retry, failed: CallFailed) -> float:
    """Seconds before the next try: Retry-After if there is one, else by the policy."""
    try:
        requested = policy.parse_retry_after(failed.response.retry_after) if failed.response else 0
    except (InvalidHeader, ValueError, OverflowError):
        requested = 0
    return requested or policy.get_backoff_time()
