"""Who waits for long lets go of the database's connection, but never within a transaction."""

import pytest
from django.db import connection, transaction

from landmarks.models import Result
from landmarks.storage.connections import close_connection


@pytest.mark.django_db(transaction=True)
def test_the_next_query_opens_another() -> None:
    assert not Result.objects.exists()
    before = connection.connection
    close_connection()
    assert connection.connection is None or connection.is_in_memory_db()
    assert not Result.objects.exists()
    assert connection.connection is not before or connection.is_in_memory_db()


@pytest.mark.django_db(transaction=True)
def test_a_transaction_goes_on() -> None:
    with transaction.atomic():
        assert not Result.objects.exists()
        before = connection.connection
        close_connection()
        assert connection.connection is before
