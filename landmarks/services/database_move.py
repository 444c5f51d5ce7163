"""Copies the rows of a site from an SQLite file to the PostgreSQL database that is configured."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import DatabaseError, connection, connections, models
from django.db.migrations.executor import MigrationExecutor

from landmarks.storage.backup_errors import BackupError

SOURCE = "source"
"""The alias of the SQLite file, for as long as it is read."""
BATCH = 1000
"""Rows that are copied in one transaction."""


@dataclass(frozen=True)
class Report:
    copied: int
    rows: int
    """That both databases have now."""


def move_database(source: Path, begin: Callable[[int], Callable[[int], object]]) -> Report:
    """Copy every row, in the order of the primary keys, and compare all of them in the end.

    Started again after it was interrupted, it copies the rest. The file is only read. The caller has seen that nobody
    writes to either database. Raises BackupError.
    """
    if connection.vendor != "postgresql":
        raise BackupError("move_needs_postgresql")
    if not source.is_file():
        raise BackupError("move_no_database", path=str(source))
    try:
        with opened(source):
            check_schema(source)
            tables = in_order()
            advance = begin(sum(table._base_manager.using(SOURCE).count() for table in tables))
            copied = sum(copy(table, advance) for table in tables)
            reset_sequences(tables)
            return Report(copied, sum(map(compare, tables)))
    except DatabaseError as exc:
        raise BackupError("move_database_failed", reason=" ".join(str(exc).split())) from exc


@contextmanager
def opened(source: Path) -> Iterator[None]:
    """The file as a further database of Django's, without the right to write."""
    settings = connection.settings_dict | {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": f"{source.resolve().as_uri()}?mode=ro",
        "OPTIONS": {"uri": True},
    }
    connections.databases[SOURCE] = settings
    try:
        yield
    finally:
        connections[SOURCE].close()
        del connections[SOURCE], connections.databases[SOURCE]


def check_schema(source: Path) -> None:
    """Raise BackupError unless the file has exactly the migrations that the new database has."""
    executor = MigrationExecutor(connections[SOURCE])
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise BackupError("move_old_schema", path=str(source), migration=plan[0][0].name)


def in_order() -> list[type[models.Model]]:
    """The tables of the site, those that others refer to first."""
    tables = list(apps.get_app_config("landmarks").get_models())
    return list(TopologicalSorter({table: referred_to(table) & set(tables) for table in tables}).static_order())


def referred_to(table: type[models.Model]) -> set[Any]:
    return {field.related_model for field in table._meta.concrete_fields if field.is_relation} - {table}


def copy(table: type[models.Model], advance: Callable[[int], object]) -> int:
    """Number of the rows that were copied.

    They are written in the order of their keys, so that what is there is a beginning.
    """
    last = table._base_manager.order_by("-pk").values_list("pk", flat=True).first()
    rows = table._base_manager.using(SOURCE).order_by("pk")
    advance(rows.filter(pk__lte=last).count() if last is not None else 0)
    copied = 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH] if last is not None else rows[:BATCH]):
        table._base_manager.bulk_create(batch)
        last, copied = batch[-1].pk, copied + len(batch)
        advance(len(batch))
    return copied


def reset_sequences(tables: list[type[models.Model]]) -> None:
    """Let the next rows get numbers beyond those that were copied."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)


def compare(table: type[models.Model]) -> int:
    """Number of the rows. Raises BackupError where the two databases differ."""
    (here, digest), (there, other) = (digest_of(table, alias) for alias in (SOURCE, connection.alias))
    if digest != other:
        raise BackupError("move_not_alike", table=table._meta.db_table, here=here, there=there)
    return here


def digest_of(table: type[models.Model], alias: str) -> tuple[int, str]:
    """Number of the rows, and SHA-256 over them."""
    names = [field.attname for field in table._meta.concrete_fields if not field.generated]
    digest, count = hashlib.sha256(), 0
    for row in table._base_manager.using(alias).order_by("pk").values_list(*names).iterator(BATCH):
        digest.update(json.dumps([plain(value) for value in row], sort_keys=True, default=str).encode())
        count += 1
    return count, digest.hexdigest()


def plain(value: Any) -> Any:
    """The same for equal numbers: PostgreSQL gives 100000.0 of a JSON field back as 100000."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    return value
