"""Store first, run after: what is left when either fails, or the photo is deleted in between."""

import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from PIL import Image

from landmarks.core.errors import EngineUnavailable, PhotoError, StorageError
from landmarks.core.finding import Finding
from landmarks.models import Owner, Photo, Result, Status
from landmarks.runtime import concurrency
from landmarks.services import engines, photos, runs
from landmarks.services.photos import StoredPhoto
from landmarks.storage import deletion, results

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("models_dir")]
OPTIONS = runs.run_options
Find = Callable[..., Finding]


@pytest.fixture(autouse=True)
def media(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def data(images: Path) -> bytes:
    return (images / "astronaut.jpg").read_bytes()


def ann() -> Owner:
    """An owner of which nothing has been stored yet."""
    return Owner(kind=Owner.Kind.BROWSER, key="ann")


def submit(data: bytes) -> Result:
    return runs.submit(data, "photo.jpg", ann(), OPTIONS(), "local")


def store(data: bytes) -> StoredPhoto:
    with photos.slot("local") as slot:
        return photos.store(data, ann(), slot, name="photo.jpg")


def run(photo: StoredPhoto) -> Result:
    with photos.slot("local") as slot:
        return runs.run(photo, "local", OPTIONS(), slot)


def kept_files(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def nothing_is_left(media: Path) -> bool:
    return not (Result.objects.exists() or Photo.objects.exists() or kept_files(media))


@pytest.fixture
def before_finding(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Does something at the moment when the engine begins."""
    find: Find = engines.engine("local").find

    def set_up(act: Callable[[], object]) -> None:
        def act_and_find(*args: Any) -> Finding:
            act()
            return find(*args)

        monkeypatch.setattr(engines.engine("local"), "find", act_and_find)

    return set_up


# --- storing and running ---------------------------------------------------------------------------------------------


def test_a_photo_is_stored_before_the_engine_runs(data: bytes, media: Path, before_finding: Any) -> None:
    seen: list[tuple[int, int, int]] = []
    before_finding(lambda: seen.append((Photo.objects.count(), Result.objects.count(), len(kept_files(media)))))
    assert submit(data).status == Status.DONE
    assert seen == [(1, 0, 1)]


def test_a_run_sees_the_pixels_as_they_were_sent(data: bytes) -> None:
    photo = store(data)
    _, finding = runs.analyze(data, OPTIONS(), "local")
    assert run(photo).found_faces() == finding.faces


def test_without_them_it_reads_the_stored_copy(data: bytes) -> None:
    photo = store(data)
    result = run(StoredPhoto(photo.row, "other.jpg"))
    assert (result.name, result.face_count, result.photo) == ("other.jpg", 1, photo.row)


def test_an_engine_that_fails_gives_a_failed_result(data: bytes, before_finding: Any) -> None:
    def fail() -> None:
        raise EngineUnavailable("It is out of order.")

    before_finding(fail)
    result = Result.objects.get(pk=submit(data).pk)
    assert (result.status, result.outcome, result.error_code) == ("failed", "failed", "engine_unavailable")


def test_the_picture_is_freed_before_its_memory_is_released(
    data: bytes, before_finding: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures: list[weakref.ref[Image.Image]] = []
    left: list[int] = []
    decode = photos.decode

    def watch(*args: Any, **options: Any) -> Any:
        photo = decode(*args, **options)
        pictures.append(weakref.ref(photo.image))
        return photo

    @contextmanager
    def room(*args: object) -> Iterator[None]:
        yield
        left.append(sum(picture() is not None for picture in pictures))

    monkeypatch.setattr(photos, "decode", watch)
    monkeypatch.setattr(concurrency, "picture_memory", room)
    result = submit(data)
    runs.run_again(result, "local", by=result.owner)
    assert len(pictures) == 1
    assert left == [0, 0]


# --- owners ----------------------------------------------------------------------------------------------------------


def test_an_owner_is_inserted_with_its_first_photo(data: bytes) -> None:
    first, second = submit(data), submit(data)
    assert Owner.objects.get() == first.owner == second.owner == first.photo.owner


def test_of_a_refused_photo_nothing_is_left(media: Path) -> None:
    with pytest.raises(PhotoError):
        submit(b"no photo")
    assert nothing_is_left(media)
    assert not Owner.objects.exists()


def test_a_new_owner_sends_many_photos_at_once(images: Path) -> None:
    names = ["astronaut.jpg", "rocket.jpg", "obama-240p.jpg"] * 2

    def send(name: str) -> None:
        with closing(connection):
            submit((images / name).read_bytes())

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(send, names))
    assert (Owner.objects.count(), Photo.objects.count(), Result.objects.count()) == (1, 3, 6)


# --- failures --------------------------------------------------------------------------------------------------------


def test_an_unforeseen_failure_leaves_nothing(data: bytes, media: Path, before_finding: Any) -> None:
    before_finding(lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        submit(data)
    assert nothing_is_left(media)


def test_a_result_that_cannot_be_stored_leaves_the_photo_of_others(data: bytes, media: Path) -> None:
    first = submit(data)
    files = kept_files(media)
    thumbnails = media / "thumbnails"
    thumbnails.rename(media / "away")
    thumbnails.touch()
    with pytest.raises(StorageError):
        submit(data)
    thumbnails.unlink()
    (media / "away").rename(thumbnails)
    assert list(Result.objects.all()) == [first]
    assert kept_files(media) == files


def test_a_copy_writes_no_second_file(data: bytes, media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    submit(data)
    written: list[str] = []
    save = FileSystemStorage._save

    def note(storage: FileSystemStorage, name: str, content: Any) -> str:
        written.append(name)
        return save(storage, name, content)

    monkeypatch.setattr(FileSystemStorage, "_save", note)
    second = submit(data)
    assert written == [second.thumbnail.name]


@pytest.mark.parametrize("is_deleted", [True, False], ids=["deleted", "file lost"])
def test_a_copy_is_stored_again_when_its_photo_is_deleted_during_the_run(
    data: bytes, media: Path, before_finding: Any, is_deleted: bool
) -> None:
    first = submit(data)
    before_finding(lambda: deletion.delete(first) if is_deleted else None)
    second = submit(data)
    assert (second.photo_id == first.photo_id) is not is_deleted
    assert default_storage.exists(Result.objects.get(pk=second.pk).photo.file.name)
    assert (Photo.objects.count(), len(kept_files(media))) == ((1, 2) if is_deleted else (1, 3))


def test_a_photo_that_is_deleted_before_it_is_run_is_gone(data: bytes, media: Path) -> None:
    photo = store(data)
    deletion.delete_unused(photo.row)
    with pytest.raises(results.PhotoGone):
        run(StoredPhoto(photo.row, "photo.jpg"))
    assert nothing_is_left(media)


# --- transactions ----------------------------------------------------------------------------------------------------


def test_no_file_and_no_engine_is_used_within_a_transaction(
    data: bytes, before_finding: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[str] = []

    def check(name: str) -> None:
        used.append(name)
        assert not connection.in_atomic_block, name

    def watch(name: str) -> None:
        method = getattr(FileSystemStorage, name)

        def checked(*args: Any, **options: Any) -> Any:
            check(name)
            return method(*args, **options)

        monkeypatch.setattr(FileSystemStorage, name, checked)

    methods = ("_open", "_save", "delete", "exists", "listdir")
    for name in methods:
        watch(name)
    before_finding(lambda: check("find"))
    first = submit(data)
    default_storage.delete(first.photo.file.name)
    for result in (first, submit(data), runs.run_again(first, "local", OPTIONS(rotate=True), by=first.owner)):
        deletion.delete(result)
    assert {"find", "_open", "_save", "delete", "exists"} <= set(used)
