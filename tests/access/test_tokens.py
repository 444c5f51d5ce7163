"""The tokens of the hosted engine go into the headers of its requests and to no other place."""

import json
import logging
import os
import subprocess
import sys
from html import escape
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import quote

import pytest
import requests
from django.conf import LazySettings
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views.debug import technical_500_response

from landmarks.core.errors import StorageError
from landmarks.models import Result
from landmarks.services import runs
from tests.cli.analyzing import command
from tests.patience import PATIENCE
from tests.rows import make_owner
from tests.server.test_serve import environment, serving
from tests.vendor import (
    PLATFORM_TOKEN,
    TOKEN,
    Answer,
    Request,
    Vendor,
    analysis,
    answering,
    face_in,
    head,
    ok,
)
from tests.web.conftest import addresses, body

FORMS = {
    form
    for token in (TOKEN, PLATFORM_TOKEN)
    for form in (token, quote(token), quote(token, safe=""), escape(token), token.replace("/", "\\/"))
}
"""The spellings in which a token might come back."""


def leaked(*texts: object) -> list[str]:
    return [form for form in FORMS for text in texts if form in str(text)]


# --- a vendor that tells its own secrets -----------------------------------------------------------------------------


def said(request: Request) -> str:
    return str(request.headers["Authorization"])


def in_the_message(vendor: Vendor, request: Request) -> list[bytes]:
    error = {"code": "invalid_token", "message": f"The token in {said(request)!r} is wrong."}
    return [answering({"error": error, "trace_id": "1"}, "401 Unauthorized")]


def in_the_code_and_the_trace(vendor: Vendor, request: Request) -> list[bytes]:
    token = said(request).split()[1]
    answer = {"error": {"code": token, "message": quote(token, safe="")}, "trace_id": token}
    return [answering(answer, "500 Internal Server Error", f"X-Trace-Id: {token}")]


def in_html(vendor: Vendor, request: Request) -> list[bytes]:
    page = f"<html><pre>Authorization: {escape(said(request))}</pre></html>".encode()
    return [head("502 Bad Gateway", "Content-Type: text/html", f"Content-Length: {len(page)}") + page]


def in_escaped_json(vendor: Vendor, request: Request) -> list[bytes]:
    return [ok(json.dumps({"echo": said(request)}).replace("/", "\\/").encode(), "Content-Type: application/json")]


def in_a_redirect(vendor: Vendor, request: Request) -> list[bytes]:
    return [head("302 Found", f"Location: {vendor.url}/?{quote(said(request))}", "Content-Length: 0")]


def in_the_result(vendor: Vendor, request: Request) -> list[bytes]:
    token = said(request).split()[1]
    return [answering(analysis(512, 512, [face_in(512, 512)], token), "200 OK", f"X-Trace-Id: {token}")]


def in_a_status_line(vendor: Vendor, request: Request) -> list[bytes]:
    return [head(f"418 {said(request)}", "Content-Length: 0")]


def in_no_http(vendor: Vendor, request: Request) -> list[bytes]:
    return [f"{said(request)}\r\n\r\n".encode()]


ECHOES = (
    in_the_message,
    in_the_code_and_the_trace,
    in_html,
    in_escaped_json,
    in_a_redirect,
    in_the_result,
    in_a_status_line,
    in_no_http,
)


@pytest.fixture
def hosted(settings: LazySettings, vendor: Vendor, tmp_path: Path) -> Vendor:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.FETCH_ALLOW_NETWORKS = (ip_network("127.0.0.0/8"),)
    settings.ACEDATA_API_URL, settings.ACEDATA_API_TOKEN = vendor.url, TOKEN
    settings.ACEDATA_PLATFORM_URL, settings.ACEDATA_PLATFORM_TOKEN = vendor.platform_url, PLATFORM_TOKEN
    return vendor


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    return caplog


def written(log: pytest.LogCaptureFixture) -> list[str]:
    line = logging.Formatter("%(message)s %(args)s")
    return [line.format(record) for record in log.records]


def database() -> list[object]:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        return [cursor.execute(f'SELECT * FROM "{table}"').fetchall() for table in tables]  # noqa: S608


def everything_shown(client: Client, result: Result) -> list[object]:
    pages = [client.get(address) for address in ("/", reverse("landmarks:result-list"), *addresses(result))]
    return [part for page in pages for part in (page.headers, page.cookies, body(page).decode("utf-8", "replace"))]


@pytest.mark.django_db
@pytest.mark.parametrize("echo", ECHOES)
def test_a_vendor_that_echoes_the_token_spreads_it_no_further(
    hosted: Vendor, client: Client, images: Path, log: pytest.LogCaptureFixture, echo: Answer
) -> None:
    hosted.answers(echo, echo, echo)
    address = hosted.puts("/a.jpg", (images / "astronaut.jpg").read_bytes())
    response = client.post("/", {"image_url": address, "engine": "acedata"})
    assert response.status_code == 303
    assert TOKEN in said(hosted.requests[0])
    shown = everything_shown(client, Result.objects.get())
    assert not leaked(*shown, *database(), *written(log), response.headers, *hosted.fetched)


@pytest.mark.django_db
@pytest.mark.parametrize("echo", [*ECHOES[:5], *ECHOES[6:]])
def test_an_upload_that_echoes_the_token_spreads_it_no_further(
    hosted: Vendor, client: Client, images: Path, log: pytest.LogCaptureFixture, echo: Answer
) -> None:
    hosted.upload_answers(echo, echo, echo)
    with (images / "astronaut.jpg").open("rb") as photo:
        response = client.post("/", {"photo": photo, "engine": "acedata"})
    assert response.status_code == 303
    assert PLATFORM_TOKEN in said(hosted.uploads[0])
    assert not any(PLATFORM_TOKEN in said(request) for request in hosted.requests)
    shown = everything_shown(client, Result.objects.get())
    assert not leaked(*shown, *database(), *written(log), response.headers)


@pytest.mark.django_db
def test_each_token_goes_to_its_own_service(hosted: Vendor, images: Path) -> None:
    runs.submit((images / "astronaut.jpg").read_bytes(), "a.jpg", make_owner(), runs.run_options(), "acedata")
    assert said(hosted.requests[0]) == f"Bearer {TOKEN}"
    assert said(hosted.uploads[0]) == f"Bearer {PLATFORM_TOKEN}"
    bodies = (request.body for request in hosted.requests + hosted.uploads)
    assert not leaked(*(body.decode("latin-1") for body in bodies))


def test_a_debug_page_hides_the_tokens(hosted: Vendor, images: Path, settings: LazySettings, tmp_path: Path) -> None:
    settings.DEBUG, settings.ACEDATA_PLATFORM_TOKEN = True, ""
    settings.PUBLIC_URL = "https://photos.example.org"
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = tmp_path / "file"
    with pytest.raises(StorageError) as caught:
        runs.analyze((images / "astronaut.jpg").read_bytes(), runs.run_options(), "acedata")
    page = technical_500_response(RequestFactory().get("/"), caught.type, caught.value, caught.tb)
    text = page.content.decode()
    assert "ACEDATA_API_TOKEN" in text
    assert "landmarks/engines/acedata" in text
    assert not leaked(text)


# --- whole programs --------------------------------------------------------------------------------------------------


def settings_of(vendor: Vendor) -> dict[str, str]:
    return {
        "ACEDATA_API_URL": vendor.url,
        "ACEDATA_API_TOKEN": TOKEN,
        "ACEDATA_PLATFORM_URL": vendor.platform_url,
        "ACEDATA_PLATFORM_TOKEN": PLATFORM_TOKEN,
        "FETCH_ALLOW_NETWORKS": "127.0.0.0/8",
    }


def process_list() -> list[str]:
    """What `ps` shows of every process: its arguments."""
    lists = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lists.append(path.read_text(errors="replace"))
        except OSError:
            continue  # it ended
    return lists


def files_in(folder: Path) -> list[str]:
    return [path.read_bytes().decode("latin-1") for path in folder.rglob("*") if path.is_file()]


needs_proc = pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="processes are not listed under /proc here")


def watching(answer: Answer, seen: list[str]) -> Answer:
    """The answer, given after a look at the processes that are running meanwhile."""

    def watch(vendor: Vendor, request: Request) -> object:
        seen.extend(process_list())
        assert callable(answer)
        return answer(vendor, request)

    return watch


@needs_proc
def test_the_site_gives_no_token_away(vendor: Vendor, tmp_path: Path, models_dir: Path, images: Path) -> None:
    seen: list[str] = []
    vendor.answers(watching(in_the_message, seen), in_html, in_html, in_html)
    address = vendor.puts("/a.jpg", (images / "astronaut.jpg").read_bytes())
    folder = tmp_path / "data"
    with serving(folder, models_dir, **settings_of(vendor)) as running, requests.Session() as session:
        session.trust_env = False
        session.get(running.address, timeout=PATIENCE)
        form = {"csrfmiddlewaretoken": session.cookies["csrftoken"], "engine": "acedata"}
        headers = {"Referer": running.address}
        pages = [session.post(f"{running.address}/", {**form, "image_url": address}, headers=headers) for _ in range(2)]
        running.process.terminate()
        log, _ = running.process.communicate(timeout=PATIENCE)
    assert [page.status_code for page in pages] == [200, 200]
    assert any("serve" in arguments for arguments in seen)
    assert "Engine acedata failed" in log
    assert not leaked(*seen, *(page.text for page in pages), *running.output, log, *files_in(folder))


@needs_proc
def test_the_command_line_gives_no_token_away(vendor: Vendor, tmp_path: Path, models_dir: Path, images: Path) -> None:
    seen: list[str] = []
    vendor.answers(watching(in_the_message, seen))
    address = vendor.puts("/a.jpg", (images / "astronaut.jpg").read_bytes())
    done = subprocess.run(  # noqa: S603
        command(address, "--jsonl", "-"),
        env=environment(tmp_path / "data", models_dir, **settings_of(vendor)),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 1
    assert sys.executable in "".join(seen)
    assert not leaked(*seen, done.stdout, done.stderr, *files_in(tmp_path))
