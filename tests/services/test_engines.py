"""The engines of this site: available ones, the default, and how they are loaded."""

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
def test_the_settings_decide_which_engines_are_available(
    settings: LazySettings, engine: str, token: str, names: tuple[str, ...], default: str
) -> None:
    settings.ENGINE, settings.ACEDATA_API_TOKEN = engine, token
    assert (services_engines.engine_names(), services_engines.default_engine()) == (names, default)


def test_an_engine_has_a_label_even_if_it_cannot_run() -> None:
    assert (services_engines.engine_label("local"), services_engines.is_hosted("local")) == ("Embedded engine", False)
    assert (services_engines.engine_label("acedata"), services_engines.is_hosted("acedata")) == ("Ace Data Cloud", True)


@pytest.mark.parametrize("ask", [services_engines.engine_label, services_engines.is_hosted, services_engines.engine])
def test_an_unknown_engine_is_rejected(ask) -> None:
    with pytest.raises(EngineUnavailable, match="Choose one of: local, acedata"):
        ask("dlib")


def test_concurrent_threads_get_one_engine(settings: LazySettings, tmp_path: Path) -> None:
    settings.MODELS_DIR = tmp_path
    threads = 8
    ready = threading.Barrier(threads)

    def load() -> Engine:
        ready.wait()
        return services_engines.engine("local")

    # Threads switch so often that without a lock several would load an engine.
    with switching_every(1e-6), ThreadPoolExecutor(threads) as pool:
        engines = [call.result() for call in [pool.submit(load) for _ in range(threads)]]
    assert len(set(map(id, engines))) == 1


@contextmanager
def switching_every(seconds: float) -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(seconds)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def test_the_hosted_engine_without_a_token_names_the_setting(settings: LazySettings) -> None:
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
def test_the_hosted_engine_gets_files_by_the_platform_or_from_this_site(
    settings: LazySettings, values: dict[str, str], can: bool
) -> None:
    for name, value in values.items():
        setattr(settings, name, value)
    assert services_engines.accepts_files("acedata") is can
    assert services_engines.accepts_files("local")


@pytest.mark.parametrize(
    ("values", "publishes"),
    [
        ({"PUBLIC_URL": ""}, False),
        ({"PUBLIC_URL": "https://photos.example.org"}, True),
        ({"PUBLIC_URL": "https://photos.example.org", "ACEDATA_PLATFORM_TOKEN": PLATFORM_TOKEN}, False),
        ({"PUBLIC_URL": "https://photos.example.org", "ACEDATA_API_TOKEN": ""}, False),
    ],
)
def test_this_site_publishes_photos_if_the_hosted_engine_has_no_other_way(
    hosted: Vendor, settings: LazySettings, values: dict[str, str], publishes: bool
) -> None:
    for name, value in values.items():
        setattr(settings, name, value)
    assert services_engines.publishes_photos() is publishes


def test_an_engine_is_loaded_once_for_the_same_settings(hosted: Vendor, settings: LazySettings) -> None:
    first = services_engines.engine("acedata")
    assert services_engines.engine("acedata") is first
    settings.PUBLIC_URL = "https://photos.example.org"
    assert services_engines.engine("acedata") is not first


def test_readiness_and_warming_up_call_no_hosted_engine(hosted: Vendor, models_dir: Path) -> None:
    runs.warm_engine()
    assert services_engines.engine_ready()
    assert hosted.connections == 0


def test_a_hosted_engine_works_without_the_embedded_one(
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
