"""The thread that cleans up: what each round does, by one process at a time, and that nothing ends it."""

import os
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection
from django.utils import timezone

from landmarks.core.errors import StorageError
from landmarks.models import Owner, Photo, Result
from landmarks.server import cleanup_thread
from landmarks.server.cleanup_thread import Cleanup
from landmarks.storage import deletion, erasure, orphans
from landmarks.storage.temporary_files import UPLOADS
from tests.patience import PATIENCE
from tests.rows import NOON, make_owner, make_photo, make_result

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def media(settings: LazySettings, tmp_path: Path) -> Path:
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def cleanup() -> Iterator[Cleanup]:
    cleanup = Cleanup()
    yield cleanup
    cleanup.close()


def put(name: str, age: timedelta = timedelta()) -> str:
    default_storage.save(name, ContentFile(b"12345"))
    then = (timezone.now() - age).timestamp()
    os.utime(default_storage.path(name), (then, then))
    return name


def files(media: Path) -> list[str]:
    return [path.name for path in media.rglob("*") if path.is_file()]


def test_deletions_of_an_earlier_process_are_finished(media: Path, cleanup: Cleanup) -> None:
    result = make_result(deleted=NOON)
    put(result.thumbnail.name)
    put(result.photo.file.name)
    cleanup.run()
    assert not Result.objects.exists()
    assert files(media) == []


def test_expired_uploads_are_deleted_though_nobody_uploads_any_more(media: Path, cleanup: Cleanup) -> None:
    put(UPLOADS.path("old"), UPLOADS.expires + MINUTE)
    put(UPLOADS.path("new"), UPLOADS.expires - MINUTE)
    cleanup.run()
    assert files(media) == ["new.jpg"]


def test_files_and_photos_of_a_crash_are_deleted(media: Path, cleanup: Cleanup) -> None:
    """Also the file of a deletion that was cut short: its row is gone."""
    put("photos/ab/00000000-0000-0000-0000-000000000001.jpg", orphans.MIN_AGE + MINUTE)
    put("photos/ab/00000000-0000-0000-0000-000000000002.jpg", orphans.MIN_AGE - MINUTE)
    unused = make_photo()
    Photo.objects.filter(pk=unused.pk).update(created=timezone.now() - orphans.MIN_AGE - MINUTE)
    put(unused.file.name, orphans.MIN_AGE + MINUTE)
    cleanup.run()
    assert files(media) == ["00000000-0000-0000-0000-000000000002.jpg"]
    assert not Photo.objects.exists()


def test_the_promised_hour_holds_at_the_slowest() -> None:
    assert orphans.MIN_AGE + timedelta(seconds=2 * cleanup_thread.SWEEP_EVERY) < timedelta(hours=1)


def test_the_promised_minute_holds() -> None:
    rounds = cleanup_thread.ERASE_EVERY + 2 * cleanup_thread.EVERY_SECONDS
    assert deletion.UNDO + timedelta(seconds=rounds) < timedelta(minutes=1)


def test_sizes_of_older_files_are_counted_once(cleanup: Cleanup) -> None:
    result = make_result()
    put(result.thumbnail.name)
    put(result.photo.file.name)
    cleanup.run()
    assert (Photo.objects.get().file_size, Result.objects.get().thumbnail_size) == (5, 5)
    assert Owner.objects.get().stored_bytes == 10
    cleanup._sweep_at = time.monotonic()
    cleanup.run()
    assert Owner.objects.get().stored_bytes == 10


def test_one_process_cleans_up_until_it_ends(cleanup: Cleanup) -> None:
    other = Cleanup()
    cleanup.run()
    make_result(deleted=NOON)
    other.run()
    assert Result.objects.exists()
    cleanup.close()
    other.run()
    assert not Result.objects.exists()
    other.close()


def test_erasing_and_sweeping_wait_for_their_time(media: Path, cleanup: Cleanup) -> None:
    cleanup.run()
    put("photos/ab/orphan.jpg", timedelta(days=1))
    put(UPLOADS.path("old"), timedelta(days=1))
    cleanup.run()
    assert set(files(media)) == {"orphan.jpg", "old.jpg"}
    cleanup._erase_at = time.monotonic()
    cleanup.run()
    assert files(media) == ["orphan.jpg"]
    cleanup._sweep_at = time.monotonic()
    cleanup.run()
    assert files(media) == []


def test_a_long_sweep_goes_on_in_the_next_rounds(
    media: Path, cleanup: Cleanup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cleanup_thread, "SLICE_SECONDS", 0)
    for folder in "abc":
        put(f"photos/{folder}/orphan.jpg", timedelta(days=1))
    left = []
    while not left or cleanup._sweep:
        make_result(deleted=NOON)
        cleanup.run()
        assert not Result.objects.exists()
        left.append(len(files(media)))
    assert left[0] > 0
    assert left[-1] == 0
    assert cleanup._sweep_at > time.monotonic()


def test_a_journal_that_is_read_is_truncated_by_a_later_round(
    cleanup: Cleanup, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = iter([False, True])
    monkeypatch.setattr(erasure, "truncate_journal", lambda: next(attempts))
    cleanup.run()
    assert cleanup._erase_at <= time.monotonic()
    cleanup.run()
    assert cleanup._erase_at > time.monotonic()


@pytest.mark.parametrize("error", [StorageError("storage_failed"), IntegrityError("a mistake of the program")])
@pytest.mark.parametrize(
    ("module", "step"),
    [
        (deletion, "finish_deletions"),
        (erasure, "compact_search_index"),
        (erasure, "truncate_journal"),
        (orphans, "delete_orphans"),
    ],
)
def test_a_step_that_fails_does_not_keep_others_from_theirs(
    module: object, step: str, error: Exception, media: Path, cleanup: Cleanup, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise error

    put(UPLOADS.path("old"), timedelta(days=1))
    result = make_result()
    monkeypatch.setattr(module, step, fail)
    cleanup.run()
    assert files(media) == []
    assert Result.objects.filter(pk=result.pk).exists()


def test_without_a_data_folder_a_round_does_nothing(settings: LazySettings, tmp_path: Path, cleanup: Cleanup) -> None:
    settings.DATA_DIR = tmp_path / "missing"
    make_result(deleted=NOON)
    cleanup.run()
    assert Result.objects.exists()


def test_the_thread_runs_until_it_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    rounds, done, stop = [], threading.Event(), threading.Event()

    def run(self: Cleanup) -> None:
        rounds.append(1)
        if len(rounds) == 2:
            stop.set()
            done.set()

    monkeypatch.setattr(Cleanup, "run", run)
    monkeypatch.setattr(cleanup_thread, "EVERY_SECONDS", 0)
    cleanup_thread.run_periodically(stop)
    assert done.is_set()


def test_all_deletions_share_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()
    monkeypatch.setattr(Cleanup, "run", lambda self: done.set())
    monkeypatch.setattr(cleanup_thread, "EVERY_SECONDS", 3600)
    before = threading.active_count()
    cleanup_thread.start()
    assert done.wait(PATIENCE)
    for _ in range(5):
        make_result(owner=make_owner())
        deletion.mark_deleted(Result.objects.kept(), NOON)
    assert threading.active_count() == before + 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="this is about files of SQLite")
def test_a_round_without_anything_to_do_writes_nothing(cleanup: Cleanup) -> None:
    make_result(name="some name")
    cleanup.run()
    erasure.truncate_journal()
    database = Path(str(connection.settings_dict["NAME"]))
    before = database.stat().st_mtime_ns
    cleanup._erase_at = cleanup._sweep_at = 0.0
    cleanup._has_deleted = True
    cleanup.run()
    assert database.stat().st_mtime_ns == before
