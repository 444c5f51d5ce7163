"""The part of the catalogue of messages that is about engines."""

ENGINE_MESSAGES = {
    "engine_unknown": "There is no engine called {name}. Choose one of: {engines}.",
    "embedded_failed": (
        "The embedded engine failed on this photo. Try another copy of it, or tell whoever runs this site."
    ),
    "model_file_missing": "The embedded engine's model file {file} is missing. Run manage.py fetch_models.",
    "model_file_altered": (
        "The embedded engine's model file {file} has the wrong hash. Delete it and run manage.py fetch_models."
    ),
    "model_file_not_fetched": (
        "The model file {file} could not be downloaded: {reasons}. Check the network and run manage.py fetch_models "
        "again, or put the file into {folder} by hand; NOTICE.md says where to find it."
    ),
    "hosted_token_unset": (
        "The hosted engine has no token. Whoever runs this site can set ACEDATA_API_TOKEN, or choose ENGINE=local."
    ),
    # Calls of the hosted API. {token_setting} and {url_setting} are the settings of the service that was called.
    "hosted_no_face": "Ace Data Cloud found no face in this photo.",
    "hosted_faces_too_small": (
        "Ace Data Cloud ignored faces that are too small for it. A larger copy of the photo may show them."
    ),
    "hosted_photo_unreachable": (
        "Ace Data Cloud couldn't download the photo. Save it and send the file instead of its address. If you did send "
        "the file, PUBLIC_URL must be an address that can be reached from the whole internet."
    ),
    "hosted_photo_unreadable": (
        "Ace Data Cloud couldn't read the photo. Save it as JPEG again and send that file, or use the embedded engine."
    ),
    "hosted_photo_too_small": (
        "The photo is too small for Ace Data Cloud, which needs 64 pixels on the short side. Send a larger copy."
    ),
    "hosted_photo_too_large": (
        "The photo is too large for Ace Data Cloud. Save a copy with at most 4000 pixels on the long side and 3.5 MB "
        "and send that file, or use the embedded engine."
    ),
    "hosted_version_rejected": ("Ace Data Cloud doesn't support this version of the face model. Ask for version 3.0."),
    "hosted_rate_limited": "Ace Data Cloud accepts no more photos from this site at the moment. Try again in a minute.",
    "hosted_token_mismatched": (
        "The token of this site is for another API of Ace Data Cloud. Whoever runs this site must set {token_setting} "
        "to a token for this API."
    ),
    "hosted_token_not_received": (
        "Ace Data Cloud received no token. Whoever runs this site must check {token_setting}, and that {url_setting} "
        "leads there without a gateway that removes the token."
    ),
    "hosted_token_expired": (
        "The token of this site for Ace Data Cloud has expired. Whoever runs this site must set {token_setting} to a "
        "new one."
    ),
    "hosted_token_invalid": (
        "Ace Data Cloud doesn't accept the token of this site. Whoever runs this site must correct {token_setting}."
    ),
    "hosted_balance_used_up": (
        "The balance of this site at Ace Data Cloud is used up. Whoever runs this site must buy more there, for the "
        "account of {token_setting}. The embedded engine still works."
    ),
    "hosted_disabled": (
        "Ace Data Cloud has disabled the account of this site. Whoever runs this site must ask its support why, or set "
        "{token_setting} to a token of another account. The embedded engine still works."
    ),
    "hosted_content_rejected": (
        "Ace Data Cloud rejected this photo because of its content. Choose another photo, or use the embedded engine."
    ),
    "hosted_payment_gateway": (
        "This site called a gateway that wants to be paid for each call instead of accepting a token. Whoever runs "
        "this site must correct {url_setting}; ACEDATA_API_URL is usually https://api.acedata.cloud."
    ),
    "hosted_api_not_found": (
        "There is no such API at the address that this site calls. Whoever runs this site must correct {url_setting}."
    ),
    "hosted_api_not_implemented": (
        "Ace Data Cloud doesn't provide this API at the address that this site calls. Whoever runs this site must "
        "check {url_setting}. The embedded engine still works."
    ),
    "hosted_request_too_large": (
        "The request is too large for Ace Data Cloud. Send a smaller copy of the photo, or use the embedded engine."
    ),
    "hosted_busy": (
        "Ace Data Cloud is too busy at the moment. Try again in a few minutes. The embedded engine still works."
    ),
    "hosted_gave_up": (
        "Ace Data Cloud gave up on this photo because it took too long. Try again in a few minutes. The embedded "
        "engine still works."
    ),
    "hosted_bad_request": (
        "Ace Data Cloud didn't accept the request. Try another copy of the photo, or use the embedded engine."
    ),
    "hosted_bad_request_quoted": (
        "Ace Data Cloud didn't accept the request: “{quote}”. Try another copy of the photo, or use the embedded "
        "engine."
    ),
    "hosted_down": (
        "Ace Data Cloud has problems at the moment. Try again in a few minutes. The embedded engine still works."
    ),
    "hosted_down_quoted": (
        "Ace Data Cloud has problems at the moment: “{quote}”. Try again in a few minutes. The embedded engine still "
        "works."
    ),
    "hosted_redirect": (
        "The address that this site calls redirects to another one, to which no token is sent. Whoever runs this site "
        "must set {url_setting} to the final address."
    ),
    "hosted_rejected": (
        "Ace Data Cloud rejected the request with status {http_status}. Whoever runs this site can find more in its "
        "log. The embedded engine still works."
    ),
    "hosted_rejected_quoted": (
        "Ace Data Cloud rejected the request with status {http_status}: “{quote}”. Whoever runs this site can find "
        "more in its log. The embedded engine still works."
    ),
    "hosted_not_configured": (
        "The hosted engine has no valid token. Whoever runs this site must set {token_setting}, or choose "
        "ENGINE=local. The embedded engine needs none."
    ),
    "hosted_upload_missing": (
        "This site has no way to send this photo to Ace Data Cloud: it was sent as a file, or its address isn't "
        "public. Whoever runs this site must set ACEDATA_PLATFORM_TOKEN or PUBLIC_URL. The embedded engine needs "
        "neither."
    ),
    "hosted_photo_strip": (
        "This photo is too long and narrow for Ace Data Cloud, which accepts 64 to 4000 pixels a side. Crop it, or use "
        "the embedded engine."
    ),
    "hosted_circuit_open": (
        "Ace Data Cloud has failed several times in a row, so this site has stopped calling it for {seconds:duration}. "
        "Try again then. The embedded engine still works."
    ),
    "hosted_unreachable": (
        "Ace Data Cloud couldn't be reached. Try again in a few minutes. If it happens again, whoever runs this site "
        "must check {url_setting} and its network. The embedded engine still works."
    ),
    "hosted_tls_failed": (
        "The connection to Ace Data Cloud isn't secure, so nothing was sent. Whoever runs this site must check "
        "{url_setting} and what is between it and the internet. The embedded engine still works."
    ),
    "hosted_timed_out": (
        "Ace Data Cloud didn't answer in time; the call may have been billed. Try again in a few minutes. The embedded "
        "engine still works."
    ),
    "hosted_response_lost": (
        "The response of Ace Data Cloud was lost. The request wasn't repeated, since the call may have been billed. "
        "Try again, or use the embedded engine."
    ),
    "hosted_response_too_large": (
        "The response of Ace Data Cloud was far too large and wasn't read. Whoever runs this site must check "
        "{url_setting}. The embedded engine still works."
    ),
    "hosted_response_compressed": (
        "The response of Ace Data Cloud was compressed although this wasn't requested. Whoever runs this site must "
        "check what is between it and {url_setting}. The embedded engine still works."
    ),
    "hosted_response_empty": "The response of Ace Data Cloud was empty. Try again, or use the embedded engine.",
    "hosted_response_not_json": (
        "The response of Ace Data Cloud couldn't be read. Whoever runs this site must check that {url_setting} leads "
        "to its API. Try again, or use the embedded engine."
    ),
    "hosted_response_not_90_points": (
        "The response of Ace Data Cloud didn't consist of faces with 90 points, so none of it was used. Try again, or "
        "use the embedded engine."
    ),
    "hosted_no_file_url": (
        "Ace Data Cloud accepted the photo but returned no address for it. Try again. Whoever runs this site can set "
        "PUBLIC_URL instead of ACEDATA_PLATFORM_TOKEN. The embedded engine still works."
    ),
    "token_not_examined": (
        "Ace Data Cloud refuses a request without a photo before it looks at {token_setting}, so nothing is known "
        "about it without a paid call. Submit a photo to find out."
    ),
    "engine_takes_no_files": (
        "{engine} accepts only addresses on this site, so the photo wasn't sent. Enter its public address, or choose "
        "the embedded engine. Whoever runs this site can set {settings} to allow files."
    ),
    "hosted_other_size": (
        "Ace Data Cloud answered for a picture of {width} × {height} px, but {sent_width} × {sent_height} px were "
        "sent: the points may not fit. The picture at the address may have changed."
    ),
}
