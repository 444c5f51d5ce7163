"""Connections to PostgreSQL that give up in time, also on a server whose kernel still acknowledges what it gets."""

import math
import time
from typing import Any

import psycopg
from django.conf import settings
from django.db.backends.postgresql import base
from psycopg import IsolationLevel
from psycopg.abc import PQGen

from landmarks.storage import time_limits

SHORTEST_CONNECT_TIMEOUT = 2
"""Seconds; psycopg takes anything shorter for this."""
GRACE = 0.5
"""Seconds by which the server is given more time than it has to end a statement itself, which keeps the connection."""
NOTICED = {"tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "4"}
"""Within half a minute the server notices a host that is gone, and frees its locks; by default, after two hours."""
INTERVAL = 0.1
"""Seconds between two looks for a signal while waiting; psycopg's default."""


class Connection(psycopg.Connection[Any]):
    """Closes itself when the server does not answer within the limit of the statement."""

    seconds: float | None = None
    """The limit of a connection that was made within time limits, for what it still does after them."""

    def wait(self, gen: PQGen[Any], interval: float = INTERVAL, timeout: float | None = None) -> Any:
        """All of psycopg's statements wait here; `timeout` is given to those only that have one of their own."""
        left = time_limits.seconds_left()
        seconds = self.seconds if left is None else left
        if timeout is not None or seconds is None:
            return super().wait(gen, interval, timeout)
        end = time.monotonic() + seconds + GRACE
        try:
            return super().wait(gen, interval, seconds + GRACE)
        except psycopg.OperationalError as exc:
            if time.monotonic() < end:
                raise
            # Its answer may still come, and must not be taken for that to the next statement.
            self.close()
            raise psycopg.OperationalError("the database does not answer") from exc


class DatabaseWrapper(base.DatabaseWrapper):
    """Like Django's; within time limits its connections have those of the settings, on both sides."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection:
        self.isolation_level = IsolationLevel.READ_COMMITTED
        with time_limits.spending():
            connection = Connection.connect(**with_limits(conn_params))
        if time_limits.seconds_left() is not None:
            connection.seconds = settings.DATABASE_STATEMENT_TIMEOUT
        return connection


def with_limits(conn_params: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a connection with the time limits that hold now."""
    seconds, options = time_limits.seconds_left(), dict(NOTICED)
    # Whatever is in DATABASE_URL comes last and wins.
    named = conn_params.get("options", "")
    if seconds is None:
        return {**conn_params, "options": joined(options, named)}
    options |= {
        "lock_timeout": f"{settings.DATABASE_LOCK_TIMEOUT}s",
        "statement_timeout": f"{settings.DATABASE_STATEMENT_TIMEOUT}s",
        # Of a host that is gone in the middle: before those give up that wait for its locks.
        "idle_in_transaction_session_timeout": f"{750 * settings.DATABASE_LOCK_TIMEOUT}ms",
    }
    connect_timeout = min(int(conn_params["connect_timeout"]), max(math.ceil(seconds), SHORTEST_CONNECT_TIMEOUT))
    return {**conn_params, "options": joined(options, named), "connect_timeout": connect_timeout}


def joined(options: dict[str, str], named: str) -> str:
    return " ".join([*(f"-c {name}={value}" for name, value in options.items()), named]).strip()
