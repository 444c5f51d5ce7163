"""Who waits for long lets go of a database server's connection, but never within a transaction."""

import pytest
from django.db import connection, transaction

from landmarks.models import Result
from landmarks.storage.connections import close_connection


@pytest.mark.django_db(transaction=True)
def test_a_connection_to_a_server_is_closed_and_the_next_query_opens_another() -> None:
    assert not Result.objects.exists()
    before = connection.connection
    close_connection()
    assert connection.connection is (before if connection.vendor == "sqlite" else None)
    assert not Result.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_transaction_goes_on() -> None:
    with transaction.atomic():
        assert not Result.objects.exists()
        before = connection.connection
        close_connection()
        assert connection.connection is before
