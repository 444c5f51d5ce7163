"""The sentences about webhooks: why an address is not accepted, and why a report was not delivered."""

WEBHOOK_MESSAGES = {
    "webhook_needs_async": "Send webhook_url with async=1 only: without it the response has the result already.",
    "webhook_not_public": (
        "Webhooks go to public addresses on the ports 80 and 443 only. Whoever runs this site can allow others "
        "(FETCH_ALLOW_NETWORKS)."
    ),
    "webhook_unreachable": (
        "The address didn't answer in time, or can't be reached from here. Check that it is public, and that a program "
        "listens there."
    ),
    "webhook_status": "The address answered with status {http_status}. Any from 200 to 299 means that it was received.",
    "webhook_gone": "The address answered with status 410, so nothing more is sent there.",
    "webhook_token_revoked": "The token with which the address was given is revoked, so nothing more is sent there.",
}
