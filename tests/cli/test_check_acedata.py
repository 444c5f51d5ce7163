"""`manage.py check_acedata`: a line for each token, what follows, and an exit status for scripts."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command

from tests.api.servers import run_command
from tests.vendor import PLATFORM_TOKEN, TOKEN, Vendor


def checked(capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Exit status and output, which has no token in it."""
    status = 0
    try:
        call_command("check_acedata")
    except SystemExit as exc:
        status = int(exc.code or 0)
    out, err = capsys.readouterr()
    assert TOKEN not in out + err
    assert PLATFORM_TOKEN not in out + err
    return status, out


def test_two_tokens_that_work(hosted: Vendor, capsys: pytest.CaptureFixture[str]) -> None:
    hosted.tokens = (TOKEN, PLATFORM_TOKEN)
    assert checked(capsys) == (
        0,
        "ACEDATA_API_TOKEN: works\nACEDATA_PLATFORM_TOKEN: works\nDefault engine: Ace Data Cloud (ENGINE=auto).\n",
    )


def test_one_that_does_not_work_is_named_with_the_next_step(
    hosted: Vendor,
    capsys: pytest.CaptureFixture[str],
) -> None:
    hosted.tokens = (TOKEN,)
    status, out = checked(capsys)
    assert status == 1
    assert "ACEDATA_API_TOKEN: works\nACEDATA_PLATFORM_TOKEN: DOES NOT WORK\n" in out
    assert "must correct ACEDATA_PLATFORM_TOKEN" in out


def test_one_that_nothing_is_known_about(hosted: Vendor, capsys: pytest.CaptureFixture[str]) -> None:
    status, out = checked(capsys)
    assert (status, out.count(": unknown")) == (1, 2)


@pytest.mark.parametrize(
    ("public_url", "said"), [("", "only public addresses"), ("https://photos.example.org", "from PUBLIC_URL")]
)
def test_a_token_alone_is_fine_and_what_is_missing_is_said(
    hosted: Vendor,
    settings: LazySettings,
    capsys: pytest.CaptureFixture[str],
    public_url: str,
    said: str,
) -> None:
    hosted.tokens = (TOKEN,)
    settings.ACEDATA_PLATFORM_TOKEN, settings.PUBLIC_URL = "", public_url
    status, out = checked(capsys)
    assert status == 0
    assert "ACEDATA_PLATFORM_TOKEN: not set" in out
    assert said in out


def test_a_new_machine_without_tokens_says_where_they_come_from(tmp_path: Path) -> None:
    done = run_command(tmp_path / "data", "check_acedata")
    assert (done.returncode, done.stderr) == (1, "")
    assert "ACEDATA_API_TOKEN: not set" in done.stdout
    assert "docs/hosted.md" in done.stdout
