"""The connection of this thread to the database."""

from django.db import connection


def close_connection() -> None:
    """Close it before a long wait; the next query opens another.

    A hundred requests that wait would otherwise hold all connections that a database server accepts.
    """
    if not connection.in_atomic_block:
        connection.close()
