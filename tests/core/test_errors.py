"""The errors: one code and status each, all of them documented and drawn in the tree."""

import re

from landmarks.core import errors
from landmarks.core.errors import Busy, HostedError, LandmarksError, PhotoTooLarge, RateExceeded
from tests.conftest import BASE_DIR

ROW = re.compile(r"^\| `(\w+)` \| (\d+) \| (.*) \|$", re.MULTILINE)


def tree(error: type[LandmarksError] = LandmarksError) -> set[type[LandmarksError]]:
    return {error}.union(*(tree(each) for each in error.__subclasses__()))


def test_a_message_is_its_sentence_with_the_parameters_filled_in() -> None:
    error = PhotoTooLarge("file_too_large", max_bytes=20 * 2**20, detail="25 MB")
    assert error.message == str(error) == "This file is larger than the limit of 20 MB. Send a smaller copy."
    assert (error.message_id, error.parameters, error.detail) == ("file_too_large", {"max_bytes": 20 * 2**20}, "25 MB")


def test_the_seconds_to_wait_are_those_of_the_class_or_of_the_error() -> None:
    assert Busy("busy_memory").retry_after == 5
    assert RateExceeded("rate_exceeded", limit=1, period=60, retry_after=17).retry_after == 17


def test_an_error_of_the_hosted_engine_has_the_code_and_status_of_its_row() -> None:
    error = HostedError("no_face", code="hosted_x", status=502, trace_id="1")
    assert (error.code, error.status, error.trace_id) == ("hosted_x", 502, "1")


def test_every_code_is_documented_with_its_status_and_meaning() -> None:
    documented = ROW.findall((BASE_DIR / "docs/errors.md").read_text())
    assert sorted(documented) == sorted((each.code, str(each.status), each.__doc__) for each in errors.documented())


def test_every_error_stands_in_the_tree() -> None:
    lines = (errors.__doc__ or "").splitlines()
    for error in tree() - {HostedError}:
        if error.__module__ == errors.__name__:
            (line,) = [line for line in lines if re.search(rf"\b{error.__name__} ", line)]
            assert line.split()[-2:] == [str(error.status), error.code]


def test_every_code_is_among_the_changes() -> None:
    changes = (BASE_DIR / "CHANGELOG.md").read_text()
    assert not [error.code for error in errors.documented() if f"`{error.code}`" not in changes]
