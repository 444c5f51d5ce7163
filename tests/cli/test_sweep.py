"""The command sweep: what is left behind goes, what may still be needed stays."""

import os
from datetime import timedelta
from io import StringIO
from itertools import chain
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from landmarks.models import Photo, Result
from landmarks.runtime.periods import SLACK
from landmarks.storage import orphans
from tests.rows import make_photo, make_result

pytestmark = pytest.mark.django_db(transaction=True)
HOUR, AGE = timedelta(hours=1), orphans.MIN_AGE


@pytest.fixture(autouse=True)
def media(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    return tmp_path / "media"


def put(name: str, age: timedelta = 2 * HOUR) -> str:
    default_storage.save(name, ContentFile(b"x"))
    then = (timezone.now() - age).timestamp()
    os.utime(default_storage.path(name), (then, then))
    return name


def sweep(*options: str) -> str:
    out = StringIO()
    call_command("sweep", *options, stdout=out)
    return out.getvalue()


def test_a_file_that_no_row_names_is_removed() -> None:
    name = put("photos/ab/00000000-0000-0000-0000-000000000001.jpg")
    assert sweep() == "0 deletions finished, 0 unused photos and 1 file deleted.\n"
    assert not default_storage.exists(name)


def test_files_of_results_stay_whatever_they_are_called() -> None:
    result = make_result(thumbnail=put("thumbnails/ab/other.jpg"))
    result.photo.file = put("photos/ab/00000000-0000-0000-0000-000000000002.jpg")
    result.photo.save()
    assert sweep() == "0 deletions finished, 0 unused photos and 0 files deleted.\n"
    assert default_storage.exists("thumbnails/ab/other.jpg")
    assert default_storage.exists(result.photo.file.name)


def test_the_files_of_a_deletion_that_can_be_undone_stay() -> None:
    result = make_result(deleted=timezone.now() + SLACK / 2)
    put(result.thumbnail.name)
    assert sweep() == "0 deletions finished, 0 unused photos and 0 files deleted.\n"


def test_a_young_file_may_be_of_a_photo_that_is_being_kept() -> None:
    put("photos/ab/young.jpg", AGE - timedelta(minutes=1))
    assert sweep() == "0 deletions finished, 0 unused photos and 0 files deleted.\n"


@pytest.mark.parametrize(("minutes", "is_gone"), [(4, False), (6, True)])
def test_a_copy_for_the_hosted_engine_goes_with_its_link(minutes: int, is_gone: bool) -> None:
    name = put("handover/copy.jpg", timedelta(minutes=minutes))
    sweep()
    assert default_storage.exists(name) is not is_gone


@pytest.mark.parametrize("ahead", [2 * HOUR, timedelta(days=3650)])
def test_a_clock_that_was_set_back_keeps_nothing(ahead: timedelta) -> None:
    result = make_result(deleted=timezone.now() + ahead)
    names = [put(name, -ahead) for name in (result.thumbnail.name, "photos/ab/orphan.jpg", "handover/copy.jpg")]
    make_unused_photo(-ahead)
    assert sweep() == "1 deletion finished, 1 unused photo and 2 files deleted.\n"
    assert not any(map(default_storage.exists, names))
    assert not Photo.objects.exists()


def test_a_clock_that_was_set_back_a_little_takes_nothing_that_is_being_stored() -> None:
    names = [put("photos/ab/new.jpg", -AGE / 2), make_unused_photo(-AGE / 2).file.name]
    assert sweep() == "0 deletions finished, 0 unused photos and 0 files deleted.\n"
    assert all(map(default_storage.exists, names))


def test_deletions_whose_time_is_over_are_finished() -> None:
    result = make_result(deleted=timezone.now() - timedelta(seconds=11))
    put(result.thumbnail.name)
    make_result(deleted=timezone.now() + SLACK / 2)
    assert sweep() == "1 deletion finished, 0 unused photos and 0 files deleted.\n"
    assert Result.objects.count() == 1
    assert not default_storage.exists(result.thumbnail.name)


def make_unused_photo(age: timedelta) -> Photo:
    """A photo that was stored, but never got a result."""
    photo: Photo = make_photo()
    Photo.objects.filter(pk=photo.pk).update(created=timezone.now() - age)
    put(photo.file.name)
    return photo


def test_a_photo_without_a_result_is_deleted_with_its_file() -> None:
    old, young = make_unused_photo(2 * HOUR), make_unused_photo(AGE - timedelta(minutes=1))
    used = make_result(photo=make_unused_photo(2 * HOUR)).photo
    put(used.results.get().thumbnail.name)
    assert sweep("--dry-run").splitlines()[-1].startswith("0 deletions would be finished, 1 unused photo and 0 files")
    assert sweep() == "0 deletions finished, 1 unused photo and 0 files deleted.\n"
    assert set(Photo.objects.all()) == {young, used}
    assert [default_storage.exists(photo.file.name) for photo in (old, young, used)] == [False, True, True]


def test_a_dry_run_reports_and_keeps_everything() -> None:
    make_result(deleted=timezone.now() - HOUR)
    name = put("ready_x")
    assert sweep("--dry-run") == f"{name}\n1 deletion would be finished, 0 unused photos and 1 file would be deleted.\n"
    assert default_storage.exists(name)
    assert Result.objects.exists()


def test_a_site_that_kept_nothing_yet_has_nothing_to_sweep(media: Path) -> None:
    media.rmdir()
    assert sweep() == "0 deletions finished, 0 unused photos and 0 files deleted.\n"


def test_many_files_are_looked_up_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orphans, "BATCH", 2)
    names = {put(f"photos/ab/{number}.jpg") for number in range(5)}
    make_result(thumbnail=put("photos/ab/kept.jpg"))
    assert set(chain.from_iterable(orphans.find_orphans(timezone.now()))) == names


def test_what_cannot_be_deleted_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    put("photos/ab/fast.jpg")

    def refuse(name: str) -> None:
        raise PermissionError(13, "Permission denied", name)

    monkeypatch.setattr(default_storage, "delete", refuse)
    with pytest.raises(SystemExit) as end:
        sweep()
    assert end.value.code == 1


def test_a_folder_that_cannot_be_read_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: str) -> None:
        raise PermissionError(13, "Permission denied", folder)

    monkeypatch.setattr(default_storage, "listdir", refuse)
    with pytest.raises(CommandError, match="cannot be read"):
        sweep()
