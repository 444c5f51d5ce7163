"""Every error with a stable code and status, as one tree.

LandmarksError              500 api_error
├── RateExceeded            429 too_many_requests
├── Busy                    503 busy
├── PhotoError              400 photo_damaged
│   ├── PhotoTooLarge       413 photo_too_large
│   └── PhotoUnsupported    415 photo_unsupported
├── FetchError              400 fetch_failed
│   └── AddressInvalid      400 address_invalid
├── RequestInvalid          400 bad_request
│   ├── LengthRequired      411 bad_request
│   ├── RequestTooLarge     413 request_too_large
│   └── MediaUnsupported    415 unsupported_media_type
├── Forbidden               403 forbidden
│   └── CsrfFailed          403 csrf_failed
├── NotFound                404 not_found
│   └── ApiNotFound         404 no_api
├── MethodNotAllowed        405 method_not_allowed
├── TokenError              401 invalid_token
│   ├── TokenMissing        400 no_token
│   ├── TokenExpired        401 token_expired
│   ├── TokenDisabled       403 disabled
│   └── TokenMismatched     403 token_mismatched
├── EngineError             500 engine_failed
│   ├── EngineUnavailable   503 engine_unavailable
│   ├── EngineTimeout       504 timeout
│   └── HostedError         code and status of its row in the table of the hosted engine
└── StorageError            503 storage_failed

An error is raised with the id of its message and the parameters of that message: `PhotoTooLarge("file_too_large",
max_bytes=20_000_000)`. The sentences are in `messages`. The first line of each class says what its code means; the page
about the API shows it.
"""

from landmarks.core import messages
from landmarks.core.messages import Parameter


class LandmarksError(Exception):
    """Something failed on this side. Tell whoever runs the site the trace id."""

    code = "api_error"
    status = 500
    retry_after = 0
    """Seconds after which it is worth trying again; 0 if nobody knows."""

    def __init__(self, message_id: str, *, detail: str = "", **parameters: Parameter) -> None:
        """`detail` goes to the log only, and may name what users must not see: addresses, messages of libraries."""
        super().__init__(message_id)
        self.message_id = message_id
        self.parameters = parameters
        self.detail = detail

    @property
    def message(self) -> str:
        """The sentence for people: the cause and the next step."""
        if self.message_id not in messages.MESSAGES:
            return self.message_id  # a sentence that isn't in the catalogue yet
        return messages.render(self.message_id, self.parameters)

    def __str__(self) -> str:
        return self.message


class RateExceeded(LandmarksError):
    """The rate limit is reached. Retry-After has the seconds until the next request is accepted."""

    code = "too_many_requests"
    status = 429

    def __init__(self, message_id: str, *, retry_after: int, detail: str = "", **parameters: Parameter) -> None:
        super().__init__(message_id, detail=detail, retry_after=retry_after, **parameters)
        self.retry_after = retry_after


class Busy(LandmarksError):
    """The site is at its limit of concurrent work. Retry-After has the seconds to wait."""

    code = "busy"
    status = 503
    retry_after = 5


class PhotoError(LandmarksError):
    """The file isn't a photo, or is damaged."""

    code = "photo_damaged"
    status = 400


class PhotoTooLarge(PhotoError):
    """The photo has more bytes or pixels than allowed."""

    code = "photo_too_large"
    status = 413


class PhotoUnsupported(PhotoError):
    """The format of the file isn't supported."""

    code = "photo_unsupported"
    status = 415


class FetchError(LandmarksError):
    """The photo couldn't be fetched from its address."""

    code = "fetch_failed"
    status = 400


class AddressInvalid(FetchError):
    """The address isn't a valid http or https address."""

    code = "address_invalid"


class RequestInvalid(LandmarksError):
    """The request isn't as documented; on the vendor's addresses also: the photo can't be used, or shows no face."""

    code = "bad_request"
    status = 400


class LengthRequired(RequestInvalid):
    """The request has no Content-Length."""

    status = 411


class RequestTooLarge(RequestInvalid):
    """The request has too many bytes, files or fields."""

    code = "request_too_large"
    status = 413


class MediaUnsupported(RequestInvalid):
    """The content type of the body, or the format of the photo in it, isn't supported."""

    code = "unsupported_media_type"
    status = 415


class Forbidden(LandmarksError):
    """The request isn't allowed from here."""

    code = "forbidden"
    status = 403


class CsrfFailed(Forbidden):
    """A form was sent without the site's CSRF token."""

    code = "csrf_failed"


class NotFound(LandmarksError):
    """The result or format doesn't exist, or belongs to somebody else."""

    code = "not_found"
    status = 404


class ApiNotFound(NotFound):
    """The address below /api/ or /face/ doesn't exist."""

    code = "no_api"


class MethodNotAllowed(LandmarksError):
    """The address exists, but doesn't accept this method. Allow lists those that it accepts."""

    code = "method_not_allowed"
    status = 405


class TokenError(LandmarksError):
    """The token doesn't exist."""

    code = "invalid_token"
    status = 401


class TokenMissing(TokenError):
    """The request has no token in the header Authorization: Bearer …"""

    code = "no_token"
    status = 400


class TokenExpired(TokenError):
    """The token has expired."""

    code = "token_expired"


class TokenDisabled(TokenError):
    """The token was revoked."""

    code = "disabled"
    status = 403


class TokenMismatched(TokenError):
    """The token is for analysis only."""

    code = "token_mismatched"
    status = 403


class EngineError(LandmarksError):
    """The engine failed on this photo."""

    code = "engine_failed"
    status = 500
    trace_id = ""
    """The hosted engine's id of this run, for its support."""


class EngineUnavailable(EngineError):
    """The engine can't run here."""

    code = "engine_unavailable"
    status = 503


class EngineTimeout(EngineError):
    """The hosted engine didn't answer in time."""

    code = "timeout"
    status = 504


class HostedError(EngineError):
    """A call of the hosted API failed; `code` and `status` are those of its row in the table of the engine."""

    def __init__(
        self,
        message_id: str,
        *,
        code: str,
        status: int,
        detail: str = "",
        trace_id: str = "",
        **parameters: Parameter,
    ) -> None:
        super().__init__(message_id, detail=detail, **parameters)
        self.code = code
        self.status = status
        self.trace_id = trace_id


class StorageError(LandmarksError):
    """Nothing can be stored at the moment."""

    code = "storage_failed"
    status = 503
    retry_after = 30


def documented() -> list[type[LandmarksError]]:
    """The errors of this module, by status: each code once, without those of the hosted engine."""
    kinds: dict[str, type[LandmarksError]] = {}
    queue: list[type[LandmarksError]] = [LandmarksError]
    for kind in queue:
        if kind.__module__ == __name__ and kind is not HostedError:
            kinds.setdefault(kind.code, kind)
        queue += kind.__subclasses__()
    return sorted(kinds.values(), key=lambda kind: kind.status)
