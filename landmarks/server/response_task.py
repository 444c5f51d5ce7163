"""One request on a thread: it runs the site and hands its answer to the connection."""

import logging
from typing import Any

from waitress.channel import ClientDisconnected
from waitress.task import WSGITask

from landmarks.core.errors import LandmarksError
from landmarks.http.client_ip import is_trusted, read_address
from landmarks.http.request_limits import REJECTION
from landmarks.http.response_headers import EVENT_STREAM

logger = logging.getLogger(__name__)


class ResponseTask(WSGITask):  # type: ignore[misc]
    """waitress's own, which believes our proxies only."""

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        # Django would end such a request, and close its database connection, on the thread that sends the file.
        environ.pop("wsgi.file_wrapper", None)
        if environ.get("HTTP_X_FORWARDED_PROTO") == "https" and is_believed(environ["REMOTE_ADDR"]):
            environ["wsgi.url_scheme"] = "https"
        return environ

    def start(self) -> None:
        super().start()
        if self.must_close:
            self.set_close_on_finish()

    def execute(self) -> None:
        try:
            super().execute()
        except ClientDisconnected:
            raise
        # waitress would log the path; Django has answered all errors but those of sending an answer.
        except Exception:
            logger.exception("An answer broke off")
            raise

    def write(self, data: bytes) -> None:
        super().write(data)
        if any(value == EVENT_STREAM for _, value in self.response_headers):
            self.channel.send_now()

    def finish(self) -> None:
        super().finish()
        self.channel.send_now()

    def set_close_on_finish(self) -> None:
        """Not after answers without a length, as waitress does: their end is clear without closing the connection."""
        is_clear = self.chunked_response or not self.has_body
        if is_clear and self.version == "1.1" and not self.must_close:
            return
        super().set_close_on_finish()

    @property
    def must_close(self) -> bool:
        return bool(self.request.error or self.request.connection_close or self.channel.server.is_stopping)


class RejectionTask(ResponseTask):
    """Lets the site answer a request that could not be accepted, and closes the connection."""

    def get_environment(self) -> dict[str, Any]:
        error = self.request.error
        rejection = error if isinstance(error, LandmarksError) else LandmarksError("internal_error")
        # As if it came by HTTPS: where its headers could not be read, that is unknown, and a redirect to an address
        # that may not be the right one would take the place of the error.
        return {**super().get_environment(), REJECTION: rejection, "wsgi.url_scheme": "https"}

    def start(self) -> None:
        super().start()
        self.set_close_on_finish()
        self.channel.is_refusing = True


def is_believed(address: str) -> bool:
    """Whether this peer may say that a request came by HTTPS: a proxy of this machine, or one of TRUSTED_PROXIES."""
    peer = read_address(address)
    return peer is not None and (peer.is_loopback or is_trusted(peer))
