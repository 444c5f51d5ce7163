"""Responses that are not faces of 90 points: one error that keeps the trace id, and never half a result."""

import json
from typing import Any

import pytest

from landmarks.core.errors import HostedError
from tests.engines.hosted import ALL, WITH_88_POINTS, an_engine, at_address
from tests.net.servers import head, ok
from tests.vendor import TRACE_ID, Vendor, analysis, answering, face_in


def rejected(vendor: Vendor, answer: bytes) -> HostedError:
    vendor.answers(answer)
    with pytest.raises(HostedError) as caught:
        an_engine(vendor).find(at_address(vendor), ALL)
    assert caught.value.code == "hosted_answer_invalid"
    assert len(vendor.requests) == 1
    return caught.value


@pytest.mark.parametrize("name", WITH_88_POINTS)
def test_an_answer_of_88_points_is_rejected(vendor: Vendor, name: str) -> None:
    error = rejected(vendor, answering(WITH_88_POINTS[name], "200 OK", f"X-Trace-Id: {TRACE_ID}"))
    assert "left_pupil is missing or has not 1 points" in error.detail
    assert '"face_profile"' in error.detail
    assert error.trace_id == TRACE_ID


def spoilt(path: tuple[Any, ...], value: Any) -> bytes:
    """A good answer of two faces of which one thing is wrong."""
    body = json.loads(json.dumps(analysis(300, 200, [face_in(300, 200), face_in(200, 100)])))
    place: Any = body
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return answering(body)


POINT = ("face_shape_set", 1, "nose", 3)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("image_width",), "300"),
        (("image_width",), 0),
        (("image_height",), True),
        (("image_height",), 200.5),
        (("image_height",), None),
        (("face_model_version",), 3.0),
        (("face_model_version",), "3.0\u202e<b>"),
        (("face_model_version",), "v" * 17),
        (("face_shape_set",), {}),
        (("face_shape_set",), "[]"),
        (("face_shape_set",), [None]),
        (("face_shape_set",), None),
        (("face_shape_set", 1, "ears"), []),
        (("face_shape_set", 1, "mouth"), None),
        (("face_shape_set", 1, "mouth"), {"0": 1}),
        (("face_shape_set", 1, "mouth"), "x" * 22),
        (("face_shape_set", 1, "nose"), [{"x": 1, "y": 1}] * 12),
        (("face_shape_set", 1, "nose"), [{"x": 1, "y": 1}] * 14),
        (POINT, None),
        (POINT, [1, 2]),
        (POINT, {"x": 1}),
        (POINT, {"x": 1, "y": "2"}),
        (POINT, {"x": 1, "y": None}),
        (POINT, {"x": True, "y": 2}),
        (POINT, {"x": 1, "X": 2, "y": 3}),
        (POINT, {"x": 1, "y": float("nan")}),
        (POINT, {"x": float("inf"), "y": 1}),
        (POINT, {"x": 1_000_001, "y": 1}),
        (POINT, {"x": 10**400, "y": 1}),
        (POINT, {"x": -1e300, "y": 1}),
    ],
)
def test_one_invalid_value_rejects_the_whole_answer(vendor: Vendor, path: tuple[Any, ...], value: Any) -> None:
    assert rejected(vendor, spoilt(path, value)).detail


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"  \n",
        b"<!doctype html><title>Welcome</title>",
        b"null",
        b"[]",
        b'"text"',
        b"{}",
        b'{"success": true, "task_id": "1"}',
        b'{"image_width": 1',
        b'{"image_width": 300, "image_width": 301}',
        b'{"image_width": 1e999}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"9" * 100_000,
        b"\xff\xfe\x00\x01",
        b"\xef\xbb\xbf{}",
        b'{"face_shape_set": "\\ud800"}',
    ],
    ids=range(17),
)
def test_anything_else_is_one_error(vendor: Vendor, body: bytes) -> None:
    rejected(vendor, ok(body, f"X-Trace-Id: {TRACE_ID}"))


def test_another_status_than_200_has_its_row_in_the_table(vendor: Vendor) -> None:
    vendor.answers(head("204 No Content"))
    with pytest.raises(HostedError) as caught:
        an_engine(vendor).find(at_address(vendor), ALL)
    assert caught.value.code.startswith("hosted_")


def test_more_keys_beside_the_four_are_ignored(vendor: Vendor) -> None:
    body = analysis(300, 200, [face_in(300, 200)]) | {"success": True, "trace_id": TRACE_ID, "error": None}
    vendor.answers(answering(body))
    finding = an_engine(vendor).find(at_address(vendor), ALL)
    assert len(finding.faces) == 1
    assert finding.trace_id == TRACE_ID


def test_an_answer_over_the_limit_is_not_read(vendor: Vendor) -> None:
    huge = analysis(300, 200, [face_in(300, 200)] * 9000)
    error = rejected(vendor, answering(huge, "200 OK", f"X-Trace-Id: {TRACE_ID}"))
    assert "too large" in error.message
    assert error.trace_id == TRACE_ID
    assert len(error.detail) < 1000


def test_a_compressed_answer_is_rejected(vendor: Vendor) -> None:
    assert "compressed" in rejected(vendor, ok(b"x", "Content-Encoding: gzip")).message
