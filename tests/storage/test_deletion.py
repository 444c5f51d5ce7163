"""Deletions: hidden at once, undone within ten seconds, finished after that, exact when both happen together."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from landmarks.access import visibility
from landmarks.models import Face, Photo, Result
from landmarks.services import runs
from landmarks.storage import deletion
from tests.rows import NOON, make_owner, make_photo, make_result

SECOND = timedelta(seconds=1)
KEPT = Result.objects.kept
ALL = Result.objects.all


@pytest.fixture
def media(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def with_files(**facts: object) -> Result:
    """A result whose files are there."""
    result: Result = make_result(**facts)
    for file in (result.photo.file, result.thumbnail):
        if not default_storage.exists(file.name):
            default_storage.save(file.name, ContentFile(b"x"))
    Face.objects.create(result=result, number=1, points=[])
    return result


def files(media: Path) -> int:
    return sum(path.is_file() for path in media.rglob("*"))


@pytest.mark.django_db
def test_a_deletion_hides_at_once_and_keeps_everything(media: Path) -> None:
    result = with_files()
    assert deletion.mark_deleted(KEPT(), NOON) == 1
    assert not visibility.visible_results(make_owner()).exists()
    assert (Face.objects.count(), files(media)) == (1, 2)
    assert list(visibility.visible_results_with_deleted(make_owner())) == [result]


@pytest.mark.django_db
def test_a_second_deletion_does_not_begin_the_time_anew() -> None:
    make_result()
    deletion.mark_deleted(KEPT(), NOON)
    assert deletion.mark_deleted(ALL(), NOON + 5 * SECOND) == 0
    assert Result.objects.get().deleted == NOON


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("after", "is_back"), [(0, True), (9.999, True), (10, False), (3600, False), (-29, True), (-31, False)]
)
def test_an_undo_has_ten_seconds(after: float, is_back: bool) -> None:
    make_result(deleted=NOON)
    assert deletion.restore(ALL(), NOON + after * SECOND) == is_back
    assert KEPT().exists() == is_back


@pytest.mark.django_db
def test_an_undo_touches_nothing_that_is_kept() -> None:
    make_result()
    assert deletion.restore(ALL(), NOON) == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("after", "left"), [(0, 2), (9.999, 2), (10, 0), (3600, 0), (-29, 2), (-31, 0)])
def test_a_deletion_is_finished_after_ten_seconds(media: Path, after: float, left: int) -> None:
    with_files(deleted=NOON)
    assert deletion.finish_deletions(NOON + after * SECOND) == (not left)
    assert (Result.objects.count(), Face.objects.count(), Photo.objects.count()) == ((1, 1, 1) if left else (0, 0, 0))
    assert files(media) == left


@pytest.mark.django_db(transaction=True)
def test_a_photo_stays_while_another_result_needs_it(media: Path) -> None:
    photo = make_photo()
    kept = with_files(photo=photo)
    with_files(photo=photo, deleted=NOON)
    deletion.finish_deletions(NOON + 10 * SECOND)
    assert list(Result.objects.all()) == [kept]
    assert files(media) == 2


@pytest.mark.django_db(transaction=True)
def test_a_photo_goes_when_all_its_deletions_are_finished(media: Path) -> None:
    photo = make_photo()
    with_files(photo=photo, deleted=NOON)
    with_files(photo=photo, deleted=NOON + 5 * SECOND)
    assert deletion.finish_deletions(NOON + 12 * SECOND) == 1
    assert Photo.objects.exists()
    assert deletion.finish_deletions(NOON + 15 * SECOND) == 1
    assert not Photo.objects.exists()
    assert files(media) == 0


@pytest.mark.django_db(transaction=True)
def test_an_undo_just_before_the_deletion_wins(media: Path) -> None:
    result = with_files(deleted=NOON)
    later = NOON + 11 * SECOND
    (found,) = deletion.expired(later)
    assert deletion.restore(ALL(), NOON + 9 * SECOND) == 1
    assert not deletion.delete(found, deletion.expired(later))
    assert KEPT().get() == result
    assert files(media) == 2


@pytest.mark.django_db(transaction=True)
def test_undo_and_end_at_once_leave_whole_results_or_nothing(media: Path) -> None:
    """Both clocks are right: one was read just before the time was over, the other just after."""
    for _ in range(40):
        with_files(deleted=NOON)

    def act(number: int) -> int:
        with closing(connection):
            if number % 2:
                return deletion.finish_deletions(NOON + 10 * SECOND)
            return deletion.restore(ALL(), NOON + 9.9 * SECOND)

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(act, range(4)))
    back, gone = sum(counts[0::2]), sum(counts[1::2])
    assert back + gone == 40
    assert KEPT().count() == Photo.objects.count() == Face.objects.count() == back
    assert files(media) == 2 * back


@pytest.mark.django_db(transaction=True)
def test_a_submission_of_the_same_photo_saves_it_from_the_end(media: Path, images: Path, models_dir: Path) -> None:
    data = (images / "astronaut.jpg").read_bytes()
    first = runs.submit(data, "a.jpg", make_owner(), runs.run_options(), "local")
    deletion.mark_deleted(KEPT(), NOON)
    second = runs.submit(data, "a.jpg", make_owner(), runs.run_options(), "local")
    deletion.finish_deletions(NOON + 10 * SECOND)
    assert second.photo_id == first.photo_id
    assert list(KEPT()) == [second]
    assert default_storage.exists(Photo.objects.get().file.name)


@pytest.mark.django_db
def test_another_owners_deletion_cannot_be_undone() -> None:
    make_result(deleted=NOON)
    assert deletion.restore(visibility.visible_results_with_deleted(make_owner("bob")), NOON) == 0
    assert deletion.restore(visibility.visible_results_with_deleted(None), NOON) == 0


@pytest.mark.django_db
def test_everybody_undoes_in_a_shared_history(settings: LazySettings) -> None:
    settings.HISTORY = "shared"
    make_result(deleted=NOON)
    assert deletion.restore(visibility.visible_results_with_deleted(make_owner("bob")), NOON) == 1


@pytest.mark.django_db
def test_expired_deletions_are_read_from_an_index() -> None:
    if connection.vendor == "sqlite":
        assert "result_deleted" in deletion.expired(NOON).explain()
