"""Settings: documented, read as they are meant, rejected with a sentence, and safe on every response."""

import ast
import logging
import re
import subprocess
import sys
from ipaddress import ip_network
from pathlib import Path

import pytest
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client, override_settings

from facesite.env import Environment
from facesite.log_format import LineFormatter
from facesite.middleware.responses import policy_header
from tests.conftest import BASE_DIR, DATA_DIR
from tests.patience import PATIENCE


def names_read() -> set[str]:
    """The first argument of every env.….(…) in settings.py."""
    tree = ast.parse((BASE_DIR / "facesite/settings.py").read_text())
    return {
        call.args[0].value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


def manage(*args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *args]
    return subprocess.run(  # noqa: S603
        command, cwd=BASE_DIR, env=environment, capture_output=True, text=True, timeout=PATIENCE
    )


def found(check_id: str) -> list[checks.CheckMessage]:
    return [message for message in checks.run_checks() if message.id == check_id]


def test_every_setting_is_documented() -> None:
    documented = re.findall(r"^\| `([A-Z0-9_]+)` \|", (BASE_DIR / "docs/settings.md").read_text(), re.MULTILINE)
    assert sorted(documented) == sorted(names_read())


def test_every_setting_is_in_the_example() -> None:
    shown = re.findall(r"^#? ?([A-Z0-9_]+)=", (BASE_DIR / ".env.example").read_text(), re.MULTILINE)
    assert sorted(shown) == sorted(names_read())


def test_the_tests_have_a_data_folder_of_their_own() -> None:
    assert settings.DATA_DIR == DATA_DIR
    assert settings.MEDIA_ROOT.is_relative_to(DATA_DIR)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the tests run on another database")
def test_sqlite_waits_for_the_lock() -> None:
    options = settings.DATABASES["default"]["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert options["timeout"] == settings.DATABASE_LOCK_TIMEOUT == 8
    assert "journal_mode=WAL" in options["init_command"]


def test_every_answer_carries_the_protective_headers(client: Client) -> None:
    headers = client.get("/healthz").headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=(self)" in headers["Permissions-Policy"]
    assert "geolocation=()" in headers["Permissions-Policy"]


def test_an_unknown_address_carries_the_policy_too(client: Client) -> None:
    response = client.get("/no-such-page")
    assert response.status_code == 404
    assert response.headers["Content-Security-Policy"] == policy_header(settings.SECURE_CSP)


def test_the_session_cookie_stays_for_a_year() -> None:
    assert settings.SESSION_COOKIE_AGE == 365 * 24 * 60 * 60
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"


@pytest.mark.parametrize(
    ("name", "value", "check_id"),
    [
        ("ENGINE", "dlib", "landmarks.E001"),
        ("HISTORY", "public", "landmarks.E002"),
        ("MAX_UPLOAD_MB", 0, "landmarks.E003"),
        ("MAX_PIXELS", -1, "landmarks.E004"),
        ("MAX_FACES", 0, "landmarks.E005"),
        ("MAX_PIXELS", 300_000_000, "landmarks.E006"),
        ("DATA_DIR", Path(__file__) / "data", "landmarks.W001"),
        ("MAX_STORED_MB", 0, "landmarks.E014"),
        ("MIN_FREE_MB", -1, "landmarks.E015"),
        ("API_RATE", "60/minute", "landmarks.E012"),
        ("API_RATE", "0/min", "landmarks.E012"),
    ],
)
def test_a_broken_setting_is_reported_with_a_hint(name: str, value: object, check_id: str) -> None:
    assert not found(check_id)
    with override_settings(**{name: value}):
        (message,) = found(check_id)
    assert str(value) in message.msg
    assert message.hint


@pytest.mark.parametrize(
    ("network", "faults"),
    [
        ("0.0.0.0/0", ["every address"]),
        ("::/0", ["every address"]),
        ("8.0.0.0/8", ["public addresses"]),
        ("10.0.0.0/7", ["public addresses"]),
        ("192.168.0.0/15", ["public addresses"]),
        ("2600::/16", ["public addresses"]),
        ("169.254.169.254/32", ["clouds tell their machines secrets"]),
        ("fe80::/10", ["clouds tell their machines secrets"]),
        ("100.64.0.0/10", ["clouds tell their machines secrets"]),
        ("127.0.0.1/32", ["loopback"]),
        ("::1/128", ["loopback"]),
        ("128.0.0.0/1", ["public addresses", "clouds tell their machines secrets"]),
        ("10.0.0.0/8", []),
        ("172.16.0.0/12", []),
        ("192.168.1.0/24", []),
        ("224.0.0.0/3", []),
        ("fd00::/8", []),
    ],
)
def test_a_network_that_reaches_too_far_is_reported(network: str, faults: list[str]) -> None:
    with override_settings(FETCH_ALLOW_NETWORKS=(ip_network("10.0.0.0/8"), ip_network(network))):
        messages = found("landmarks.W004")
    assert len(messages) == len(faults)
    for message, fault in zip(messages, faults, strict=True):
        assert fault in message.msg
        assert network in message.msg
        assert message.hint


TOKEN = "a-token.of/the+application="  # noqa: S105


@pytest.mark.parametrize(
    ("check_id", "names", "values"),
    [
        ("landmarks.E008", ["ENGINE", "ACEDATA_API_TOKEN"], {"ENGINE": "acedata", "ACEDATA_API_TOKEN": ""}),
        ("landmarks.E009", ["ACEDATA_API_TOKEN"], {"ACEDATA_API_TOKEN": "two words"}),
        ("landmarks.E009", ["ACEDATA_API_TOKEN"], {"ACEDATA_API_TOKEN": "two\nlines"}),
        ("landmarks.E009", ["ACEDATA_PLATFORM_TOKEN"], {"ACEDATA_PLATFORM_TOKEN": "tökén", "ACEDATA_API_TOKEN": TOKEN}),
        ("landmarks.W002", ["PUBLIC_URL", "http://"], {"PUBLIC_URL": "http://photos.example.org"}),
        ("landmarks.W003", ["ACEDATA_PLATFORM_TOKEN", "ACEDATA_API_TOKEN"], {"ACEDATA_PLATFORM_TOKEN": TOKEN}),
    ],
)
def test_what_the_hosted_engine_needs_is_reported(check_id: str, names: list[str], values: dict[str, str]) -> None:
    assert not found(check_id)
    with override_settings(**values):
        (message,) = found(check_id)
    assert all(name in message.msg for name in names)
    assert message.hint
    assert not any(value in str(message) for name, value in values.items() if name.endswith("TOKEN") and value)


def test_whole_tokens_are_fine() -> None:
    with override_settings(ENGINE="acedata", ACEDATA_API_TOKEN=TOKEN, ACEDATA_PLATFORM_TOKEN=f"platform-{TOKEN}"):
        assert not [message for message in checks.run_checks() if message.id.startswith("landmarks.")]


@pytest.mark.parametrize("name", ["ACEDATA_API_URL", "ACEDATA_PLATFORM_URL"])
@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("http://api.acedata.cloud", "does not begin with https://"),
        ("http://10.0.0.1", "does not begin with https://"),
        ("http://localhost.example.org", "does not begin with https://"),
        ("api.acedata.cloud", "not an http or https URL"),
        ("ftp://api.acedata.cloud", "not an http or https URL"),
        ("https://", "not an http or https URL"),
        ("https://[::1", "not an http or https URL"),
        ("https://api%2eacedata.cloud", "a % in its host"),
        ("https://api.acedata.cloud:0", "not an http or https URL"),
        ("https://ann:secret@api.acedata.cloud", "user name"),
        ("https://api.acedata.cloud/face/analyze", "path"),
        ("https://api.acedata.cloud?debug=1", "after ? or #"),
        ("https://api.acedata.cloud#", "after ? or #"),
    ],
)
def test_a_hosted_address_that_is_no_safe_base_is_reported(name: str, url: str, fault: str) -> None:
    with override_settings(**{name: url}):
        (message,) = found("landmarks.E010")
    assert message.msg.startswith(f"{name} ")
    assert fault in message.msg
    assert "secret" not in str(message)


@pytest.mark.parametrize(
    "url", ["https://api.example.org", "http://127.0.0.1:8001", "http://localhost:8001", "http://[::1]:8001"]
)
def test_a_hosted_address_is_a_base_over_https_or_on_this_machine(url: str) -> None:
    with override_settings(ACEDATA_API_URL=url, ACEDATA_PLATFORM_URL=url):
        assert not found("landmarks.E010")


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("https://127.0.0.1", "cannot reach"),
        ("https://[::1]:8000", "cannot reach"),
        ("https://10.1.2.3", "cannot reach"),
        ("https://192.168.1.20:8443/photos", "cannot reach"),
        ("https://169.254.169.254", "cannot reach"),
        ("https://[fd00::1]", "cannot reach"),
        ("https://[::ffff:10.0.0.1]", "cannot reach"),
        ("https://0.0.0.0", "cannot reach"),
        ("https://2130706433", "not an http or https URL"),
        ("https://0x7f.1", "not an http or https URL"),
        ("https://localhost", "means nothing"),
        ("https://localhost.", "means nothing"),
        ("https://photos", "means nothing"),
        ("https://photos.local", "means nothing"),
        ("https://photos.internal", "means nothing"),
        ("https://photos.localhost", "means nothing"),
        ("https://PHOTOS.Local.", "means nothing"),
        ("https://photos.localdomain", "means nothing"),
        ("https://photos.example.org:0", "not an http or https URL"),
        ("https://photos%2eexample.org", "a % in its host"),
        ("https://photos.example.org/../faces", "path"),
        ("https://photos.example.org//faces", "path"),
        ("https://photos.example.org/a b", "path"),
        ("photos.example.org", "not an http or https URL"),
        ("https://*", "not an http or https URL"),
        ("https://ann@photos.example.org", "user name"),
        ("https://photos.example.org/?a=1", "after ? or #"),
        ("https://bücher.example", "ASCII"),
    ],
)
def test_a_public_address_that_is_not_public_is_reported(url: str, fault: str) -> None:
    with override_settings(PUBLIC_URL=url):
        (message,) = found("landmarks.E011")
    assert fault in message.msg
    assert message.hint


@pytest.mark.parametrize(
    "url", ["https://photos.example.org", "https://93.184.215.14:8443", "https://photos.example.org/faces"]
)
def test_a_public_address_may_have_a_port_and_a_path(url: str) -> None:
    with override_settings(PUBLIC_URL=url):
        assert not found("landmarks.E011")
        assert not found("landmarks.W002")


def test_an_unknown_engine_is_reported_with_all_there_are() -> None:
    with override_settings(ENGINE="dlib"):
        (message,) = found("landmarks.E001")
    assert message.hint == "Set it to one of: auto, local, acedata."


def test_the_deployment_check_passes_behind_https(tmp_path: Path) -> None:
    done = manage(
        "check", "--deploy", "--fail-level", "WARNING", HTTPS="on", ALLOWED_HOSTS="a.example", DATA_DIR=str(tmp_path)
    )
    assert done.returncode == 0, done.stderr


def test_a_value_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    done = manage("check", MAX_FACES="many", DATA_DIR=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith("The setting MAX_FACES cannot be read")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("HTTPS", "enabled", "neither on nor off"),
        ("DATABASE_URL", "rubbish", "does not begin with"),
        ("ENGINE", "dlib", "Set it to one of"),
        ("ALLOWED_HOSTS", "https://foo.example/", "Name hosts without scheme"),
        ("ENGINE", "acedata", "ACEDATA_API_TOKEN is empty"),
        ("ACEDATA_API_URL", "http://api.acedata.cloud", "does not begin with https://"),
        ("PUBLIC_URL", "https://[", "not an http or https URL"),
        ("API_RATE", "often", "such as 60/min"),
        ("TRUSTED_PROXIES", "nginx", "TRUSTED_PROXIES cannot be read"),
        ("TRUSTED_PROXIES", "::/0", "your own proxies"),
        ("DATABASE_LOCK_TIMEOUT", "0", "whole number of seconds"),
        ("TASKS", "huey", "Set it to one of: threads, celery"),
    ],
)
def test_a_setting_that_means_nothing_is_reported(tmp_path: Path, name: str, value: str, sentence: str) -> None:
    done = manage("check", **{name: value}, DATA_DIR=str(tmp_path))
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("url", ["sqs://", "redis://", "redis://:secret@host:port", "rubbish"])
def test_a_broker_that_is_none_is_reported_without_its_password(url: str) -> None:
    with override_settings(TASKS="celery", CELERY_BROKER_URL=url):
        (message,) = found("landmarks.E024")
    assert "secret" not in f"{message.msg}{message.hint}"
    with override_settings(CELERY_BROKER_URL=url):
        assert not found("landmarks.E024")


def test_celery_is_imported_only_if_it_runs_the_jobs(tmp_path: Path) -> None:
    code = "import django, sys; django.setup(); from landmarks.server import worker; print('celery' in sys.modules)"
    environment = {"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "facesite.settings"}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], cwd=BASE_DIR, env=environment, capture_output=True, text=True
    )
    assert done.stdout == "False\n", done.stderr


def test_a_setting_left_empty_has_its_default(tmp_path: Path) -> None:
    done = manage("check", DATA_DIR=str(tmp_path), MAX_FACES="", HISTORY="", ENGINE="", HTTPS="", ALLOWED_HOSTS="")
    assert done.returncode == 0, done.stderr


def settings_read(tmp_path: Path, *names: str, **environment: str) -> str:
    """What those settings are in that environment, as Python prints them."""
    code = f"import facesite.settings as s; print({', '.join(f's.{name}' for name in names)})"
    environment |= {"DATA_DIR": str(tmp_path)}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.rstrip("\n")


def test_networks_are_read_as_such(tmp_path: Path) -> None:
    environment = {"FETCH_ALLOW_NETWORKS": "10.0.0.0/8, fd00::/8", "ALLOWED_HOSTS": "a.example, b.example"}
    networks = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
    read = settings_read(tmp_path, "FETCH_ALLOW_NETWORKS", "ALLOWED_HOSTS", **environment)
    assert read == f"{networks} {['a.example', 'b.example', *settings.LOOPBACK_NAMES]}"


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("https://Photos.example.org:8443/faces/", ["photos.example.org"]),
        ("https://[2606:4700::1]", ["[2606:4700::1]"]),
        ("https://*", []),
        ("https://.example.org", []),
        ("https://[", []),
    ],
)
def test_the_public_host_is_answered(tmp_path: Path, url: str, hosts: list[str]) -> None:
    read = settings_read(tmp_path, "ALLOWED_HOSTS", PUBLIC_URL=url, ALLOWED_HOSTS="a.example")
    assert read == str(["a.example", *hosts, *settings.LOOPBACK_NAMES])


def test_tokens_and_bases_are_read_without_what_surrounds_them(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("of-a-file\n")
    environment = {
        "ACEDATA_API_TOKEN_FILE": str(tmp_path / "token"),
        "ACEDATA_PLATFORM_TOKEN": " platform-token ",
        "ACEDATA_API_URL": "https://api.example.org/",
        "PUBLIC_URL": "https://photos.example.org/",
    }
    names = ("ACEDATA_API_TOKEN", "ACEDATA_PLATFORM_TOKEN", "ACEDATA_API_URL", "PUBLIC_URL")
    read = settings_read(tmp_path, *names, **environment)
    assert read == "of-a-file platform-token https://api.example.org https://photos.example.org"


def test_the_site_introduces_itself_with_its_address(tmp_path: Path) -> None:
    assert settings_read(tmp_path, "FETCH_USER_AGENT") == "facesite/1.0"
    url = "https://photos.example.org"
    assert settings_read(tmp_path, "FETCH_USER_AGENT", PUBLIC_URL=f"{url}/") == f"facesite/1.0 ({url})"
    text = "faces/2 (me@example.org)"
    assert settings_read(tmp_path, "FETCH_USER_AGENT", PUBLIC_URL=url, FETCH_USER_AGENT=f" {text} ") == text


@pytest.mark.parametrize("text", ["two\r\nlines: x", "fäce"])
def test_a_user_agent_that_cannot_be_sent_is_reported(text: str) -> None:
    assert not found("landmarks.E021")
    with override_settings(FETCH_USER_AGENT=text):
        (message,) = found("landmarks.E021")
    assert "FETCH_USER_AGENT" in message.msg and message.hint


def test_a_log_line_cannot_be_forged() -> None:
    record = logging.LogRecord("landmarks", logging.INFO, __file__, 1, "no\n2026 INFO %s", ("\x1b[2J\u202e",), None)
    assert LineFormatter("%(levelname)s %(message)s").format(record) == "INFO no\\x0a2026 INFO \\x1b[2J\\u202e"


def test_a_secret_may_begin_with_a_dollar_sign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("C_SECRET", "$HOME$")
    (tmp_path / "key").write_text("$5abc")
    monkeypatch.setenv("D_SECRET_FILE", str(tmp_path / "key"))
    assert (Environment().str("C_SECRET"), Environment().str("D_SECRET", default="")) == ("$HOME$", "$5abc")


def test_a_secret_may_lie_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_text("from a file")
    monkeypatch.setenv("A_SECRET_FILE", str(tmp_path / "key"))
    assert Environment().str("A_SECRET") == "from a file"


def test_a_secret_file_that_is_missing_names_the_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("B_SECRET_FILE", str(tmp_path / "none"))
    with pytest.raises(ImproperlyConfigured, match="B_SECRET cannot be read"):
        Environment().str("B_SECRET")
