"""Which engines there are to choose from, as the settings say, and how they are made ready."""

import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import LazySettings

from landmarks.core.errors import EngineUnavailable
from landmarks.engines.base import Engine
from landmarks.services import engines as services_engines
from landmarks.services import runs
from tests.vendor import PLATFORM_TOKEN, TOKEN, Vendor


@pytest.fixture
def hosted(settings: LazySettings, vendor: Vendor) -> Vendor:
    settings.ACEDATA_API_URL, settings.ACEDATA_API_TOKEN = vendor.url, TOKEN
    return vendor


@pytest.mark.parametrize(
    ("engine", "token", "names", "default"),
    [
        ("auto", "", ("local",), "local"),
        ("auto", TOKEN, ("local", "acedata"), "acedata"),
        ("local", "", ("local",), "local"),
        ("local", TOKEN, ("local", "acedata"), "local"),
        ("acedata", TOKEN, ("local", "acedata"), "acedata"),
        ("acedata", "", ("local", "acedata"), "acedata"),
    ],
)
def test_the_settings_say_which_engines_there_are(
    settings: LazySettings, engine: str, token: str, names: tuple[str, ...], default: str
) -> None:
    settings.ENGINE, settings.ACEDATA_API_TOKEN = engine, token
    assert (services_engines.engine_names(), services_engines.default_engine()) == (names, default)


def test_an_engine_is_described_also_where_it_cannot_run() -> None:
    assert (services_engines.engine_label("local"), services_engines.is_hosted("local")) == ("Embedded engine", False)
    assert (services_engines.engine_label("acedata"), services_engines.is_hosted("acedata")) == ("Ace Data Cloud", True)


@pytest.mark.parametrize("ask", [services_engines.engine_label, services_engines.is_hosted, services_engines.engine])
def test_an_engine_that_does_not_exist_is_refused(ask) -> None:
    with pytest.raises(EngineUnavailable, match="Choose one of: local, acedata"):
        ask("dlib")


def test_threads_that_ask_at_once_get_one_engine(settings: LazySettings, tmp_path: Path) -> None:
    settings.MODELS_DIR = tmp_path
    threads = 8
    ready = threading.Barrier(threads)

    def ask() -> Engine:
        ready.wait()
        return services_engines.engine("local")

    # Threads change so often that without a lock several would be making theirs.
    with switching_every(1e-6), ThreadPoolExecutor(threads) as pool:
        engines = [call.result() for call in [pool.submit(ask) for _ in range(threads)]]
    assert len(set(map(id, engines))) == 1


@contextmanager
def switching_every(seconds: float) -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(seconds)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def test_the_hosted_engine_without_a_token_says_what_to_set(settings: LazySettings) -> None:
    settings.ENGINE = "acedata"
    assert not services_engines.engine_ready()
    with pytest.raises(EngineUnavailable, match="ACEDATA_API_TOKEN"):
        services_engines.engine("acedata")


@pytest.mark.parametrize(
    ("values", "can"),
    [
        ({}, False),
        ({"ACEDATA_PLATFORM_TOKEN": PLATFORM_TOKEN}, True),
        ({"PUBLIC_URL": "https://photos.example.org"}, True),
    ],
)
def test_a_file_can_be_handed_over_by_the_platform_or_by_this_site(
    settings: LazySettings, values: dict[str, str], can: bool
) -> None:
    for name, value in values.items():
        setattr(settings, name, value)
    assert services_engines.can_hand_over() is can


def test_an_engine_is_made_once_for_the_same_settings(hosted: Vendor, settings: LazySettings) -> None:
    first = services_engines.engine("acedata")
    assert services_engines.engine("acedata") is first
    settings.PUBLIC_URL = "https://photos.example.org"
    assert services_engines.engine("acedata") is not first


def test_readiness_and_warming_call_no_hosted_engine(hosted: Vendor, models_dir: Path) -> None:
    runs.warm_engine()
    assert services_engines.engine_ready()
    assert hosted.connections == 0


def test_a_hosted_engine_does_without_the_embedded_one(
    hosted: Vendor, settings: LazySettings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.MODELS_DIR = tmp_path
    runs.warm_engine()
    assert "The embedded engine cannot run" in caplog.text
    assert "manage.py fetch_models" in caplog.text
    assert not services_engines.engine_ready("local")


def test_the_embedded_engine_alone_must_run(settings: LazySettings, tmp_path: Path) -> None:
    settings.MODELS_DIR = tmp_path
    with pytest.raises(EngineUnavailable, match="manage.py fetch_models"):
        runs.warm_engine()
