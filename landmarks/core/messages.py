"""The catalogue of error messages: every sentence that an error can show, by its id.

Each sentence gives the cause and the next step. Its parameters are numbers and strings; units are added here, by the
format after the colon (see FORMATS), so that a translation needs to replace the catalogue only. What is about engines
is in engine_messages, what is about backups in backup_messages.
"""

import math
from collections.abc import Callable, Mapping
from string import Formatter
from typing import Any

from landmarks.core.backup_messages import BACKUP_MESSAGES
from landmarks.core.engine_messages import ENGINE_MESSAGES
from landmarks.core.import_messages import IMPORT_MESSAGES
from landmarks.core.webhook_messages import WEBHOOK_MESSAGES

Parameter = str | int | float

MESSAGES = {
    # The file
    "file_empty": "This file is empty. Choose another one.",
    "file_too_large": "This file is larger than the limit of {max_bytes:MB}. Send a smaller copy.",
    "not_an_image": "This file isn't a supported image. Use {formats}.",
    "format_unsupported": "{format} files aren't supported. Use {formats}.",
    "heic_unsupported": "HEIC files aren't supported here: the package {package} isn't installed. Use {formats}.",
    "photo_damaged": "This photo is damaged or incomplete. Save it again, or send another one.",
    "too_many_pixels": "This photo has more than {max_pixels:megapixels}, which is the limit. Send a smaller copy.",
    "side_too_long": "This photo is more than {max_side:,} pixels long on one side. Crop it, or send a smaller copy.",
    "format_needs_memory": (
        "Files of this kind take a lot of memory to decode, so the limit for them is {max_pixels:megapixels}. Save the "
        "photo as a plain JPEG, or send a smaller copy."
    ),
    "too_many_segments": (
        "This JPEG has more than {max_segments:,} segments, which no camera writes. Save it again and send the new "
        "file."
    ),
    "too_many_scans": (
        "This JPEG has more than {max_scans} scans, which no camera writes. Save it again and send the new file."
    ),
    "decoding_out_of_memory": (
        "This photo takes more memory to decode than is available. Send a smaller copy, or save it as a plain JPEG."
    ),
    "decoding_too_slow": "This photo takes too long to decode. Save it as a plain JPEG and send that.",
    "upright_copy_too_large": (
        "The upright copy of this photo is larger than {max_bytes:MB} even at a low quality. Send a smaller copy."
    ),
    "photo_gone": "The photo of this result has been deleted, or its file is lost. Send the photo again.",
    "archive_unreadable": "This isn't a zip archive, or it is damaged. Pack the photos again, or send them one by one.",
    "archive_too_large": "This archive has too many files. Pack the photos into several smaller ones.",
    "list_too_long": "This list has more than {most:,} addresses. Send it in parts.",
    "archive_entry_damaged": "This file is damaged within the archive. Send it by itself.",
    "archive_entry_encrypted": "This file is encrypted within the archive. Pack it without a password.",
    "path_is_pipe": "This is a pipe, not a file. Save the photo to a file and use that.",
    "path_unreadable": "This path can't be read: {reason}. Check its name and permissions.",
    # The address of a photo
    "address_too_long": "This address is too long. Save the photo and send the file instead.",
    "address_not_web": "This isn't an http or https address. Use one like https://example.com/photo.jpg.",
    "address_malformed": "This address isn't valid. Use one like https://example.com/photo.jpg.",
    "address_has_credentials": (
        "This address contains a user name or password, which isn't supported. Use one like "
        "https://example.com/photo.jpg."
    ),
    # The same for blocked, unknown, closed, silent and slow hosts, so that nobody can tell them apart.
    "photo_unreachable": (
        "The photo couldn't be fetched from this address. Check that the address opens in a browser from anywhere on "
        "the internet, or save the photo and send the file."
    ),
    "fetch_status": (
        "The server answered with status {http_status} instead of a photo. Check the address in a browser, or save the "
        "photo and send the file."
    ),
    "fetch_status_page": (
        "The server answered with status {http_status} and the page “{title}” instead of a photo. Check the address in "
        "a browser, or save the photo and send the file."
    ),
    "fetch_status_login": (
        "The server answered with status {http_status} and asks for a login. Save the photo and send the file."
    ),
    "fetch_status_store": (
        "The object store answered with status {http_status} and the error {store_code} instead of a photo. Check "
        "whether the link has expired or the file is private."
    ),
    "fetch_found_page": (
        "This is the address of a web page, “{title}”, not of a photo. Open the page, copy the address of the photo "
        "itself, and use that."
    ),
    "fetch_found_picture": (
        "This is the address of a web page, “{title}”, not of a photo. Use the address of the page's own picture, "
        "{picture} , or that of another photo on it."
    ),
    "fetch_found_login": (
        "This address leads to a login page, “{title}”, not to a photo. Save the photo and send the file."
    ),
    "fetch_found_json": (
        "This address leads to JSON data, not to a photo. Look in it for the address of the photo, and use that."
    ),
    "fetch_found_xml": "This address leads to an XML document, not to a photo. Use the address of the photo itself.",
    "fetch_found_store": (
        "The object store answered with the error {store_code} instead of a photo. Check whether the link has expired "
        "or the file is private."
    ),
    "fetch_compressed": (
        "The server compressed its response with {coding}, which isn't supported. Save the photo and send the file."
    ),
    "fetch_miscoded": (
        "The server's response isn't the {coding} that it says it is. Save the photo in a browser and send the file."
    ),
    "fetch_too_large": "The file at this address is larger than the limit of {max_bytes:MB}. Send a smaller copy.",
    "upload_expired": "This upload has expired: uploads are kept for {lifetime:duration}. Upload the photo again.",
    # Limits
    "busy_requests": "This site is handling as many requests as it can. Try again in a few seconds.",
    "busy_detecting": "This site is analysing as many photos as it can. Try again in a few seconds.",
    "busy_calling": "This site is sending as many photos to the hosted engine as it can. Try again in a few seconds.",
    "busy_drawing": "This site is drawing as many pictures as it can. Try again in a few seconds.",
    "busy_memory": "The photos being processed need all of this site's memory. Try again in a few seconds.",
    "busy_decoding": "This site is decoding as many photos as it can. Try again in a few seconds.",
    "busy_receiving": "This site is receiving as many uploads as it can. Try again in a few seconds.",
    "busy_fetching": "This site is fetching as many photos as it can. Try again in a few seconds.",
    "busy_publishing": "The hosted engine is fetching as many photos as it can from this site. Try again in a moment.",
    "busy_searching": (
        "This site is searching as much as it can. Try again in a few seconds, or narrow the search: longer words or "
        "fewer days are found faster."
    ),
    "busy_exporting": "This site is sending as many exports as it can. Try again when one of yours has arrived.",
    "search_too_slow": "This search takes too long. Narrow it: search for longer words, or within fewer days.",
    "run_in_progress": "This engine is already running on this photo. The result will appear in the history shortly.",
    "job_interrupted": (
        "This photo was begun {attempts} times, and the program was ended each time. Try again; if that repeats, "
        "whoever runs this site should look at the memory that is available."
    ),
    "job_not_found": "There is no job with this id, or it ended more than a day ago.",
    "collection_not_found": "There is no collection with this id. List yours at /api/collections.",
    "collection_photo_not_found": "This collection has no photo with this id.",
    "rate_exceeded": (
        "You have reached the limit of {limit} requests in {period:duration}. Try again in {retry_after:duration}."
    ),
    # Tokens; the vendor's clients know the first sentence of the first two.
    "token_missing": "No token specified for the request. Send it as “Authorization: Bearer …”.",
    "token_invalid": "The specified token is invalid or wrong.",
    "token_revoked": "This token has been revoked. Ask whoever runs this site for a new one.",
    "token_expired": "This token has expired. Ask whoever runs this site for a new one.",
    "token_scope": "This token is for analysis only. Ask whoever runs this site for one with full access.",
    # Requests
    "field_required": "{field} is required",
    "field_invalid": "{field}: {reason}",
    "field_single_file": "{field} must be a single file",
    "field_repeated": "{field} is given more than once. Give it once.",
    "fields_unknown": "Unknown field: {unknown}. This address accepts: {known}.",
    "fields_misspelt": "Unknown field: {unknown}. Did you mean {similar}? This address accepts: {known}.",
    "parameters_unknown": "Unknown query parameter: {unknown}. This address accepts: {known}.",
    "parameters_misspelt": (
        "Unknown query parameter: {unknown}. Did you mean {similar}? This address accepts: {known}."
    ),
    "parameters_not_accepted": "Unknown query parameter: {unknown}. This address accepts none.",
    "form_invalid": "{reason}",
    "body_invalid": "The json payload is not valid to request the API. It must be an object.",
    "body_compressed": "The body is compressed ({coding}), which isn't supported. Send it as it is.",
    "body_has_bom": "The json payload begins with a byte order mark (BOM). Send UTF-8 without one.",
    "body_not_utf8": "The json payload is encoded as {encoding}. Send it as UTF-8.",
    "body_not_json": "This address accepts {accepted}, not {content_type}.",
    "body_not_form": "This address accepts {accepted} with the photo in the field “{field}”.",
    "body_too_large": (
        "This request is larger than the limit of {limit:MB}. Send fewer photos at once; each can have up to "
        "{file_limit:MB}."
    ),
    "body_too_many_parts": (
        "This request has more than {max_files} files, too many fields, or too much text. Go back and send less."
    ),
    "headers_too_large": (
        "The address and headers of this request have more than {kilobytes} KB. Shorten the address, or delete this "
        "site's cookies and try again."
    ),
    "host_missing": "This request doesn't say which site it is for. Send it with a Host header, as browsers do.",
    "host_not_allowed": (
        "This site isn't known by the name in the header Host. Use its usual address. Whoever runs this site must "
        "add the name to ALLOWED_HOSTS, or let the proxy pass on Host unchanged."
    ),
    "request_malformed": "This request couldn't be understood. Go back, reload the page and try again.",
    "method_not_allowed": "This address doesn't accept this method. It accepts {methods}.",
    "forbidden": "You can't do this from here. Go back to the start page and try again.",
    "hosted_run_owner_only": (
        "Only whoever sent this photo can have it analysed by {engine}: the photo is sent there, and each call is "
        "billed. Run the embedded engine on it, or submit the photo yourself."
    ),
    "csrf_failed": (
        "The form was sent without this site's security token, or cookies are turned off, so nothing was changed. Go "
        "back, reload the page and try again."
    ),
    # The origin of a form. Each names the header that is wrong, for whoever runs the site.
    "origin_of_other_host": (
        "This form was sent by a page on another host than {host}, so nothing was changed. Open this site again and "
        "send the form from there. If you run this site, let the proxy pass on the header Host unchanged."
    ),
    "origin_in_forwarded_host": (
        "The header Host is {host}, and the name of this site is only in X-Forwarded-Host, so nothing was changed. "
        "Whoever runs this site must let the proxy pass on Host unchanged."
    ),
    "origin_of_other_port": (
        "The port of the page differs from the one in the header Host, which is {host}, so nothing was changed. "
        "Whoever runs this site must let the proxy pass on Host with its port (nginx: $http_host)."
    ),
    "proto_missing": (
        "The page was loaded over {scheme}, but the header X-Forwarded-Proto is missing, so nothing was changed. "
        "Whoever runs this site must let the proxy set it."
    ),
    "proto_not_trusted": (
        "The header X-Forwarded-Proto says https, but comes from an address that isn't trusted, so nothing was "
        "changed. Whoever runs this site must name the proxy in TRUSTED_PROXIES."
    ),
    "proto_wrong": (
        "The page was loaded over https, but the header X-Forwarded-Proto isn't “https”, so nothing was changed. "
        "Whoever runs this site must correct it in the proxy."
    ),
    "proto_too_secure": (
        "The page was loaded over http, but the header X-Forwarded-Proto says https, so nothing was changed. Open this "
        "site over https. Whoever runs it must let the proxy set the scheme that was used."
    ),
    "origin_hidden": (
        "The header Origin is “null”: a program or an extension hides which page the form is on, so nothing was "
        "changed. Allow it for this site. Whoever runs this site must keep its Referrer-Policy in the proxy."
    ),
    "origin_missing": (
        "The headers Origin and Referer are missing, so nothing was changed. Allow your browser to send them to this "
        "site. Whoever runs this site must let the proxy pass them on."
    ),
    "origin_unreadable": (
        "The header Origin or Referer of this form isn't an address, so nothing was changed. Open this site again and "
        "send the form from there."
    ),
    "one_photo": "Send exactly one of photo (in a form), image_url and image_base64.",
    "data_address": (
        "image_url can't be a data: address. Upload the photo to /api/v1/files/ instead, or send what follows "
        "“base64,” to /api/results as image_base64."
    ),
    "base64_invalid": "The text in image_base64 isn't base64. Encode the bytes of the file in the standard alphabet.",
    "version_unsupported": "{header} must be {version} or left out. There is no other version.",
    "idempotency_key_malformed": "{header} must be 1 to 255 printable ASCII characters, such as a UUID.",
    "idempotency_key_in_use": (
        "The request with this Idempotency-Key is still being processed. Send it again in a few seconds for its result."
    ),
    "idempotency_key_reused": (
        "Another request was sent with this Idempotency-Key. Use a new key for each request, and repeat it unchanged."
    ),
    "engine_not_one_of": "engine must be one of {engines}",
    "engine_not_here": "This engine isn't available here. Go back and choose another one.",
    "deletion_unknown": "This deletion doesn't exist. Go back to the history.",
    "no_face": "No face was found in this photo. Send one that shows a face.",
    # What isn't there
    "page_not_found": (
        "The address may be mistyped, or what was there was deleted or belongs to another browser, which alone can "
        "open it."
    ),
    "collection_page_not_found": (
        "This collection was deleted, or it belongs to another browser, which alone can open it. Where the history is "
        "shared, its results are there."
    ),
    "result_not_found": "This result doesn't exist, or it belongs to somebody else.",
    "face_not_found": "This result has no such face. Its faces are numbered from 1 to {count}.",
    "result_without_faces": "No face was found in this photo, so there is none to be cut out.",
    "no_faces_selected": "None of these results has a face, so there is nothing to measure.",
    "results_not_found": (
        "Of the {count} selected results, {missing} don't exist any more or belong to somebody else. Select again."
    ),
    "nothing_to_export": "No result is selected for which the engine has an answer. Select some that didn't fail.",
    "option_not_of_format": "The format {format} has no option {option}. These have: {formats}.",
    "format_not_found": "This format doesn't exist. The formats are: {formats}.",
    "api_not_found": "API does not exist, please make sure url is correct.",
    **ENGINE_MESSAGES,
    **BACKUP_MESSAGES,
    **IMPORT_MESSAGES,
    **WEBHOOK_MESSAGES,
    # The site itself
    "file_missing": "This file has been deleted, or it is lost. Sending the photo again restores it.",
    "storage_failed": (
        "This site can't store anything right now: its disk may be full or its database locked. What was stored before "
        "is still there. Try again later, or tell whoever runs the site."
    ),
    "storage_full": (
        "This site's disk is full, so it takes no photos right now. What was stored before is still there, and can be "
        "exported and deleted. Try again later, or tell whoever runs the site."
    ),
    "uploads_disk_full": (
        "This site has no room for uploads right now: its disk may be full. Try again later, or tell whoever runs the "
        "site."
    ),
    "quota_exceeded": (
        "Your photos take all of the {limit:MB} that you may store here. Delete results that you no longer need and "
        "try again a minute later, or ask whoever runs this site for more (MAX_STORED_MB)."
    ),
    "internal_error": (
        "This isn't your fault, and nothing of yours was lost. Try again in a moment. If it happens again, tell "
        "whoever runs this site what you did and when."
    ),
}

DURATIONS = (("1 hour", "{} hours", 3600), ("1 minute", "{} minutes", 60), ("1 second", "{} seconds", 1))


def render(message_id: str, parameters: Mapping[str, Parameter]) -> str:
    """The sentence of that id, with its parameters filled in; raise KeyError if one of them doesn't exist."""
    return _FORMATTER.vformat(MESSAGES[message_id], (), parameters)


def parameters_of(message_id: str) -> set[str]:
    """The names of the parameters that the sentence needs."""
    return {name for _, name, _, _ in _FORMATTER.parse(MESSAGES[message_id]) if name}


def _duration(seconds: float) -> str:
    """The time in its largest whole unit, rounded up: "2 minutes" for 90 seconds."""
    one, many, unit = next((each for each in DURATIONS if seconds >= each[2]), DURATIONS[-1])
    count = math.ceil(seconds / unit)
    return one if count == 1 else many.format(count)


FORMATS: dict[str, Callable[[Any], str]] = {
    "MB": lambda count: f"{count / 2**20:.4g} MB",
    "megapixels": lambda count: f"{count / 1e6:.4g} million pixels",
    "duration": _duration,
}
"""What can stand after the colon of a parameter, beside Python's own formats: bytes, pixels, seconds."""


class _Formatter(Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        return FORMATS[format_spec](value) if format_spec in FORMATS else format(value, format_spec)


_FORMATTER = _Formatter()
