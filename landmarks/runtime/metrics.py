"""Figures for Prometheus. Without `start` nothing is counted, and the library is not even loaded.

Labels have few values each: routes, methods, statuses, codes of errors and names of engines, and nothing of a client.
"""

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The library's variable: a folder through which the processes of a machine add up their figures."""
METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST"})
REQUEST_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 60.0)
ENGINE_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """The figures that this process counts."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics
        from prometheus_client.process_collector import ProcessCollector

        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        # The processor time and memory of one process say nothing where several answer in turn.
        if SHARED_FOLDER not in os.environ:
            ProcessCollector(registry=self.registry)
        self.request_seconds = Histogram(
            "facesite_request_seconds",
            "Seconds from a whole request to its response, by route.",
            ["method", "route"],
            buckets=REQUEST_SECONDS,
            registry=self.registry,
        )
        self.responses = Counter(
            "facesite_responses",
            "Responses, by route and status.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.rejections = Counter(
            "facesite_rejected_requests",
            "Requests that ended in an error, by its code (docs/errors.md).",
            ["code", "status"],
            registry=self.registry,
        )
        self.engine_seconds = Histogram(
            "facesite_engine_seconds",
            "Seconds that an engine took for one photo.",
            ["engine"],
            buckets=ENGINE_SECONDS,
            registry=self.registry,
        )
        self.faces = Counter("facesite_faces", "Faces that an engine found.", ["engine"], registry=self.registry)
        self.engine_failures = Counter(
            "facesite_engine_failures", "Photos for which an engine failed.", ["engine", "code"], registry=self.registry
        )


class Gauge(NamedTuple):
    """A figure that is read when somebody asks, such as the free disk space."""

    name: str
    help: str
    labels: tuple[str, ...]
    """Names of its labels."""
    values: Mapping[Any, float]
    """By the values of the labels, a tuple."""


@contextmanager
def added_up() -> Iterator[None]:
    """Processes that are started within this block, and that count, add up their figures."""
    folder, parent = mkdtemp(prefix="facesite-metrics-"), os.getpid()
    os.environ[SHARED_FOLDER] = folder
    try:
        yield
    finally:
        # A process that was forked in here leaves the block, too, when it ends.
        if os.getpid() == parent:
            shutil.rmtree(folder, ignore_errors=True)


_metrics: Metrics | None = None


def start() -> None:
    """From here on, this process counts."""
    global _metrics
    _metrics = _metrics or Metrics()


def stop() -> None:
    """Forget everything that was counted."""
    global _metrics
    _metrics = None


def count_response(method: str, route: str, status: int, seconds: float) -> None:
    if _metrics:
        method = method if method in METHODS else "other"
        _metrics.request_seconds.labels(method, route).observe(seconds)
        _metrics.responses.labels(method, route, str(status)).inc()


def count_rejection(code: str, status: int) -> None:
    if _metrics:
        _metrics.rejections.labels(code, str(status)).inc()


def count_finding(engine: str, seconds: float, faces: int) -> None:
    if _metrics:
        _metrics.engine_seconds.labels(engine).observe(seconds)
        _metrics.faces.labels(engine).inc(faces)


def count_engine_failure(engine: str, code: str) -> None:
    if _metrics:
        _metrics.engine_failures.labels(engine, code).inc()


def page(gauges: Iterable[Gauge] = ()) -> bytes:
    """Everything in the text format of Prometheus, of all processes where they share a folder."""
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    counted = _metrics.registry if _metrics else CollectorRegistry()
    if SHARED_FOLDER in os.environ:
        MultiProcessCollector(counted := CollectorRegistry())  # type: ignore[no-untyped-call]
    measured = CollectorRegistry()
    measured.register(Measured(gauges))
    return generate_latest(counted) + generate_latest(measured)


class Measured:
    """Gives gauges to the library in its own form."""

    def __init__(self, gauges: Iterable[Gauge]) -> None:
        self._gauges = tuple(gauges)

    def collect(self) -> Iterator["Metric"]:
        from prometheus_client.core import GaugeMetricFamily

        for gauge in self._gauges:
            family = GaugeMetricFamily(gauge.name, gauge.help, labels=gauge.labels)
            for labels, value in gauge.values.items():
                family.add_metric(labels, value)
            yield family
