"""The connection of this thread to the database."""

from django.db import connection


def close_connection(*, always: bool = False) -> None:
    """Close it before a long wait; the next query opens another.

    A hundred requests that wait would otherwise hold all connections that a database server accepts. SQLite has no such
    limit, and opening its files again takes three milliseconds; `always` is for a thread that ends.
    """
    if (always or connection.vendor != "sqlite") and not connection.in_atomic_block:
        connection.close()
