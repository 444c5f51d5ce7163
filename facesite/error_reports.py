"""Reports of unexpected errors to Sentry, where SENTRY_DSN names one: our code's own, and nothing of a visitor."""

from typing import Any

from facesite.log_format import CODE_ERRORS, RESULT_ADDRESS

CODE_ERROR_NAMES = frozenset(kind.__name__ for kind in CODE_ERRORS)
KEPT_PARTS = frozenset(
    {"contexts", "environment", "event_id", "exception", "level", "logger", "platform", "release", "sdk", "timestamp"}
)
"""Of an event. Requests, users, breadcrumbs, messages and variables hold addresses, names and photos."""


def start(dsn: str) -> None:
    # Loaded only where it is used.
    import sentry_sdk
    from sentry_sdk.integrations.django import DjangoIntegration
    from sentry_sdk.integrations.logging import LoggingIntegration

    sentry_sdk.init(
        dsn=dsn,
        default_integrations=False,
        auto_enabling_integrations=False,
        # Django reports each unexpected error once; the log would repeat it with what it quotes.
        integrations=[DjangoIntegration(middleware_spans=False), LoggingIntegration(level=None, event_level=None)],
        auto_session_tracking=False,
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_breadcrumbs=0,
        max_request_body_size="never",
        server_name="",
        before_send=without_visitors,
    )


def without_visitors(event: Any, hint: dict[str, Any]) -> Any:
    """The event with what is about our code only: tracebacks and kinds of errors, as in the log."""
    kept = {name: part for name, part in event.items() if name in KEPT_PARTS}
    for error in kept.get("exception", {}).get("values", []):
        if error.get("type") not in CODE_ERROR_NAMES:
            error.pop("value", None)
        elif value := error.get("value"):
            error["value"] = RESULT_ADDRESS.sub("…", value)
    if runtime := event.get("contexts", {}).get("runtime"):
        kept["contexts"] = {"runtime": runtime}
    return kept
