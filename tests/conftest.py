"""What all tests share: a data folder of their own, no network beyond this machine, real photos and a real browser."""

import fcntl
import io
import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import django
import pytest

import tests.properties  # noqa: F401  how often each property is tried
from tests.bad_server import bad_server  # noqa: F401  a fixture for all packages
from tests.clocks import clock  # noqa: F401  a fixture for all packages
from tests.patience import PATIENCE
from tests.postgresql import cluster, database_url, own_cluster  # noqa: F401  fixtures for all packages
from tests.s3 import bucket, s3_endpoint  # noqa: F401  fixtures for all packages
from tests.sites import two_sites  # noqa: F401  a fixture for all packages
from tests.vendor import on_the_internet, vendor  # noqa: F401  fixtures for all packages

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

BASE_DIR = Path(__file__).resolve().parent.parent
SHARED = BASE_DIR.parent / "shared"
DATA_DIR = Path(tempfile.mkdtemp(prefix="facesite-tests-"))

# Before Django is configured: pytest-django reads DJANGO_SETTINGS_MODULE from pyproject.toml too early for this.
(DATA_DIR / "static").mkdir()
os.environ["DATA_DIR"] = str(DATA_DIR)
os.environ.setdefault("MODELS_DIR", str(BASE_DIR / "data" / "models"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "facesite.settings")

IN_CI = os.environ.get("CI", "").lower() in ("true", "1")
CI_SEED = 11


def first_installed(*names: str) -> str | None:
    """The path of the first of these programs that is there."""
    return next(filter(None, map(shutil.which, names)), None)


CHROMIUM = first_installed("chromium", "chromium-browser", "google-chrome")
OMNIBOX = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup")
"""Pages of the browser's own that each window loads unseen, which takes longer than most tests."""
DISABLED_BY_PLAYWRIGHT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "OptimizationHints",
    "PreconnectToSearch",
)
"""Its option is replaced by ours."""
CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
    f"--disable-features={','.join((*OMNIBOX, *DISABLED_BY_PLAYWRIGHT))}",
]


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Only this machine may be reached; pytest-socket and pytest-django look after us."""
    config.option.allow_hosts = "127.0.0.1,::1,localhost"
    config.option.allow_unix_socket = True
    # Chosen in the first process, whose options all workers take over. In CI always the same: what it says of a change
    # must not depend on luck. New examples are found by the runs of developers.
    seed = CI_SEED if IN_CI else random.SystemRandom().randrange(2**32)
    config.option.hypothesis_seed = config.option.hypothesis_seed or str(seed)
    django.setup()


def pytest_report_header(config: pytest.Config) -> str:
    return f"Using --hypothesis-seed={config.option.hypothesis_seed}"


def pytest_xdist_setupnodes() -> None:
    """A worker that inherited this would read the settings before its own data folder is known."""
    del os.environ["DJANGO_SETTINGS_MODULE"]


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One more than processors, because many tests wait for programs that they start.

    Tests of single files run in this process, since workers take longer to start.
    """
    return 0 if all(".py" in name for name in config.args) else (os.cpu_count() or 1) + 1


def pytest_unconfigure() -> None:
    shutil.rmtree(DATA_DIR, ignore_errors=True)


def missing(what: str) -> NoReturn:
    """Skip the test for want of that; in CI nothing may be wanting."""
    if IN_CI:
        pytest.fail(f"{what}, and CI must have it")
    pytest.skip(what)


@pytest.fixture(scope="session", autouse=True)
def plain_static_files() -> Iterator[None]:
    """Pages name static files as they are, without a collected manifest."""
    from django.conf import settings
    from django.test import override_settings

    plain = {"BACKEND": "facesite.static_files.UnhashedStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """One for each worker; SQLite's in a file, as on a site: one in memory locks its tables in another way."""
    from django.conf import settings

    if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
        settings.DATABASES["default"]["TEST"]["NAME"] = str(DATA_DIR / "test.sqlite3")


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@contextmanager
def in_turn(lock: Path) -> Iterator[None]:
    """One worker after the other: what the first has made, the next ones find."""
    with lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def models_dir(run_folder: Path) -> Path:
    """The folder of the model files, which are fetched when they are missing."""
    from django.conf import settings
    from django.core.management import call_command

    with in_turn(run_folder / "models.lock"):
        call_command("fetch_models", stdout=io.StringIO())
    folder: Path = settings.MODELS_DIR
    return folder


@pytest.fixture(scope="session")
def images() -> Path:
    """The folder of the photos that ship with the tests."""
    return BASE_DIR / "tests" / "images"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of the larger material beside the checkout, which only some machines have."""
    if not SHARED.is_dir():
        missing("the larger material is not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def playwright() -> Iterator["Playwright"]:
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=1000 * PATIENCE)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, in which Django would refuse to use the database.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield playwright


@pytest.fixture(scope="session")
def browser(request: pytest.FixtureRequest) -> Iterator["Browser"]:
    if CHROMIUM is None:
        missing("no Chromium is installed")
    playwright: Playwright = request.getfixturevalue("playwright")
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def page(browser: "Browser") -> Iterator["Page"]:
    """A page of a fresh browser profile."""
    context = browser.new_context()
    context.set_default_timeout(1000 * PATIENCE)
    yield context.new_page()
    context.close()
