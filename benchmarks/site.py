"""The site's own model files, and a database and media folder that are deleted afterwards."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import DEFAULT_DB_ALIAS, ConnectionHandler
from django.test.utils import override_settings

from landmarks import models
from landmarks.core.finding import Finding
from landmarks.engines.local.engine import LocalEngine
from landmarks.photos.photo import Photo
from landmarks.storage import deletion, results

PREFIX = "facesite-benchmark-"


def models_dir() -> Path:
    """The folder of the model files, which are fetched when they are missing; raise CommandError when that fails."""
    folder = Path(settings.MODELS_DIR)
    if not LocalEngine(folder).is_ready():
        call_command("fetch_models", stdout=sys.stderr)
    return folder


@contextmanager
def temporary_storage() -> Iterator[None]:
    """Files and rows that are stored meanwhile are deleted at the end; the database is SQLite, as by default."""
    site = connections[DEFAULT_DB_ALIAS].settings_dict
    options = site["OPTIONS"] if site["ENGINE"] == "django.db.backends.sqlite3" else {}
    with TemporaryDirectory(prefix=PREFIX) as folder, override_settings(MEDIA_ROOT=Path(folder) / "media"):
        database = {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{folder}/benchmark.sqlite3", "OPTIONS": options}
        connection = ConnectionHandler({DEFAULT_DB_ALIAS: database})[DEFAULT_DB_ALIAS]
        with connected(connection):
            try:
                call_command("migrate", interactive=False, verbosity=0)
                yield
            finally:
                connection.close()


@contextmanager
def connected(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Use another connection as the default one."""
    before = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = connection
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = before


def store_result(photo: Photo, finding: Finding) -> Callable[[], object]:
    """Store a photo and its faces as the site does; returns what deletes them."""
    # Of a photo that an owner sent before, no second copy is stored.
    owner = models.Owner(kind=models.Owner.Kind.BROWSER, key=uuid4().hex)
    stored = results.store_photo(owner, owner.key, photo)
    result = models.Result(owner=stored.owner, photo=stored, name="benchmark", engine=finding.engine)
    result.note_finding(finding)
    results.store_result(result, photo.image, finding.faces)
    return lambda: deletion.delete(result)
