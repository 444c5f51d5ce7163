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
│   ├── RequestTooLarge     413 request_too_large
│   ├── MediaUnsupported    415 unsupported_media_type
│   ├── HeadersTooLarge     431 bad_request
│   └── KeyReused           422 idempotency_key_reused
├── KeyInUse                409 idempotency_key_in_use
├── Forbidden               403 forbidden
│   ├── CsrfFailed          403 csrf_failed
│   ├── QuotaExceeded       403 quota_exceeded
│   └── OwnerOnly           403 owner_only
├── JobInterrupted          500 job_interrupted
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
│   ├── BalanceUsedUp       403 used_up
│   ├── AnswerLost          424 api_error
│   └── HostedError         code and status of its row in the table of the hosted engine
└── StorageError            503 storage_failed
    └── StorageFull         503 storage_full

An error is raised with the id of its message and the parameters of that message: `PhotoTooLarge("file_too_large",
max_bytes=20_000_000)`; `messages` has the sentences. The docstring of a class is what its code means in docs/errors.md
and on the page about the API.
"""

from landmarks.core import messages
from landmarks.core.messages import Parameter


class LandmarksError(Exception):
    """Unexpected error; the log has it under the trace id."""

    code = "api_error"
    status = 500
    retry_after = 0
    """Seconds after which it is worth trying again; 0 if nobody knows."""
    is_logged = False
    """Whether the log has it already, where it happened."""

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
    """The client exceeded `API_RATE`, or the token its own rate."""

    code = "too_many_requests"
    status = 429

    def __init__(self, message_id: str, *, retry_after: int, limit: int, detail: str = "", period: int) -> None:
        super().__init__(message_id, detail=detail, retry_after=retry_after, limit=limit, period=period)
        self.retry_after = retry_after
        self.limit = limit


class Busy(LandmarksError):
    """All capacity is in use."""

    code = "busy"
    status = 503
    retry_after = 5


class PhotoError(LandmarksError):
    """The file is not a readable image."""

    code = "photo_damaged"
    status = 400


class PhotoTooLarge(PhotoError):
    """The photo exceeds `MAX_UPLOAD_MB` or `MAX_PIXELS`."""

    code = "photo_too_large"
    status = 413


class PhotoUnsupported(PhotoError):
    """The image format is not supported."""

    code = "photo_unsupported"
    status = 415


class FetchError(LandmarksError):
    """The photo could not be fetched from its URL."""

    code = "fetch_failed"
    status = 400


class AddressInvalid(FetchError):
    """The URL is not a valid http or https URL."""

    code = "address_invalid"


class RequestInvalid(LandmarksError):
    """The request is invalid."""

    code = "bad_request"
    status = 400


class RequestTooLarge(RequestInvalid):
    """The request has too many bytes, files or fields."""

    code = "request_too_large"
    status = 413


class MediaUnsupported(RequestInvalid):
    """The content type is not supported."""

    code = "unsupported_media_type"
    status = 415


class HeadersTooLarge(RequestInvalid):
    """The headers of the request, or its address, are too long."""

    status = 431


class KeyInUse(LandmarksError):
    """The request with this `Idempotency-Key` is still being processed."""

    code = "idempotency_key_in_use"
    status = 409
    retry_after = 2


class KeyReused(RequestInvalid):
    """Another request was sent with this `Idempotency-Key`."""

    code = "idempotency_key_reused"
    status = 422


class Forbidden(LandmarksError):
    """This action is not allowed from here."""

    code = "forbidden"
    status = 403


class CsrfFailed(Forbidden):
    """The form has no valid CSRF token."""

    code = "csrf_failed"


class QuotaExceeded(Forbidden):
    """The owner's photos take all of `MAX_STORED_MB`."""

    code = "quota_exceeded"


class OwnerOnly(Forbidden):
    """Only the owner of the result may do this: it is billed and sends the photo to a third party."""

    code = "owner_only"


class JobInterrupted(LandmarksError):
    """The process that ran the job ended each time, as when it is killed or its machine is switched off."""

    code = "job_interrupted"


class NotFound(LandmarksError):
    """There is nothing here, or it belongs to someone else."""

    code = "not_found"
    status = 404


class ApiNotFound(NotFound):
    """There is no such path below `/api/` or `/face/`."""

    code = "no_api"


class MethodNotAllowed(LandmarksError):
    """The method is not supported; `Allow` lists those that are."""

    code = "method_not_allowed"
    status = 405


class TokenError(LandmarksError):
    """The token does not exist."""

    code = "invalid_token"
    status = 401


class TokenMissing(TokenError):
    """There is no `Authorization: Bearer …` header."""

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
    """The engine cannot run here."""

    code = "engine_unavailable"
    status = 503


class EngineTimeout(EngineError):
    """The hosted engine did not answer in time."""

    code = "timeout"
    status = 504


class BalanceUsedUp(EngineError):
    """The balance of this site's hosted engine is used up."""

    code = "used_up"
    status = 403


class AnswerLost(EngineError):
    """The hosted engine's answer was lost, and may have been billed: clients don't repeat it after this status."""

    code = "api_error"
    status = 424


class HostedError(EngineError):
    """A call of the hosted API failed; `code` and `status` are those of its row in the table of the engine."""

    def __init__(
        self, message_id: str, *, code: str, status: int, detail: str = "", trace_id: str = "", **parameters: Parameter
    ) -> None:
        super().__init__(message_id, detail=detail, **parameters)
        self.code = code
        self.status = status
        self.trace_id = trace_id


class StorageError(LandmarksError):
    """The disk or database cannot store anything at the moment."""

    code = "storage_failed"
    status = 503
    retry_after = 30


class StorageFull(StorageError):
    """The disk is full, or has less free space than `MIN_FREE_MB`."""

    code = "storage_full"
    # The time in which deletions are finished and expired uploads are deleted.
    retry_after = 60


def documented() -> list[type[LandmarksError]]:
    """The errors of this module, by status: each code once, without those of the hosted engine."""
    kinds: dict[str, type[LandmarksError]] = {}
    queue: list[type[LandmarksError]] = [LandmarksError]
    for kind in queue:
        if kind.__module__ == __name__ and kind is not HostedError:
            kinds.setdefault(kind.code, kind)
        queue += kind.__subclasses__()
    return sorted(kinds.values(), key=lambda kind: kind.status)
