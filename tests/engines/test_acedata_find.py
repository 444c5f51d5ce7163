"""Faces by the hosted engine: the request, and what comes back."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from landmarks.core.finding import Options
from landmarks.engines.acedata.engine import AcedataEngine
from landmarks.engines.registry import load_engine
from landmarks.wire.acedata import face_to_wire
from tests.engines.hosted import ALL, WITH_90_POINTS, a_photo, an_engine, at_address
from tests.vendor import TOKEN, TRACE_ID, Vendor, analysis, answering, face_in, refusal


@pytest.mark.parametrize("name", WITH_90_POINTS)
def test_a_recorded_answer_comes_back_equal(vendor: Vendor, name: str) -> None:
    recorded = WITH_90_POINTS[name]
    vendor.answers(answering(recorded))
    photo = at_address(vendor, recorded["image_width"], recorded["image_height"])
    finding = an_engine(vendor).find(photo, ALL)
    assert [face_to_wire(face) for face in finding.faces] == recorded["face_shape_set"]
    assert [face_to_wire(face, rounded=False) for face in finding.faces] == recorded["face_shape_set"]
    assert finding.face_model_version == recorded["face_model_version"]
    assert finding.remark == ""


def test_sends_the_documented_request(vendor: Vendor) -> None:
    photo = at_address(vendor)
    vendor.answers(answering(analysis(300, 200, [])))
    an_engine(vendor).find(photo, ALL)
    request = vendor.requests[0]
    assert (request.method, request.path) == ("POST", "/face/analyze")
    assert request.json() == {
        "image_url": photo.address,
        "mode": 0,
        "face_model_version": "3.0",
        "need_rotate_detection": 0,
    }
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["accept"] == "application/json"
    assert request.headers["accept-encoding"] == "identity"


def test_passes_the_options_on(vendor: Vendor) -> None:
    vendor.answers(answering(analysis(300, 200, [])))
    an_engine(vendor).find(at_address(vendor), Options(10, largest_only=True, rotate=True, face_model_version="2.0"))
    sent = vendor.requests[0].json()
    assert (sent["mode"], sent["need_rotate_detection"], sent["face_model_version"]) == (1, 1, "2.0")
    assert type(sent["mode"]) is int


def test_upper_case_coordinates_are_read(vendor: Vendor) -> None:
    face = face_in(300, 200)
    face["face_profile"] = [{"X": point["x"], "Y": point["y"]} for point in face["face_profile"]]
    vendor.answers(answering(analysis(300, 200, [face])))
    finding = an_engine(vendor).find(at_address(vendor), ALL)
    assert face_to_wire(finding.faces[0]) == face_in(300, 200)


def test_the_largest_faces_come_first_and_as_many_as_requested(vendor: Vendor) -> None:
    small, middle, large = (face_in(size, size) for size in (50, 100, 200))
    for _ in range(2):
        vendor.answers(answering(analysis(300, 200, [small, large, middle])))
    two = an_engine(vendor).find(at_address(vendor), Options(max_faces=2))
    one = an_engine(vendor).find(at_address(vendor), Options(max_faces=2, largest_only=True))
    assert [face_to_wire(face) for face in two.faces] == [large, middle]
    assert [face_to_wire(face) for face in one.faces] == [large]
    assert two.face_total == one.face_total == 3


NO_FACE = [
    answering(analysis(300, 200, [])),
    refusal(400, "bad_request", "InvalidParameterValue.NoFaceInPhoto"),
    refusal(400, "InvalidParameterValue.NoFaceInPhoto", ""),
    refusal(400, "bad_request", "图片中没有人脸。"),
    refusal(500, "api_error", "No face detected in the image."),
    refusal(500, "api_error", "图片中没有人脸。"),
    refusal(422, "whatever", "no face"),
    answering({"success": False, "error": {"code": "api_error", "message": "There are no faces in this picture"}}),
    answering({"error": "No faces found"}, "400 Bad Request"),
]


@pytest.mark.parametrize("answer", NO_FACE, ids=range(len(NO_FACE)))
def test_no_face_is_a_result_of_one_request(vendor: Vendor, answer: bytes) -> None:
    vendor.answers(answer)
    finding = an_engine(vendor).find(at_address(vendor), ALL)
    assert finding.faces == ()
    assert finding.remark == ""
    assert len(vendor.requests) == 1


def test_faces_that_are_too_small_are_reported(vendor: Vendor) -> None:
    vendor.answers(refusal(400, "bad_request", "FailedOperation.FaceSizeTooSmall"))
    finding = an_engine(vendor).find(at_address(vendor), ALL)
    assert finding.faces == ()
    assert "too small" in finding.remark
    assert finding.trace_id == TRACE_ID


def test_keeps_the_trace_id_of_the_header(vendor: Vendor) -> None:
    empty = analysis(300, 200, [])
    vendor.answers(answering(empty, "200 OK", "X-Trace-Id: t-1"), answering(empty, "200 OK", "X-Trace-Id: <b>"))
    engine = an_engine(vendor)
    assert engine.find(at_address(vendor), ALL).trace_id == "t-1"
    assert engine.find(at_address(vendor), ALL).trace_id is None


def test_remarks_on_an_answer_for_another_picture(vendor: Vendor) -> None:
    vendor.answers(answering(analysis(690, 920, [face_in(690, 920)])))
    finding = an_engine(vendor).find(at_address(vendor, 512, 512), ALL)
    assert "690 × 920 px, but 512 × 512 px were sent" in finding.remark
    assert face_to_wire(finding.faces[0]) == face_in(690, 920)


def test_many_threads_can_run_at_once(vendor: Vendor) -> None:
    engine = an_engine(vendor)
    sizes = [(200 + 10 * step, 150) for step in range(12)]
    with ThreadPoolExecutor(12) as threads:
        findings = list(threads.map(lambda size: engine.find(a_photo(*size), ALL), sizes))
    assert [face_to_wire(finding.faces[0]) for finding in findings] == [face_in(*size) for size in sizes]
    assert len(vendor.requests) == len(vendor.uploads) == 12


def test_is_ready_with_a_token() -> None:
    settings = {"api_url": "https://api.example", "platform_url": "", "platform_token": "", "publish": None}
    engine = load_engine("acedata", token="t", **settings)  # noqa: S106
    assert isinstance(engine, AcedataEngine)
    assert engine.is_ready()
    assert not load_engine("acedata", token="", **settings).is_ready()  # noqa: S106
