"""Makes what the site needs and does not have yet: data folder, database, model files, static files."""

import fcntl
import hashlib
import tempfile
from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from landmarks.engines.local import model_files
from landmarks.server import running
from landmarks.server.existing_data import check_existing_data
from landmarks.services import engines
from landmarks.storage import locks

UNUSED_FILES = ["redoc*"]
"""Of django-ninja, which brings two pages for an API, of which Swagger UI is used."""
Say = Callable[[str], object]
"""Prints a line for the person who started the command."""


def make_data_dir(is_shared: bool = True) -> None:
    """Make the data folder, for this user alone, and share it with other commands until this process ends.

    Raises CommandError where it cannot be written.
    """
    try:
        settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A database that other tools made may be readable to others.
        settings.DATA_DIR.chmod(0o700)
        tempfile.TemporaryFile(dir=settings.DATA_DIR).close()
        if is_shared:
            running.hold()
    except OSError as exc:
        raise CommandError(
            f"The data folder {settings.DATA_DIR} cannot be written ({exc.strerror}). Let this user write "
            "there, or set DATA_DIR to a folder where it can."
        ) from exc


def make_everything(say: Say, verbosity: int = 1) -> None:
    """Everything, with a line for each thing that is made. Raises CommandError where one fails."""
    make_under_lock(say, partial(fetch_models, verbosity=verbosity), migrate, collect_static)


def make_database(say: Say) -> None:
    """The data folder and the database, for commands that need nothing else."""
    make_data_dir()
    make_under_lock(say, migrate)


def make_under_lock(say: Say, *steps: Callable[[Say], None]) -> None:
    try:
        with (settings.DATA_DIR / "prepare.lock").open("a") as lock:
            # If two processes start at once, the second finds everything made.
            fcntl.flock(lock, fcntl.LOCK_EX)
            for step in (*steps, check_secret_key):
                step(say)
    except DatabaseError as exc:
        raise CommandError(f"The database cannot be used ({exc}). Correct DATABASE_URL or what it points to.") from exc
    except OSError as exc:
        name = exc.filename or settings.DATA_DIR
        raise CommandError(
            f"{name} cannot be used ({exc.strerror}). Give this user access to it, or free some space on its disk."
        ) from exc


def fetch_models(say: Say, verbosity: int) -> None:
    """Those of the embedded engine. Raises CommandError where it is the default; beside a hosted one it is optional."""
    if all(model_files.is_present(each, settings.MODELS_DIR) for each in model_files.ALL):
        return
    say("First start: facesite downloads the two models that it finds faces with (4 MB, only once).")
    try:
        call_command("fetch_models", verbosity=verbosity)
    except CommandError as exc:
        if not engines.is_hosted(engines.default_engine()):
            raise
        say(f"{exc} Until then only the hosted engine works.")


def migrate(say: Say) -> None:
    """Raises CommandError where the database isn't the one of this program and these photos."""
    check_existing_data()
    with locks.alone_in_database():
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            say("Preparing the database …")
            call_command("migrate", interactive=False, verbosity=0)


def check_secret_key(say: Say) -> None:
    """Raise CommandError where the key is a temporary one, with which all cookies would end together with the server.

    The settings could not read the database, and so did not store a key, but now it answers.
    """
    if settings.IS_KEY_STORED and not settings.SECRET_KEY_PATH.is_file():
        raise CommandError(f"No secret key could be stored in {settings.SECRET_KEY_PATH}. Start again.")


def collect_static(say: Say) -> None:
    """Collect the static files if any has changed since the last time."""
    stamp, fingerprint = settings.DATA_DIR / "static.sha256", static_fingerprint()
    if not (settings.STATIC_ROOT.is_dir() and stamp.is_file() and stamp.read_text() == fingerprint):
        say("Preparing the pages …")
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=UNUSED_FILES)
        stamp.write_text(fingerprint)


def static_fingerprint() -> str:
    """SHA-256 over the names, contents and storage of the static files."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    files = [(path, storage) for finder in get_finders() for path, storage in finder.list([])]
    for path, storage in sorted(files, key=lambda found: found[0]):
        with storage.open(path) as file:
            digest.update(f"\0{path}\0".encode() + hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
