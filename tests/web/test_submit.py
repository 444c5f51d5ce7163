"""Submitting: what is taken leads to its result, what is refused says why and loses nothing."""

import re
import weakref
from io import BytesIO
from ipaddress import ip_network
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse
from PIL import Image
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from pytest_httpserver import HTTPServer

from landmarks.core.errors import PhotoTooLarge
from landmarks.http.history_query import key_of
from landmarks.models import Owner, Photo, Result
from landmarks.web.forms.submit import Submission
from landmarks.web.samples import SAMPLES
from landmarks.web.views.submit import submit_all
from tests.vendor import Vendor, refusal
from tests.web.conftest import Submit


def session_of(client: Client) -> str | None:
    cookie = next((client.cookies[name] for name in client.cookies if "session" in name), None)
    return cookie.value if cookie else None


@pytest.mark.django_db
def test_the_page_needs_no_script(client: Client, models_dir: Path) -> None:
    response = client.get("/")
    assertContains(response, 'type="file"', count=1)
    assertContains(response, 'enctype="multipart/form-data"')
    assertContains(response, "image/avif")
    assertContains(response, "20 MB each")


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/", "/results/"])
def test_a_browser_has_its_key_before_it_sends_anything(client: Client, models_dir: Path, page: str) -> None:
    client.get(page)
    key = session_of(client)
    assert key is not None
    client.post("/", {"sample": "astronaut"})
    assert client.session["owner"] == Result.objects.get().owner.key


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/", "/results/"])
def test_a_visit_inserts_no_owner(client: Client, models_dir: Path, page: str) -> None:
    assert client.get(page).status_code == 200
    assert not Owner.objects.exists()


@pytest.mark.django_db
def test_health_checks_get_no_session(client: Client) -> None:
    client.get("/healthz")
    assert session_of(client) is None


@pytest.mark.django_db
@pytest.mark.parametrize(("host", "place"), [("localhost:8000", "computer"), ("photos.example.org", "server")])
def test_the_page_says_where_photos_stay(
    client: Client, settings: LazySettings, models_dir: Path, host: str, place: str
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    assertContains(client.get("/", headers={"host": host}), f"Photos stay on this {place}:")


def test_a_photo_leads_to_its_result(client: Client, submit: Submit) -> None:
    response = submit("astronaut.jpg")
    result = Result.objects.get()
    assertRedirects(response, reverse("landmarks:result-detail", args=[result.pk]), 303)
    assert (result.name, result.face_count, result.engine) == ("astronaut.jpg", 1, "local")
    assert len(result.found_faces()[0].points) == 90


def test_several_photos_lead_to_the_history(client: Client, submit: Submit) -> None:
    response = submit("astronaut.jpg", "two_people.jpg")
    assertRedirects(response, "/results/", 303)
    page = client.get("/results/")
    assertContains(page, "astronaut.jpg")
    assertContains(page, "two_people.jpg")


def test_one_refused_among_several_is_named_where_one_lands(client: Client, submit: Submit) -> None:
    assertRedirects(submit("astronaut.jpg", "README.md"), "/results/", 303, fetch_redirect_response=False)
    assertContains(client.get("/results/"), "<bdi>README.md</bdi>: This file isn&#x27;t a supported image")
    assert Result.objects.count() == 1


def test_all_refused_is_the_form_with_each_reason(client: Client, submit: Submit) -> None:
    response = submit("README.md", "../conftest.py")
    assertContains(response, "<bdi>README.md</bdi>: This file isn&#x27;t a supported image", status_code=415)
    assertContains(response, "<bdi>conftest.py</bdi>: This file isn&#x27;t a supported image", status_code=415)
    assert not Result.objects.exists()


def test_a_browser_keeps_its_key(client: Client, submit: Submit) -> None:
    submit("astronaut.jpg")
    submit("rocket.jpg")
    assert len(set(Result.objects.values_list("owner", flat=True))) == 1
    assert session_of(client) is not None


def test_nothing_sent_says_what_to_do(submit: Submit) -> None:
    assertContains(submit(), "Choose a photo or enter the address of one.", status_code=400)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "status", "sentence"),
    [
        (b"", 400, "This file is empty"),
        (b"just words", 415, "t a supported image"),
        (b"\xff\xd8\xff\xe0 and no more", 400, "damaged or incomplete"),
    ],
)
def test_a_file_that_is_no_photo_is_refused(
    client: Client, models_dir: Path, data: bytes, status: int, sentence: str
) -> None:
    response = client.post("/", {"photo": SimpleUploadedFile("photo.jpg", data)})
    assertContains(response, sentence, status_code=status)
    assertContains(response, 'aria-describedby="photo-hint photo-error"', status_code=status)
    assertContains(response, 'id="photo-error"', count=1, status_code=status)


def test_a_file_that_is_too_large_is_refused(submit: Submit, client: Client, settings: LazySettings) -> None:
    settings.MAX_UPLOAD_MB = 1
    stream = BytesIO()
    Image.effect_noise((1200, 1200), 80).save(stream, "PNG")
    response = client.post("/", {"photo": SimpleUploadedFile("noise.png", stream.getvalue())})
    assertContains(response, "larger than the limit of 1 MB", status_code=413)


def test_a_photo_behind_an_address_is_fetched(
    submit: Submit, client: Client, settings: LazySettings, images: Path, httpserver: HTTPServer
) -> None:
    settings.FETCH_ALLOW_NETWORKS = (ip_network("127.0.0.0/8"),)
    httpserver.expect_request("/astronaut.jpg").respond_with_data((images / "astronaut.jpg").read_bytes())
    response = submit(image_url=httpserver.url_for("/astronaut.jpg").replace("localhost", "127.0.0.1"))
    result = Result.objects.get()
    assertRedirects(response, reverse("landmarks:result-detail", args=[result.pk]), 303)
    assert result.face_count == 1


@pytest.mark.parametrize("address", ["http://127.0.0.1/photo.jpg", 'ftp://"><script>alert(1)</script>'])
def test_a_refused_address_comes_back_with_all_that_was_typed(submit: Submit, address: str) -> None:
    response = submit(image_url=address, mode="1", need_rotate_detection="1")
    page = response.content.decode()
    assert response.status_code == 400
    assert response.context["form"]["image_url"].value() == address
    assert 'aria-describedby="image-url-error"' in page
    assert page.count(' id="image-url-error"') == 1
    assert page.count("checked") == 2
    assert re.search(r'<details class="options"\s+open>', page)
    assert "<script>alert" not in page


def test_a_photo_goes_before_an_address(client: Client, submit: Submit) -> None:
    response = submit("astronaut.jpg", image_url="http://127.0.0.1/photo.jpg")
    assertRedirects(response, reverse("landmarks:result-detail", args=[Result.objects.get().pk]), 303, 200, "", False)
    assertContains(client.get(response.headers["Location"]), "the address was ignored")


def test_only_the_largest_face_when_requested(client: Client, submit: Submit) -> None:
    response = submit("two_people.jpg", mode="1")
    result = Result.objects.get()
    assert (result.face_count, result.largest_only) == (1, True)
    assertContains(client.get(response.headers["Location"]), "The largest of 2 faces")


def test_turned_faces_when_requested(submit: Submit) -> None:
    submit("astronaut.jpg", need_rotate_detection="1")
    result = Result.objects.get()
    assert result.rotate
    assert {attempt.turned for attempt in result.tried()} == {0, 90, 180, 270}


@pytest.mark.parametrize("engine", ["auto", "local"])
def test_an_engine_can_be_named(submit: Submit, engine: str) -> None:
    submit("astronaut.jpg", engine=engine)
    assert Result.objects.get().engine == "local"


@pytest.mark.parametrize("field", ["mode", "need_rotate_detection", "engine", "sample"])
def test_an_unknown_option_is_rejected_in_a_sentence(submit: Submit, field: str) -> None:
    response = submit("astronaut.jpg", **{field: "7<b>"})
    assertContains(response, 'class="errors"', status_code=400)
    assertNotContains(response, "7<b>", status_code=400)
    assert not Result.objects.exists()


@pytest.mark.parametrize("slug", [sample.slug for sample in SAMPLES])
def test_every_sample_shows_faces(submit: Submit, slug: str) -> None:
    assert submit(sample=slug).status_code == 303
    assert Result.objects.get().face_count > 0


def test_every_sample_has_the_stated_size(submit: Submit) -> None:
    for sample in SAMPLES:
        submit(sample=sample.slug)
    sizes = set(Photo.objects.values_list("width", "height"))
    assert sizes == {(sample.width, sample.height) for sample in SAMPLES}


@pytest.mark.django_db
def test_a_form_of_another_site_is_refused_in_our_frame(images: Path) -> None:
    client = Client(enforce_csrf_checks=True)
    with open(images / "astronaut.jpg", "rb") as photo:
        response = client.post("/", {"photo": photo})
    assertContains(response, "This page has expired", status_code=403)


def test_options_hold_for_a_sample_too(client: Client, models_dir: Path, db: None) -> None:
    client.post("/", {"sample": "two_people", "mode": "1"})
    assert Result.objects.get().face_count == 1


def test_a_sample_is_what_is_meant_when_its_button_is_pressed(client: Client, submit: Submit) -> None:
    submit("rocket.jpg", sample="astronaut", image_url="typed before")
    assert Result.objects.get().name == "astronaut.jpg"


# --- programs --------------------------------------------------------------------------------------------------------

JSON = {"headers": {"accept": "application/json"}}


def test_a_program_gets_the_url_of_the_result(client: Client, images: Path, models_dir: Path, db: None) -> None:
    with open(images / "two_people.jpg", "rb") as photo:
        response = client.post("/", {"photo": photo}, **JSON)
    page = reverse("landmarks:result-detail", args=[Result.objects.get().pk])
    assert (response.status_code, response.headers["Location"]) == (201, page)
    found = {"key": key_of(Result.objects.get().position), "faces": 2}
    assert response.json() == {"url": page, "words": "2 faces", "results": [found]}


def test_a_program_that_sends_several_is_led_to_the_history(
    client: Client, images: Path, models_dir: Path, db: None
) -> None:
    with open(images / "astronaut.jpg", "rb") as photo, open(images / "README.md", "rb") as words:
        response = client.post("/", {"photo": [photo, words]}, **JSON)
    found = [{"key": key_of(Result.objects.get().position), "faces": 1}]
    assert (response.status_code, response.json()) == (201, {"url": "/results/", "words": "", "results": found})
    assertContains(client.get("/results/"), "<bdi>README.md</bdi>: This file isn&#x27;t a supported image")


def test_a_program_gets_an_error_in_the_vendors_form(client: Client, images: Path, models_dir: Path, db: None) -> None:
    with open(images / "README.md", "rb") as words:
        response = client.post("/", {"photo": words}, **JSON)
    answer = response.json()
    assert response.status_code == 415
    assert (answer["success"], answer["error"]["code"]) == (False, "photo_unsupported")
    assert answer["error"]["message"].startswith("This file isn't a supported image")
    assert isinstance(answer["trace_id"], str)


def test_a_program_learns_what_is_invalid(client: Client, models_dir: Path, db: None) -> None:
    response = client.post("/", {"sample": "astronaut", "mode": "7"}, **JSON)
    assert response.status_code == 400
    assert response.json()["error"] == {"code": "bad_request", "message": "“mode” must be 0 or 1."}


def test_of_a_photo_that_is_refused_nothing_stays_in_memory(rf: RequestFactory, db: None) -> None:
    """Ten of 20 MB in one form would be 200 MB for as long as the others take."""
    held: list[weakref.ref[bytearray]] = []

    class Bytes(bytearray):
        """Bytes to which there can be weak references."""

    def submit(owner: object) -> Result:
        data = Bytes(1000)
        held.append(weakref.ref(data))
        try:
            raise OSError(data)
        except OSError as exc:
            raise PhotoTooLarge("file_too_large", max_bytes=2**20, detail="1000 bytes") from exc

    request = rf.get("/")
    request.session = SessionStore()
    kept, refused = submit_all(request, [Submission("photo", "large.jpg", submit)] * 3)
    assert not kept
    assert [refusal.error.message_id for refusal in refused] == ["file_too_large"] * 3
    assert [reference() for reference in held] == [None] * 3


@pytest.mark.parametrize(
    "accept", ["", "*/*", "text/html,application/xhtml+xml,*/*;q=0.8", "text/html, application/json"]
)
def test_everybody_else_is_redirected(client: Client, models_dir: Path, db: None, accept: str) -> None:
    response = client.post("/", {"sample": "astronaut"}, headers={"accept": accept} if accept else {})
    assert response.status_code == 303


def test_a_program_learns_that_the_engine_failed_or_found_nobody(
    client: Client, images: Path, hosted: Vendor, db: None
) -> None:
    hosted.answers(refusal(403, "used_up", "Your balance is not sufficient for current request."))
    failed = client.post("/", {"sample": "astronaut", "engine": "acedata"}, **JSON)
    assert failed.json()["words"] == "The engine failed"
    assert [each["faces"] for each in failed.json()["results"]] == [None]
    with open(images / "rocket.jpg", "rb") as photo:
        empty = client.post("/", {"photo": photo, "engine": "local"}, **JSON)
    assert empty.json()["words"] == "No face"
    assert [each["faces"] for each in empty.json()["results"]] == [0]
