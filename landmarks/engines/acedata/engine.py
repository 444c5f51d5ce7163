"""The hosted engine: hands a photo over, asks Ace Data Cloud for its faces and reads the answer."""

import time

from landmarks.core.analysis import Analysis
from landmarks.core.errors import HostedError
from landmarks.core.faces import Face, order_faces
from landmarks.core.finding import Attempt, Finding, Options
from landmarks.engines.acedata import client_errors
from landmarks.engines.acedata.client import CallLimits, Service
from landmarks.engines.acedata.redaction import Redaction, can_be_sent
from landmarks.engines.acedata.resize import Frame
from landmarks.engines.acedata.response import Reply
from landmarks.engines.acedata.upload import Handover, Publish
from landmarks.net.transport import Deadline
from landmarks.photos.photo import Photo
from landmarks.wire.acedata import AnswerInvalid, answer_from_wire, request_to_wire

ANALYZE = "/face/analyze"


class AcedataEngine:
    """Many threads may ask at once; each look is a call of its own, and they share what is known of the service."""

    name = "acedata"
    label = "Ace Data Cloud"
    version = ""
    is_hosted = True

    def __init__(
        self,
        *,
        api_url: str,
        token: str,
        platform_url: str,
        platform_token: str,
        publish: Publish | None,
        limits: CallLimits = CallLimits(),  # noqa: B008  it is frozen
    ) -> None:
        redact = Redaction((token, platform_token))
        self._limits = limits
        self._is_ready = bool(api_url) and can_be_sent(token)
        self._api = Service(api_url, token, ("ACEDATA_API_URL", "ACEDATA_API_TOKEN"), redact, limits)
        platform = Service(
            platform_url, platform_token, ("ACEDATA_PLATFORM_URL", "ACEDATA_PLATFORM_TOKEN"), redact, limits
        )
        self._handover = Handover(platform if can_be_sent(platform_token) else None, publish, self._api)

    def is_ready(self) -> bool:
        """Whether it has what a call needs; nothing is called."""
        return self._is_ready

    def find(self, photo: Photo, options: Options) -> Finding:
        """The faces, largest first; raise HostedError, or what `publish` raises."""
        if not self._is_ready:
            raise self._api.error(client_errors.NOT_CONFIGURED)
        self._api.refuse_if_closed()
        started = time.perf_counter()
        with Deadline(self._limits.seconds) as deadline, self._handover.hand_over(photo, deadline) as given:
            try:
                is_elsewhere = given.address == photo.address
                question = request_to_wire(given.address, options)
                reply = self._api.post(ANALYZE, deadline, json=question, waits_for_others=is_elsewhere)
            except HostedError as error:
                if error.code not in client_errors.NO_FACES:
                    raise
                return self._without_faces(error, started)
        return self._finding(reply, given.frame, options, started)

    def _finding(self, reply: Reply, frame: Frame, options: Options, started: float) -> Finding:
        analysis = self._analysis(reply)
        seen = order_faces(frame.back(face) for face in analysis.faces)
        faces = seen[: 1 if options.largest_only else options.max_faces]
        return Finding(
            faces,
            _attempts(seen, faces),
            self.name,
            self.version,
            _elapsed_ms(started),
            reply.trace_id or None,
            analysis.face_model_version,
            _remark(analysis, frame),
        )

    def _without_faces(self, error: HostedError, started: float) -> Finding:
        """What the vendor tells by an error, and is none."""
        remark = error.message if error.code == client_errors.FACES_TOO_SMALL else ""
        elapsed = _elapsed_ms(started)
        return Finding((), (), self.name, self.version, elapsed, error.trace_id or None, remark=remark)

    def _analysis(self, reply: Reply) -> Analysis:
        if not reply.text.strip():
            raise self._api.error(client_errors.ANSWER_EMPTY, reply)
        try:
            analysis = answer_from_wire(reply.body)
            if reply.redact(analysis.face_model_version) != analysis.face_model_version:
                raise AnswerInvalid("face_model_version contains a token")
        except AnswerInvalid as exc:
            raise self._api.error(client_errors.ANSWER_NOT_90, reply, str(exc)) from exc
        except ValueError as exc:
            raise self._api.error(client_errors.ANSWER_NOT_JSON, reply, str(exc)) from exc
        return analysis


def _attempts(seen: tuple[Face, ...], faces: tuple[Face, ...]) -> tuple[Attempt, ...]:
    """The one look that is known of, where it showed more faces than were asked for."""
    return (Attempt(0, None, None, len(seen)),) if len(seen) > len(faces) else ()


def _remark(analysis: Analysis, frame: Frame) -> str:
    if (analysis.width, analysis.height) == (frame.width, frame.height):
        return ""
    return (
        f"Ace Data Cloud answered for a picture of {analysis.width} × {analysis.height} px, but {frame.width} × "
        f"{frame.height} px were sent: the points may not fit. The picture at the address may have changed."
    )


def _elapsed_ms(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
