"""Settings: documented, read as they are meant, refused in a sentence, and safe on every answer."""

import ast
import logging
import re
import stat
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

from facesite.csp import policy_header
from facesite.environment import Environment, kept_secret_key
from facesite.logs import LineFormatter
from tests.conftest import BASE_DIR, DATA_DIR


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
        command, cwd=BASE_DIR, env=environment, capture_output=True, text=True, timeout=60
    )


def found(check_id: str) -> list[checks.CheckMessage]:
    return [message for message in checks.run_checks() if message.id == check_id]


def test_every_setting_is_documented() -> None:
    documented = re.findall(r"^\| `([A-Z_]+)` \|", (BASE_DIR / "docs/settings.md").read_text(), re.MULTILINE)
    assert sorted(documented) == sorted(names_read())


def test_every_setting_is_in_the_example() -> None:
    shown = re.findall(r"^#? ?([A-Z_]+)=", (BASE_DIR / ".env.example").read_text(), re.MULTILINE)
    assert sorted(shown) == sorted(names_read())


def test_the_tests_have_a_data_folder_of_their_own() -> None:
    assert settings.DATA_DIR == DATA_DIR
    assert settings.MEDIA_ROOT.is_relative_to(DATA_DIR)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the tests run on another database")
def test_sqlite_waits_for_the_lock() -> None:
    options = settings.DATABASES["default"]["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert options["timeout"] == 20
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
    ],
)
def test_a_broken_setting_is_told_with_a_hint(name: str, value: object, check_id: str) -> None:
    assert not found(check_id)
    with override_settings(**{name: value}):
        (message,) = found(check_id)
    assert str(value) in message.msg
    assert message.hint


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
    ],
)
def test_a_setting_that_means_nothing_is_told(tmp_path: Path, name: str, value: str, sentence: str) -> None:
    done = manage("check", **{name: value}, DATA_DIR=str(tmp_path))
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_a_setting_left_empty_has_its_default(tmp_path: Path) -> None:
    done = manage("check", DATA_DIR=str(tmp_path), MAX_FACES="", HISTORY="", ENGINE="", HTTPS="", ALLOWED_HOSTS="")
    assert done.returncode == 0, done.stderr


def test_networks_are_read_as_such(tmp_path: Path) -> None:
    code = "import facesite.settings as s; print(s.FETCH_ALLOW_NETWORKS, s.ALLOWED_HOSTS)"
    environment = {
        "DATA_DIR": str(tmp_path),
        "FETCH_ALLOW_NETWORKS": "10.0.0.0/8, fd00::/8",
        "ALLOWED_HOSTS": "a.example, b.example",
    }
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=True
    )
    networks = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
    assert done.stdout == f"{networks} {['a.example', 'b.example', *settings.LOOPBACK_NAMES]}\n"


def test_a_log_line_cannot_be_forged() -> None:
    record = logging.LogRecord("landmarks", logging.INFO, __file__, 1, "no\n2026 INFO %s", ("\x1b[2J",), None)
    assert LineFormatter("%(levelname)s %(message)s").format(record) == "INFO no\\x0a2026 INFO \\x1b[2J"


def test_a_secret_may_lie_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_text("from a file")
    monkeypatch.setenv("A_SECRET_FILE", str(tmp_path / "key"))
    assert Environment().str("A_SECRET") == "from a file"


def test_a_secret_file_that_is_missing_names_the_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("B_SECRET_FILE", str(tmp_path / "none"))
    with pytest.raises(ImproperlyConfigured, match="B_SECRET cannot be read"):
        Environment().str("B_SECRET")


def test_the_secret_key_is_made_once_and_for_this_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "secret_key"
    key = kept_secret_key(path)
    assert len(key) >= 50
    assert kept_secret_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_an_empty_secret_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()
    with pytest.raises(ImproperlyConfigured, match="Delete it"):
        kept_secret_key(tmp_path / "secret_key")


def test_without_a_folder_the_secret_key_passes(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "secret_key"
    assert kept_secret_key(path) != kept_secret_key(path)
