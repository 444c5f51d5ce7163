"""Everything that can go wrong, as one tree of errors with a stable code, a status and a sentence for people.

LandmarksError              something that nobody foresaw                        500 api_error
├── RateExceeded            asked for more often than is allowed                 429 too_many_requests
├── Busy                    as much is being done as can be done at once         503 busy
├── PhotoError              what was sent is no photo that facesite reads        400 photo_damaged
│   ├── PhotoTooLarge       more bytes or pixels than allowed                    413 photo_too_large
│   └── PhotoUnsupported    a format that is not accepted                        415 photo_unsupported
├── FetchError              the photo behind an address could not be had         400 fetch_failed
│   └── AddressInvalid      what was typed is no http or https address           400 address_invalid
├── RequestInvalid          what was sent beside the photo is not understood     400 bad_request
│   └── MediaUnsupported    a body of a type that is not taken                   415 unsupported_media_type
├── NotThere                there is nothing, or nothing of this owner           404 not_found
│   └── NoSuchApi           an address that was never one                        404 no_api
├── TokenError              the token does not open what was asked for           401 invalid_token
│   ├── TokenMissing        there is none                                        400 no_token
│   ├── TokenExpired        its time is over                                     401 token_expired
│   ├── TokenDisabled       it was revoked                                       403 disabled
│   └── TokenMismatched     it is for another part of the API                    403 token_mismatched
├── EngineError             the engine could not look at the photo               500 engine_failed
│   ├── EngineUnavailable   the engine cannot run here, and why                  503 engine_unavailable
│   └── HostedError         the hosted API refused or failed                     code and status of each case below
└── StorageError            disk or database did not take what was to be kept    503 storage_failed

The message is for people: the cause and the next step. `detail` is for the log and may name what a person must
not see (addresses behind a refusal, library messages). `retry_after` is the number of seconds after which it is worth
trying again, or 0 where nobody knows.
"""


class LandmarksError(Exception):
    code = "api_error"
    status = 500
    retry_after = 0

    def __init__(self, message: str, *, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail


class RateExceeded(LandmarksError):
    code = "too_many_requests"
    status = 429

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Busy(LandmarksError):
    code = "busy"
    status = 503
    retry_after = 5


class PhotoError(LandmarksError):
    code = "photo_damaged"
    status = 400


class PhotoTooLarge(PhotoError):
    code = "photo_too_large"
    status = 413


class PhotoUnsupported(PhotoError):
    code = "photo_unsupported"
    status = 415


class FetchError(LandmarksError):
    code = "fetch_failed"
    status = 400


class AddressInvalid(FetchError):
    code = "address_invalid"


class RequestInvalid(LandmarksError):
    code = "bad_request"
    status = 400


class MediaUnsupported(RequestInvalid):
    code = "unsupported_media_type"
    status = 415


class NotThere(LandmarksError):
    code = "not_found"
    status = 404


class NoSuchApi(NotThere):
    code = "no_api"


class TokenError(LandmarksError):
    code = "invalid_token"
    status = 401


class TokenMissing(TokenError):
    code = "no_token"
    status = 400


class TokenExpired(TokenError):
    code = "token_expired"


class TokenDisabled(TokenError):
    code = "disabled"
    status = 403


class TokenMismatched(TokenError):
    code = "token_mismatched"
    status = 403


class EngineError(LandmarksError):
    code = "engine_failed"
    status = 500
    trace_id = ""
    """What a hosted engine calls this run by, for its support."""


class EngineUnavailable(EngineError):
    code = "engine_unavailable"
    status = 503


class HostedError(EngineError):
    """What came of a call of the hosted API that gave no points; `code` and `status` are those of its case."""

    def __init__(self, message: str, *, code: str, status: int, detail: str = "", trace_id: str = "") -> None:
        super().__init__(message, detail=detail)
        self.code = code
        self.status = status
        self.trace_id = trace_id


class StorageError(LandmarksError):
    code = "storage_failed"
    status = 503
    retry_after = 30
