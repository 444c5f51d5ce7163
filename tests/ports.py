"""Ports of this machine on which nobody listens."""

import random
import socket
from contextlib import ExitStack

NEVER_GIVEN_OUT = range(10_000, 32_000)
"""Below the ports that the system picks itself, so that no program gets one of these by chance before it is used."""


def free_port(count: int = 1) -> int:
    """The first of so many neighbouring ports that are free."""
    while True:
        port = random.SystemRandom().choice(NEVER_GIVEN_OUT)
        with ExitStack() as stack:
            try:
                for each in range(port, port + count):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", each))
            except OSError:
                continue
            return port
