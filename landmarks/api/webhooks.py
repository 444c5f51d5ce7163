"""Webhooks in requests and responses."""

from typing import Any

from django.http import HttpRequest

from landmarks.http.site_path import site_root
from landmarks.models import Collection, DeliveryStatus, Job, Token, Webhook
from landmarks.services import webhooks
from landmarks.storage import webhooks as storage


def new_webhook(request: HttpRequest, address: str | None) -> Webhook | None:
    """To be stored with what the request makes. Raises AddressInvalid."""
    token: Token = request.auth  # type: ignore[attr-defined]
    return webhooks.make(address, token, site_root(request)) if address else None


def webhook_of(row: Job | Collection) -> Webhook | None:
    return getattr(row, "webhook", None)


def webhook_to_json(webhook: Webhook | None) -> dict[str, Any] | None:
    """Raises StorageError."""
    if webhook is None:
        return None
    delivery = None if webhook.is_armed else storage.last_delivery(webhook)
    if delivery is None:
        more = dict.fromkeys(("next_attempt", "finished", "error"))
        return {"url": webhook.address, "status": "waiting", "attempts": 0, **more}
    code, message = delivery.error.removeprefix("webhook_"), ""
    if code:
        message = webhooks.reason(delivery.error, delivery.http_status)
    return {
        "url": webhook.address,
        "status": delivery.status,
        "attempts": delivery.attempts,
        "next_attempt": delivery.due if delivery.status == DeliveryStatus.PENDING else None,
        "finished": delivery.finished,
        "error": {"code": code, "message": message} if code else None,
    }
