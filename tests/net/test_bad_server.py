"""The fetcher against a server that answers in 83 ways, most of them hostile, with an inside that is off limits."""

import json
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from ipaddress import ip_network
from typing import Any

import pytest

from landmarks.core.errors import FetchError, LandmarksError
from landmarks.net.fetch import FetchLimits, fetch_photo
from tests.conftest import SHARED
from tests.runtime.limits import limit

LIMITS = FetchLimits(max_bytes=1_000_000, seconds=60, allowed_networks=(ip_network("127.0.0.1/32"),))
ROOMY = limit(16, 60)

GIVES_A_FILE = {
    "/ok.jpg",
    "/ok-gzip.jpg",
    "/ok-nolength.jpg",
    "/ok-chunked.jpg",
    "/html-as-jpeg",
    "/jpeg-as-html",
    "/svg",
    "/no-content-type",
    "/octet-stream",
    "/empty",
    "/100-continue",
    "/set-cookie",
    "/disposition",
    "/refresh-header",
    "/short-length",
    "/huge-lie",
    "/redirect-to-ok",
    "/redirect-chain/",
    "/redirect-body-huge",
    "/text-length",
    "/negative-length",
}
"""The declared length is where reading ends, so two lies about it give the beginning of the file; nonsense is none."""


TAKES_TOO_LONG = {
    "/chunked-tiny",
    "/never",
    "/never-body",
    "/redirect-slow",
    "/slow-drip",
    "/slow-headers",
    "/slow-ok.jpg",
    "/slow-start",
}
"""Four seconds and more; these alone are given one, so that a busy machine makes none of the others late."""


def outcome(bad_server: str, path: str) -> str:
    limits = replace(LIMITS, seconds=1) if path in TAKES_TOO_LONG else LIMITS
    try:
        fetch_photo(bad_server + path, limits, ROOMY).read()
    except LandmarksError as exc:
        logging.warning("%s: %s, %s", path, exc.code, exc.detail)
        return exc.code
    return "file"


def test_every_path_ends_as_it_should_and_internal_hosts_are_never_called(bad_server: str) -> None:
    paths = re.findall(r"^(/\S*)", fetch_photo(f"{bad_server}/", LIMITS).read().decode(), re.MULTILINE)
    with ThreadPoolExecutor(16) as pool:
        outcomes = dict(zip(paths, pool.map(partial(outcome, bad_server), paths), strict=True))
    assert len(paths) == 83
    assert {path for path, end in outcomes.items() if end == "file"} == GIVES_A_FILE
    assert {path for path, end in outcomes.items() if end == "photo_too_large"} >= {"/huge", "/huge-declared"}
    requested = json.loads(fetch_photo(f"{bad_server}/_log", LIMITS).read())
    assert len(requested) > 80
    assert not [entry for entry in requested if entry["inside"]]


def test_five_redirects_are_followed_and_six_are_not(bad_server: str) -> None:
    assert fetch_photo(f"{bad_server}/redirect-chain/4", LIMITS).read()[:2] == b"\xff\xd8"
    with pytest.raises(FetchError):
        fetch_photo(f"{bad_server}/redirect-chain/5", LIMITS)


def redirects() -> list[Any]:
    vectors = SHARED / "data" / "hostile" / "ssrf_urls.json"
    if not vectors.exists():
        return [pytest.param({}, id="none")]
    return [each for each in json.loads(vectors.read_text()) if each["group"] == "redirect"]


@pytest.mark.parametrize("vector", redirects(), ids=lambda vector: vector.get("url"))
def test_judges_the_shared_redirects_right(bad_server: str, vector: dict[str, str]) -> None:
    is_allowed = outcome(bad_server, vector["url"].removeprefix("redirect:")) == "file"
    assert is_allowed == (vector["expected"] == "allowed")
