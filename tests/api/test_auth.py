"""Who may use the API, for what, until when and how often; and that a token is seen by nobody."""

import io
import logging
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.client import encode_multipart
from django.utils import timezone
from pytest_django.asserts import assertNumQueries

from landmarks.access import tokens
from landmarks.models import Photo, Result, Token
from tests.api.conftest import ANALYZE, FILES, RESULTS, MakeToken, Program, error_of
from tests.rows import make_owner, make_result

OPERATIONS = [
    ("POST", ANALYZE),
    ("POST", FILES),
    ("POST", RESULTS),
    ("GET", RESULTS),
    ("GET", f"{RESULTS}/4b1b8b6e-6a5e-4c5e-9d6b-000000000000"),
    ("PATCH", f"{RESULTS}/4b1b8b6e-6a5e-4c5e-9d6b-000000000000"),
    ("DELETE", f"{RESULTS}/4b1b8b6e-6a5e-4c5e-9d6b-000000000000"),
    ("GET", f"{RESULTS}/4b1b8b6e-6a5e-4c5e-9d6b-000000000000/export/json"),
]
everywhere = pytest.mark.parametrize(("method", "path"), OPERATIONS)
pytestmark = pytest.mark.django_db


def ask(method: str, path: str, token: str) -> tuple[int, str]:
    return error_of(Client().generic(method, path, headers={"Authorization": f"Bearer {token}"}))


@everywhere
@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer  ", "Basic YTpi", "fs_token"])
def test_without_a_token_nothing_is_done(method: str, path: str, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    with assertNumQueries(0):
        assert error_of(Client().generic(method, path, headers=headers)) == (400, "no_token")


@everywhere
@pytest.mark.parametrize("token", ["wrong", "fs_" + "a" * 43, "\xff\xfe", "a" * 5000, "a b"])
def test_a_wrong_token_opens_nothing(method: str, path: str, token: str) -> None:
    response = Client().generic(method, path, headers={"Authorization": f"Bearer {token}"})
    assert error_of(response) == (401, "invalid_token")
    assert response.headers["WWW-Authenticate"] == "Bearer"


@everywhere
def test_a_token_whose_time_is_over_opens_nothing(method: str, path: str, make_token: MakeToken) -> None:
    token = make_token(expires_in=timedelta(days=1))
    Token.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert ask(method, path, token) == (401, "token_expired")
    # Made before the clock was set back by a week: it would live for eight days.
    Token.objects.update(created=timezone.now() + timedelta(days=7), expires=timezone.now() + timedelta(days=8))
    assert ask(method, path, token) == (401, "token_expired")
    Token.objects.update(expires=None)
    assert Client().generic(method, path, headers={"Authorization": f"Bearer {token}"}).status_code != 401


@everywhere
def test_a_revoked_token_opens_nothing(method: str, path: str, make_token: MakeToken) -> None:
    token = make_token()
    assert tokens.revoke(token[: tokens.SHOWN])
    assert ask(method, path, token) == (403, "disabled")


class SlowBody(io.BytesIO):
    """A body during whose arrival something happens."""

    def __init__(self, content: bytes, meanwhile: Callable[[], object]) -> None:
        super().__init__(content)
        self.meanwhile = meanwhile

    def read(self, size: int | None = -1) -> bytes:
        if not self.tell():
            self.meanwhile()
        return super().read(size)


JSON_BODY = (b'{"image_url": "http://127.0.0.1:1/", "name": "new"}', "application/json")


def a_form(field: str, photo: Path) -> tuple[bytes, str]:
    content = encode_multipart("b", {field: SimpleUploadedFile("a.jpg", photo.read_bytes())})
    return content, "multipart/form-data; boundary=b"


@pytest.mark.parametrize(
    ("end", "error"),
    [
        (lambda: Token.objects.update(revoked=timezone.now()), (403, "disabled")),
        (lambda: Token.objects.update(expires=timezone.now()), (401, "token_expired")),
        (lambda: Token.objects.all().delete(), (401, "invalid_token")),
    ],
    ids=["revoked", "expired", "deleted"],
)
def test_a_token_that_ends_while_a_body_arrives_does_nothing(
    make_token: MakeToken,
    images: Path,
    models_dir: Path,
    settings: LazySettings,
    tmp_path: Path,
    end: Callable[[], object],
    error: tuple[int, str],
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    result = make_result(owner=make_owner("ann", "token"), name="old")
    photo = images / "astronaut.jpg"
    for method, path, (content, content_type) in (
        ("POST", RESULTS, a_form("photo", photo)),
        ("POST", RESULTS, JSON_BODY),
        ("POST", FILES, a_form("file", photo)),
        ("POST", ANALYZE, JSON_BODY),
        ("PATCH", f"{RESULTS}/{result.pk}", JSON_BODY),
    ):
        headers = {"Authorization": f"Bearer {make_token(rate='off')}"}
        body = {"wsgi.input": SlowBody(content, end)}
        response = Client().generic(method, path, content, content_type, headers=headers, **body)
        assert error_of(response) == error, path
    assert Result.objects.get().name == "old"
    assert Photo.objects.get() == result.photo
    assert not (tmp_path / "media").exists()


@everywhere
def test_a_token_for_analysis_opens_the_vendors_addresses_alone(method: str, path: str, make_token: MakeToken) -> None:
    error = ask(method, path, make_token(scope=tokens.ANALYZE))
    assert (error == (403, "token_mismatched")) == path.startswith(RESULTS)


def test_the_scheme_may_be_written_in_any_case(make_token: MakeToken) -> None:
    token = make_token()
    for header in (f"bearer {token}", f"BEARER  {token} "):
        assert Client().get(RESULTS, headers={"Authorization": header}).status_code == 200


def test_a_token_in_the_address_or_in_a_cookie_is_none(make_token: MakeToken) -> None:
    token = make_token()
    client = Client()
    client.cookies["token"] = token
    assert error_of(client.get(f"{RESULTS}?token={token}&access_token={token}")) == (400, "no_token")


def test_a_browser_that_sees_results_sees_none_by_the_api(client: Client, images: Path, models_dir: Path) -> None:
    with (images / "rocket.jpg").open("rb") as photo:
        assert client.post("/", {"photo": photo}).status_code == 303
    assert error_of(client.get(RESULTS)) == (400, "no_token")
    assert error_of(client.post(ANALYZE)) == (400, "no_token")


def test_a_program_needs_no_mark_of_a_form(make_token: MakeToken) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(
        ANALYZE, {}, content_type="application/json", headers={"Authorization": f"Bearer {make_token()}"}
    )
    assert response.json()["error"]["message"] == "image_url is required"


# --- how often -------------------------------------------------------------------------------------------------------


def test_a_token_has_its_own_rate(make_token: MakeToken) -> None:
    program = Program(make_token(rate="2/hour"), Client())
    assert [program.get(RESULTS).status_code for _ in range(3)] == [200, 200, 429]
    refused = program.get(RESULTS)
    assert error_of(refused) == (429, "too_many_requests")
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert Program(make_token(rate="2/hour"), Client()).get(RESULTS).status_code == 200


def test_else_it_has_that_of_the_site(make_token: MakeToken, settings: LazySettings) -> None:
    settings.API_RATE = "1/min"
    program = Program(make_token(), Client())
    assert [program.get(RESULTS).status_code for _ in range(2)] == [200, 429]


def test_all_addresses_count_together(make_token: MakeToken) -> None:
    program = Program(make_token(rate="2/hour"), Client())
    assert error_of(program.analyze()) == (400, "bad_request")
    assert program.get(RESULTS).status_code == 200
    assert error_of(program.analyze()) == (429, "too_many_requests")


# --- what is kept of it ----------------------------------------------------------------------------------------------


def test_a_token_is_256_random_bits_that_any_header_takes(make_token: MakeToken) -> None:
    made = {make_token() for _ in range(20)}
    assert len(made) == 20
    assert all(re.fullmatch(r"fs_[A-Za-z0-9_-]{43}", token) for token in made)


def test_its_use_is_noted_once_a_minute(make_token: MakeToken) -> None:
    program = Program(make_token(rate="off"), Client())
    assert Token.objects.get().last_used is None
    program.get(RESULTS)
    first = Token.objects.get().last_used
    assert first
    program.get(RESULTS)
    assert Token.objects.get().last_used == first
    Token.objects.update(last_used=first - timedelta(minutes=2))
    program.get(RESULTS)
    again = Token.objects.get().last_used
    assert again
    assert again >= first


def test_no_table_holds_a_token(make_token: MakeToken, images: Path, models_dir: Path) -> None:
    token = make_token()
    program = Program(token, Client())
    program.send(RESULTS, images / "rocket.jpg", "photo")
    kept = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            kept += cursor.fetchall()
    assert any("ann" in str(row) for row in kept)
    assert token[tokens.SHOWN :] not in str(kept)


def test_no_page_no_answer_and_no_log_reports_a_token(
    make_token: MakeToken, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*args: object, **kwargs: object) -> None:
        raise ValueError(f"with {token}")

    token = make_token()
    program = Program(token, Client(raise_request_exception=False))
    with caplog.at_level(logging.DEBUG):
        answers = [program.get(path) for path in (RESULTS, "/", "/api/docs", "/api/openapi.json", "/nowhere", "/api/x")]
        answers += [program.analyze("http://127.0.0.1:1/"), Client().get(RESULTS, headers={"Authorization": token})]
        monkeypatch.setattr("landmarks.access.visibility.visible_results", crash)
        answers.append(program.get(RESULTS))
    assert answers[-1].status_code == 500
    assert not any(token in str(answer.headers) + answer.content.decode() for answer in answers)
    said = "\n".join(record.getMessage() for record in caplog.records)
    assert token not in said
