"""One service of the vendor: requests to it within the deadline, sent again only where none can have been received."""

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
from landmarks.engines.acedata import client_errors
from landmarks.engines.acedata.api_errors import row_for, said
from landmarks.engines.acedata.circuit_breaker import Circuit
from landmarks.engines.acedata.client_errors import Failure
from landmarks.engines.acedata.redaction import Redaction
from landmarks.engines.acedata.response import LOGGED, Reply
from landmarks.net.transport import CHUNK, Connector, Deadline, TimedAdapter, read_body

MAY_PASS = frozenset((429, 500, 502, 503, 504))
"""Statuses of what may be over a moment later."""


@dataclass(frozen=True)
class CallLimits:
    """How much one look at a photo may cost."""

    seconds: float = 60.0
    """For everything together: handing over, all tries, pauses."""
    connect_seconds: float = 10.0
    """For look-up and connection of one try."""
    tries: int = 3
    pause: float = 1.0
    """Before the second try; doubled before each further one, and up to as much again by chance."""
    retry_after_max: int = 20
    """Seconds that the vendor may ask to be left alone."""
    max_bytes: int = 2 * 2**20
    """Of an answer; ten faces take 40 kB."""


class Trouble(Exception):
    """A try that gave nothing: its row of the table, and what there is to know about it."""

    def __init__(self, failure: Failure, *, reply: Reply | None = None, error: HTTPError | None = None) -> None:
        super().__init__(failure.event)
        self.failure = failure
        self.reply = reply
        self.error = error
        """In the terms of urllib3's policy, where there was no answer."""

    @property
    def is_outage(self) -> bool:
        return self.failure.is_outage and (self.reply is None or self.reply.status >= 500)


class Service:
    """One base address with its token, the names of their settings, and a circuit of its own."""

    def __init__(self, url: str, token: str, settings: tuple[str, str], redact: Redaction, limits: CallLimits) -> None:
        self._url = url.rstrip("/")
        self._token = token
        self._url_setting, self._token_setting = settings
        self._redact = redact
        self._limits = limits
        self._circuit = Circuit()

    def post(
        self,
        path: str,
        deadline: Deadline,
        *,
        json: object = None,
        file: bytes | None = None,
        waits_for_others: bool = False,
    ) -> Reply:
        """The answer of status 2xx; raise HostedError for everything else.

        Where the service must fetch something from others first, its being late speaks for no outage of its own.
        """
        files = {"file": ("photo.jpg", file, "image/jpeg")} if file else None
        request = requests.Request("POST", self._url + path, headers=self._headers(), json=json, files=files)
        policy: Retry | None = self._policy()
        while True:
            if not deadline.left():
                raise self.error(client_errors.TIMED_OUT)
            if seconds := self._circuit.claim():
                raise self._closed(seconds)
            try:
                return self._try(request, deadline, waits_for_others=waits_for_others)
            except Trouble as trouble:
                policy = policy and self._next(policy, trouble)
                pause = _pause(policy, trouble) if policy else math.inf
                if pause >= deadline.left():
                    raise self.error(trouble.failure, trouble.reply, str(trouble.error or "")) from trouble
            time.sleep(pause)

    def refuse_if_closed(self) -> None:
        """Raise HostedError while calls are stopped, before anything is done for one."""
        if seconds := self._circuit.seconds_left():
            raise self._closed(seconds)

    def error(self, failure: Failure, reply: Reply | None = None, reason: str = "", seconds: float = 0) -> HostedError:
        """The error for people, by the row of the table."""
        sentence = failure.sentence.format(
            token=self._token_setting,
            url=self._url_setting,
            said=said(reply) if reply else "",
            status=reply.status if reply else "",
            seconds=round(seconds) or 1,
        )
        detail = "; ".join(filter(None, (self._redact(reason)[:LOGGED], reply.shown if reply else "")))
        trace_id = reply.trace_id if reply else ""
        return HostedError(sentence, code=failure.code, status=failure.status, detail=detail, trace_id=trace_id)

    def _closed(self, seconds: float) -> HostedError:
        return self.error(client_errors.CIRCUIT_OPEN, seconds=seconds)

    def _headers(self) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self._token}",
            "Accept": "application/json",
            # A compressed answer could unfold to any size.
            "Accept-Encoding": "identity",
            "Connection": "close",
            "User-Agent": "facesite",
        }

    def _policy(self) -> Retry:
        """What urllib3 allows. Its own loop is not used: it knows no deadline, no circuit and no bodies."""
        return Retry(
            total=self._limits.tries - 1,
            read=0,
            other=0,
            redirect=0,
            allowed_methods=["POST"],
            status_forcelist=MAY_PASS,
            backoff_factor=self._limits.pause / 2,
            backoff_jitter=self._limits.pause,
            retry_after_max=self._limits.retry_after_max,
            # One entry more than there were tries, because urllib3 would send the second one without a pause.
            history=(RequestHistory("POST", None, None, None, None),),
        )

    def _next(self, policy: Retry, trouble: Trouble) -> Retry | None:
        """The policy after one more failure; None where there is to be no further try."""
        if not trouble.failure.is_retried or self._circuit.seconds_left():
            return None
        if trouble.reply and not policy.is_retry("POST", trouble.reply.status):
            return None
        try:
            return policy.increment("POST", error=trouble.error)
        except MaxRetryError:
            return None

    def _try(self, request: requests.Request, deadline: Deadline, *, waits_for_others: bool) -> Reply:
        try:
            reply = self._exchange(request, deadline)
            if not 200 <= reply.status < 300 or reply.has_error:
                raise Trouble(row_for(reply), reply=reply)
        except Trouble as trouble:
            if not (waits_for_others and trouble.failure.code == client_errors.TIMED_OUT.code):
                self._circuit.note(is_failure=trouble.is_outage)
            raise
        self._circuit.note(is_failure=False)
        return reply

    def _exchange(self, request: requests.Request, deadline: Deadline) -> Reply:
        """One request on a connection of its own, and its answer, whatever it says; raise Trouble without one."""
        connector = Connector(deadline, self._limits.connect_seconds)
        try:
            with closing(TimedAdapter(connector)) as adapter:
                seconds = deadline.remaining()
                with closing(adapter.send(request.prepare(), stream=True, timeout=seconds, verify=True)) as response:
                    return self._read(response, deadline)
        except (requests.RequestException, HTTPError, HTTPException, OSError) as exc:
            raise _no_answer(exc, deadline, may_be_received=connector.is_connected) from exc

    def _read(self, response: requests.Response, deadline: Deadline) -> Reply:
        body = read_body(response, self._limits.max_bytes, deadline)
        is_too_large = len(body) > self._limits.max_bytes
        reply = Reply(
            response.status_code,
            body[: CHUNK if is_too_large else None].decode(errors="replace"),
            self._redact,
            response.headers.get("X-Trace-Id", ""),
            response.headers.get("Retry-After", ""),
        )
        if is_too_large:
            raise Trouble(client_errors.ANSWER_TOO_LARGE, reply=reply)
        if response.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
            raise Trouble(client_errors.ANSWER_COMPRESSED, reply=reply)
        return reply


def _no_answer(exc: Exception, deadline: Deadline, *, may_be_received: bool) -> Trouble:
    reason = f"{type(exc).__name__}: {exc}"
    if not deadline.left() or (may_be_received and isinstance(exc, requests.Timeout)):
        return Trouble(client_errors.TIMED_OUT, error=ProtocolError(reason))
    if may_be_received:
        return Trouble(client_errors.ANSWER_LOST, error=ProtocolError(reason))
    if isinstance(exc, requests.exceptions.SSLError):
        return Trouble(client_errors.TLS_FAILED, error=ProtocolError(reason))
    return Trouble(client_errors.UNREACHABLE, error=ConnectTimeoutError(reason))


def _pause(policy: Retry, trouble: Trouble) -> float:
    """Seconds before the next try: what the vendor asks for, or else what the policy says."""
    try:
        asked = policy.parse_retry_after(trouble.reply.retry_after) if trouble.reply else 0
    except (InvalidHeader, ValueError, OverflowError):
        asked = 0
    return asked or policy.get_backoff_time()
