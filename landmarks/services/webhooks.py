"""Webhooks: the end of a job or collection is sent to the address that was given with it, signed, until it is received.

Headers and signature are those of Standard Webhooks (https://www.standardwebhooks.com), for which libraries exist.
"""

import base64
import hmac
import json
import logging
import time
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import get_script_prefix, reverse
from django.utils import timezone

from landmarks.access import tokens
from landmarks.core import messages
from landmarks.core.errors import FetchError
from landmarks.models import Collection, Delivery, Job, Token, Webhook
from landmarks.net.post import PostLimits, check, post
from landmarks.runtime import request_id
from landmarks.storage import collection_counts
from landmarks.storage import webhooks as storage
from landmarks.storage.connections import close_connection

logger = logging.getLogger(__name__)

UNREACHABLE, STATUS = "webhook_unreachable", "webhook_status"
GONE, REVOKED = "webhook_gone", "webhook_token_revoked"
HTTP_GONE = 410


def limits() -> PostLimits:
    return PostLimits(allowed_networks=settings.FETCH_ALLOW_NETWORKS, user_agent=settings.FETCH_USER_AGENT)


def make(address: str, token: Token, site: str) -> Webhook:
    """To be stored with its job or collection. Raises AddressInvalid."""
    return Webhook(token=token, address=check(address, limits()).url, site=site)


# --- report ----------------------------------------------------------------------------------------------------------


def report_ended() -> int:
    """Make a report of each job and collection that is over; returns their number. Raises StorageError."""
    return storage.report_ended(write)


def write(webhook: Webhook) -> str:
    """The body: ids, numbers and addresses of this site, because who receives it may be anybody's server."""
    if job := webhook.job:
        body = {"type": f"job.{job.status}", "timestamp": job.finished, "data": job_data(webhook, job)}
    elif collection := webhook.collection:
        data = collection_data(webhook, collection)
        body = {"type": "collection.finished", "timestamp": timezone.now(), "data": data}
    return json.dumps(body, default=datetime.isoformat)


def job_data(webhook: Webhook, job: Job) -> dict[str, Any]:
    return {
        "id": str(job.pk),
        "status": job.status,
        "url": address_of(webhook, "api:job", job.pk),
        "result": job.result_id and str(job.result_id),
        "result_url": job.result_id and address_of(webhook, "api:result", job.result_id),
        "error_code": job.error_code or None,
    }


def collection_data(webhook: Webhook, collection: Collection) -> dict[str, Any]:
    counts = collection_counts.count(collection)
    return {
        "id": str(collection.pk),
        "url": address_of(webhook, "api:collection", collection.pk),
        "photos": address_of(webhook, "api:collection-photos", collection.pk),
        "total": counts.total,
        "counts": {state.value: number for state, number in counts.by_state.items()},
    }


def address_of(webhook: Webhook, name: str, id: object) -> str:
    path = reverse(name, args=[id]).removeprefix(get_script_prefix().rstrip("/"))
    return webhook.site + path


# --- deliver ---------------------------------------------------------------------------------------------------------


def deliver(delivery: Delivery) -> None:
    """Make the attempt that the caller has claimed, and note what came of it. Raises StorageError."""
    webhook = delivery.webhook
    if webhook.job:
        request_id.begin(webhook.job.request_id or request_id.NONE, str(webhook.job.pk))
    else:
        request_id.begin(request_id.NONE)
    if webhook.token.revoked:
        note_failed(delivery, REVOKED, None, is_final=True)
        return
    body = delivery.body.encode()
    headers = {"Content-Type": "application/json", **signed(str(delivery.pk), body, webhook.token)}
    close_connection()  # others may use it meanwhile
    try:
        status = post(webhook.address, body, headers, limits())
    except FetchError as exc:
        logger.info("A webhook could not be delivered: %s", exc.detail or exc.message)
        note_failed(delivery, UNREACHABLE, None)
        return
    if 200 <= status < 300:
        storage.note_delivered(delivery, status)
    else:
        note_failed(delivery, GONE if status == HTTP_GONE else STATUS, status, is_final=status == HTTP_GONE)


def note_failed(delivery: Delivery, error: str, status: int | None, *, is_final: bool = False) -> None:
    if storage.note_failed(delivery, error, status, is_final=is_final):
        logger.warning(
            "Webhook %s is given up after %d attempts: %s", delivery.pk, delivery.attempts, reason(error, status)
        )


def reason(error: str, http_status: int | None) -> str:
    return messages.render(error, {"http_status": http_status} if error == STATUS and http_status else {})


def signed(id: str, body: bytes, token: Token) -> dict[str, str]:
    """The headers of Standard Webhooks. While the site's key is being replaced, there is a signature with each."""
    moment = str(int(time.time()))
    text = f"{id}.{moment}.".encode() + body
    signatures = [
        f"v1,{base64.b64encode(hmac.digest(key, text, 'sha256')).decode()}" for key in tokens.webhook_keys(token)
    ]
    return {"webhook-id": id, "webhook-timestamp": moment, "webhook-signature": " ".join(signatures)}
