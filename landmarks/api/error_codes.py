"""What the codes of refusals mean, for the page about the API."""

CODES = (
    (400, "no_token", "There is no token. It goes into the header Authorization: Bearer …"),
    (401, "invalid_token", "There is no such token."),
    (401, "token_expired", "The time of the token is over."),
    (403, "disabled", "The token was revoked."),
    (403, "token_mismatched", "The token is for analysis only."),
    (400, "bad_request", "What was sent is not as described here; or the photo cannot be had, read, or shows no face."),
    (404, "no_api", "There is no such address."),
    (404, "not_found", "There is no such result or format, or it belongs to somebody else."),
    (405, "method_not_allowed", "The address is there, but takes other methods; Allow names them."),
    (413, "request_too_large", "The request is larger than is taken."),
    (415, "unsupported_media_type", "The body, or the photo in it, is of a type that is not taken."),
    (429, "too_many_requests", "This token has had its share; Retry-After tells in how many seconds there is more."),
    (500, "api_error", "Something failed on this side. Tell whoever runs the site the trace id."),
    (503, "busy", "As much is being done as can be done at once; Retry-After tells when to ask again."),
    (504, "timeout", "The hosted engine took too long."),
)
"""Status, code and meaning. Photos that are sent to /api/results are refused under codes of their own."""

PHOTO_CODES = (
    (400, "photo_damaged", "The file is no photo, or damaged."),
    (413, "photo_too_large", "More bytes or pixels than are taken."),
    (415, "photo_unsupported", "A format that is not taken."),
    (400, "fetch_failed", "The photo behind the address could not be had."),
    (400, "address_invalid", "That is no http or https address."),
    (503, "engine_unavailable", "The engine cannot run here."),
    (503, "storage_failed", "Nothing can be kept at the moment."),
)
