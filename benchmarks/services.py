"""Brokers, databases and stores of a benchmark's own, started as the tests start them.

They are imported where they are started, because they need requirements-dev.txt and most benchmarks do not.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.errors import BenchmarkError

if TYPE_CHECKING:
    from tests.brokers import Broker
    from tests.postgresql import Cluster
    from tests.s3 import Bucket

BROKERS = ("redis", "rabbitmq")
LOCALHOST = "127.0.0.1"


def start_broker(stack: ExitStack, kind: str, folder: Path) -> "Broker":
    """Raises BenchmarkError where it is not installed."""
    with reporting_what_is_missing():
        from tests.brokers import rabbitmq

        return stack.enter_context(rabbitmq(folder)) if kind == "rabbitmq" else start_redis(stack, folder)


def start_redis(stack: ExitStack, folder: Path, host: str = LOCALHOST) -> "Broker":
    """Raises BenchmarkError where it is not installed."""
    with reporting_what_is_missing():
        from tests.brokers import redis

        return stack.enter_context(redis(folder, host))


def start_database(stack: ExitStack, host: str = LOCALHOST) -> "Cluster":
    """Raises BenchmarkError where PostgreSQL is not installed."""
    with reporting_what_is_missing():
        from tests.postgresql import running_cluster

        return stack.enter_context(running_cluster(host))


def start_store(stack: ExitStack, host: str = LOCALHOST) -> "Bucket":
    """An empty bucket. Raises BenchmarkError where moto is not installed."""
    with reporting_what_is_missing():
        from tests.s3 import make_bucket, running_store

        return make_bucket(stack.enter_context(running_store(host)))


@contextmanager
def reporting_what_is_missing() -> Iterator[None]:
    try:
        import pytest
    except ImportError as exc:
        raise BenchmarkError("This benchmark needs the packages of requirements-dev.txt.") from exc
    try:
        yield
    except pytest.skip.Exception as exc:
        raise BenchmarkError(f"{exc.msg}.") from exc
