"""From a photo to a kept result and back, in a real database with real files."""

import json
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from ipaddress import ip_network

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from PIL import Image

from landmarks.access import visibility
from landmarks.core.errors import FetchError, PhotoError, PhotoTooLarge, StorageError
from landmarks.drawing.style import Style
from landmarks.models import Face, Photo, Result
from landmarks.services import engines, exporting, photos, rendering, runs
from landmarks.storage import deletion, files
from tests.rows import make_owner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("models_dir")]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def submit(images):
    def submit_photo(name: str = "astronaut.jpg", owner: str = "ann", engine: str = "local", **options: bool) -> Result:
        return runs.submit((images / name).read_bytes(), name, make_owner(owner), runs.run_options(**options), engine)

    return submit_photo


def kept_files(media) -> list:
    return [path for path in media.rglob("*") if path.is_file()]


def stored_bytes(result: Result) -> bytes:
    return files.read(result.photo.file.name)


def test_keeps_photo_result_faces_and_points(submit):
    submit("two_people.jpg")
    result = Result.objects.get()
    assert (result.name, result.engine, result.engine_version, result.face_count) == (
        "two_people.jpg",
        "local",
        "1.0",
        2,
    )
    assert (result.photo.width, result.photo.height, result.photo.format) == (1126, 661, "JPEG")
    assert [face.number for face in result.faces.all()] == [1, 2]
    assert all(len(face.points) == 90 for face in result.faces.all())
    assert result.elapsed_ms > 0


def test_points_keep_the_precision_of_the_engine(submit, images):
    result = submit()
    photo, finding = runs.analyze((images / "astronaut.jpg").read_bytes(), runs.run_options(), "local")
    assert Result.objects.get(pk=result.pk).found_faces() == finding.faces


def test_a_photo_without_a_face_is_a_result_too(submit):
    result = submit("rocket.jpg")
    assert (result.face_count, result.is_failed) == (0, False)
    assert [attempt.turned for attempt in result.tried()] == [0, 90, 180, 270]


def test_a_copy_of_a_photo_is_stored_once_for_its_owner(submit, media):
    first, second = submit(), submit()
    assert first.photo == second.photo
    assert len(kept_files(media)) == 3  # one photo, two thumbnails


def test_a_copy_of_another_owner_is_not_recognised(submit):
    assert submit(owner="ann").photo != submit(owner="bob").photo


def test_two_results_share_a_photo_until_the_last_is_deleted(submit, media):
    first, second = submit(), submit()
    deletion.delete(first)
    assert default_storage.exists(second.photo.file.name)
    deletion.delete(second)
    assert (Photo.objects.count(), Result.objects.count(), Face.objects.count()) == (0, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_a_deleted_result_leaves_no_file(submit, media):
    deletion.delete(submit())
    assert kept_files(media) == []


@pytest.mark.django_db(transaction=True)
def test_the_same_photo_sent_many_times_at_once_is_stored_once(submit):
    def submit_and_close(_: int) -> None:
        try:
            submit()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(submit_and_close, range(8)))
    assert (Photo.objects.count(), Result.objects.count()) == (1, 8)


def test_an_engine_that_fails_is_a_kept_result_with_the_reason(submit, settings, tmp_path):
    settings.MODELS_DIR = tmp_path / "empty"
    result = submit()
    assert result.is_failed
    assert result.error_code == "engine_unavailable"
    assert "manage.py fetch_models" in result.error_message
    assert default_storage.exists(result.photo.file.name)


def test_what_is_not_a_photo_is_rejected_and_nothing_stored(media):
    with pytest.raises(PhotoError):
        runs.submit(b"not a photo", "x.jpg", make_owner(), runs.run_options(), "local")
    assert Result.objects.count() == 0
    assert kept_files(media) == []


def test_the_byte_limit_is_that_of_the_settings(settings):
    settings.MAX_UPLOAD_MB = 1
    with pytest.raises(PhotoTooLarge, match="1 MB"):
        photos.decode(bytes(2**20 + 1))


def test_the_pixel_limit_is_that_of_the_settings(settings, images):
    settings.MAX_PIXELS = 1000
    with pytest.raises(PhotoTooLarge):
        photos.decode((images / "astronaut.jpg").read_bytes())


def test_a_photo_is_fetched_from_an_address(images, settings, httpserver):
    settings.FETCH_ALLOW_NETWORKS = (ip_network("127.0.0.0/8"),)
    httpserver.expect_request("/pictures/astronaut.jpg").respond_with_data((images / "astronaut.jpg").read_bytes())
    address = httpserver.url_for("/pictures/astronaut.jpg")
    result = runs.submit_address(address, make_owner(), runs.run_options(), "local")
    assert (result.name, result.face_count) == ("astronaut.jpg", 1)


def test_an_address_of_this_machine_is_rejected_without_a_request(httpserver):
    httpserver.expect_request("/secret").respond_with_data(b"secret")
    with pytest.raises(FetchError):
        runs.submit_address(httpserver.url_for("/secret"), make_owner(), runs.run_options(), "local")
    assert httpserver.log == []


def test_an_owner_sees_its_own_results_only(submit):
    mine = submit(owner="ann")
    submit(owner="bob")
    assert list(visibility.visible_results(make_owner("ann"))) == [mine]
    assert not visibility.visible_results(None).exists()


def test_everybody_sees_a_shared_history(submit, settings):
    submit(owner="ann")
    settings.HISTORY = "shared"
    assert visibility.visible_results(None).count() == 1


def test_the_stored_photo_is_upright_and_carries_nothing_but_pixels(media):
    exif = Image.Exif()
    exif[0x0112], exif[0x013B] = 6, "Jane Private"
    sent = BytesIO()
    Image.new("RGB", (40, 20), "red").save(sent, "JPEG", exif=exif, comment=b"secret comment")
    result = runs.submit(sent.getvalue(), "sideways.jpg", make_owner(), runs.run_options(), "local")
    stored = stored_bytes(result)
    with Image.open(BytesIO(stored)) as image:
        assert image.size == (20, 40)
        assert not image.getexif()
    assert b"Jane Private" not in stored
    assert b"secret comment" not in stored


def test_the_overlay_can_be_drawn_again_from_what_is_kept(submit):
    result = Result.objects.get(pk=submit().pk)
    with rendering.render_png(result, Style()) as file, Image.open(file) as picture:
        x, y = result.found_faces()[0].region("nose")[0]
        assert picture.size == (512, 512)
        plain = Image.open(BytesIO(stored_bytes(result)))
        assert picture.getpixel((round(x), round(y))) != plain.getpixel((round(x), round(y)))
    assert rendering.render_svg(result, Style()).count("<use") == 90


def test_exports_are_those_of_the_result(submit):
    answer = json.loads(b"".join(exporting.export(submit("two_people.jpg"), "json").pieces))
    assert (answer["image_width"], answer["image_height"], len(answer["face_shape_set"])) == (1126, 661, 2)


def test_the_engine_says_when_it_is_ready():
    assert engines.engine_ready()
    runs.warm_engine()
    assert engines.engine("local")._free  # a detector and a mesh wait for the first visitor


def test_deleting_twice_is_no_error(submit):
    result = submit()
    again = Result.objects.get(pk=result.pk)
    deletion.delete(result)
    deletion.delete(again)
    assert not Result.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_deletions_of_the_same_result_at_once_are_one(submit, media):
    result = submit()

    def delete_and_close(_: int) -> None:
        try:
            deletion.delete(Result.objects.get(pk=result.pk))
        except Result.DoesNotExist:
            pass  # another thread had deleted it already
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(delete_and_close, range(4)))
    assert not Result.objects.exists()
    assert kept_files(media) == []


def test_what_cannot_be_stored_is_one_sentence_and_leaves_nothing(submit, settings, tmp_path):
    (tmp_path / "file").write_text("in the way")
    settings.MEDIA_ROOT = tmp_path / "file" / "media"
    with pytest.raises(StorageError, match="can't store anything"):
        submit()
    assert not Result.objects.exists()
    assert not Photo.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_disk_that_fills_up_halfway_keeps_no_half(submit, media):
    media.mkdir()
    (media / "thumbnails").write_text("in the way of the folder")
    with pytest.raises(StorageError):
        submit()
    assert [path.name for path in kept_files(media)] == ["thumbnails"]


def test_sending_a_photo_again_restores_a_lost_file(submit):
    first = submit()
    first.photo.file.storage.delete(first.photo.file.name)
    second = submit()
    assert second.photo == first.photo
    assert stored_bytes(Result.objects.get(pk=first.pk))
