"""The hosted engine: makes a photo available, calls Ace Data Cloud and checks the response."""

import time

from landmarks.core import messages
from landmarks.core.analysis import Analysis
from landmarks.core.errors import HostedError
from landmarks.core.faces import Face, order_faces
from landmarks.core.finding import Attempt, Finding, Options
from landmarks.engines.acedata import client_errors
from landmarks.engines.acedata.client import CallLimits, Service
from landmarks.engines.acedata.redaction import Redaction, can_be_sent
from landmarks.engines.acedata.response import Response
from landmarks.engines.acedata.upload import Publish, SentPhoto, Uploader
from landmarks.net.transport import Deadline
from landmarks.photos.photo import Photo
from landmarks.wire.acedata import AnswerInvalid, answer_from_wire, request_to_wire

ANALYZE = "/face/analyze"
API_SETTINGS = ("ACEDATA_API_URL", "ACEDATA_API_TOKEN")
PLATFORM_SETTINGS = ("ACEDATA_PLATFORM_URL", "ACEDATA_PLATFORM_TOKEN")
"""Names of the settings that have the URL and the token of a service."""


class AcedataEngine:
    """Every run is a call of its own; runs share what is known about the state of the service."""

    name = "acedata"
    version = ""

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
        self._api = Service(api_url, token, API_SETTINGS, redact, limits)
        platform = Service(platform_url, platform_token, PLATFORM_SETTINGS, redact, limits)
        self._uploader = Uploader(platform if can_be_sent(platform_token) else None, publish, self._api)

    def is_ready(self) -> bool:
        """Whether it has what a call needs; nothing is called."""
        return self._is_ready

    def find(self, photo: Photo, options: Options) -> Finding:
        """The faces, largest first; raise HostedError, or what `publish` raises."""
        if not self._is_ready:
            raise self._api.error(client_errors.NOT_CONFIGURED)
        self._api.raise_if_stopped()
        started = time.perf_counter()
        with Deadline(self._limits.seconds) as deadline, self._uploader.available(photo, deadline) as sent:
            try:
                request = request_to_wire(sent.url, options)
                response = self._api.post(ANALYZE, deadline, json=request, fetches_elsewhere=sent.url == photo.address)
            except HostedError as error:
                if error.code not in client_errors.NO_FACES:
                    raise
                return self._without_faces(error, started)
        return self._finding(response, sent, options, started)

    def _finding(self, response: Response, sent: SentPhoto, options: Options, started: float) -> Finding:
        answer = self._read(response)
        found = order_faces(face.transformed(sent.to_photo) for face in answer.faces)
        faces = found[: 1 if options.largest_only else options.max_faces]
        return Finding(
            faces,
            _attempts(found, faces),
            self.name,
            self.version,
            _elapsed_ms(started),
            response.trace_id or None,
            answer.face_model_version,
            _remark(answer, sent),
        )

    def _without_faces(self, error: HostedError, started: float) -> Finding:
        """The vendor reports photos without faces as an error."""
        remark = error.message if error.code == client_errors.FACES_TOO_SMALL else ""
        elapsed = _elapsed_ms(started)
        return Finding((), (), self.name, self.version, elapsed, error.trace_id or None, remark=remark)

    def _read(self, response: Response) -> Analysis:
        """The vendor's answer, in pixels of the picture that was sent."""
        if not response.text.strip():
            raise self._api.error(client_errors.RESPONSE_EMPTY, response)
        try:
            answer = answer_from_wire(response.body)
            if response.redact(answer.face_model_version) != answer.face_model_version:
                raise AnswerInvalid("face_model_version contains a token")
        except AnswerInvalid as exc:
            raise self._api.error(client_errors.RESPONSE_NOT_90_POINTS, response, str(exc)) from exc
        except ValueError as exc:
            raise self._api.error(client_errors.RESPONSE_NOT_JSON, response, str(exc)) from exc
        return answer


def _attempts(found: tuple[Face, ...], faces: tuple[Face, ...]) -> tuple[Attempt, ...]:
    """The run, if it found more faces than were requested."""
    return (Attempt(0, None, None, len(found)),) if len(found) > len(faces) else ()


def _remark(answer: Analysis, sent: SentPhoto) -> str:
    width, height = sent.size
    if (answer.width, answer.height) == (width, height):
        return ""
    sizes = {"width": answer.width, "height": answer.height, "sent_width": width, "sent_height": height}
    return messages.render("hosted_other_size", sizes)


def _elapsed_ms(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
