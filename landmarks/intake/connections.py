"""Connections to checked addresses only."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from landmarks.deadline import Candidate, Connector, Deadline
from landmarks.errors import FetchError
from landmarks.intake.addresses import Network, may_be_asked

UNREACHABLE = (
    "The photo could not be fetched from this address. Check that the address opens in a browser anywhere on the "
    "internet, or save the photo and send the file."
)
"""The one sentence for refused, unknown, closed, silent and slow hosts alike, so that nobody learns which it was."""


class CheckedConnector(Connector):
    """Checks every answer of the look-up and connects to those very answers; raises FetchError where that fails."""

    def __init__(self, deadline: Deadline, allowed_networks: tuple[Network, ...]) -> None:
        super().__init__(deadline)
        self._allowed_networks = allowed_networks

    def connect(self, host: str, port: int) -> socket.socket:
        with _fetch_errors():
            return super().connect(host, port)

    def candidates(self, host: str, port: int) -> list[Candidate]:
        """The answers of the look-up; raise FetchError if one of them may not be asked, or if there is none."""
        with _fetch_errors():
            answers = super().candidates(host, port)
        for _, place in answers:
            if not may_be_asked(place[0], port, self._allowed_networks):
                raise FetchError(UNREACHABLE, detail=f"{host} is {place[0]}, which may not be asked on port {port}")
        return answers


@contextmanager
def _fetch_errors() -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise FetchError(UNREACHABLE, detail=str(exc)) from exc
